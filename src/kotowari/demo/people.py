"""Who lives in the demo: clients, workers and staff, and how each of them comes in through the front door."""

import random
from dataclasses import dataclass, field

from kotowari.accounts import services as accounts
from kotowari.accounts.models import Member
from kotowari.demo import voices
from kotowari.demo.names import BUSINESSES, Business, PersonName, person_names
from kotowari.demo.wording import WORKS, Work
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock
from kotowari.market import services as market
from kotowari.market.categories import SEED
from kotowari.market.services import ProfileText
from kotowari.payouts import services as payouts

PASSPHRASE = "asagao-to-himawari-no-niwa"  # noqa: S105 - a demo opens to everybody
"""Opens every account of the demo; it is printed at the start."""

GROUP_OF = {slug: group for group, slug, _, _ in SEED}
GROUPS = tuple(dict.fromkeys(GROUP_OF.values()))


@dataclass(kw_only=True)
class Person:
    """A member of the demo. `joins_on` counts the demo's days from 0; `member` is there from then on.

    `written` is the name in the register where it differs from what is shown; `trade_kana` the reading of a trade name,
    which then stands before the name on the bank account.
    """

    username: str
    shown: str
    kana: str
    joins_on: int
    is_company: bool = False
    language: str = "ja"
    written: str = ""
    trade_name: str = ""
    trade_kana: str = ""
    member: Member = field(init=False)

    def join(self) -> None:
        """Become a member."""
        self.member = accounts.register_member(
            actor=SYSTEM,
            username=self.username,
            display_name=self.shown,
            email=f"{self.username}@example.{'com' if self.is_company else 'jp'}",
            password=PASSPHRASE,
            kind=Member.Kind.COMPANY if self.is_company else Member.Kind.INDIVIDUAL,
            language="en" if self.language == "en" else "ja",
        )

    def register_account(self, number: int) -> None:
        """Say who is paid, and where: a bank that does not exist."""
        owner = signed_in(self.member)
        accounts.register_name(
            actor=owner,
            name=self.written or self.shown,
            kana=self.kana,
            trade_name=self.trade_name,
            trade_kana=self.trade_kana,
        )
        payouts.set_bank_account(
            actor=owner,
            bank_code=("9999", "9998")[number % 2],
            branch_code=("998", "999", "997")[number % 3],
            account_kind="普通",
            account_number=f"{9_100_000 + number}",
            holder_kana=f"{self.trade_kana} {self.kana}".strip(),
        )


def signed_in(member: Member) -> Member:
    """The same member as they are just after signing in: only then they say where their money goes (P022)."""
    member.proved_at = clock.now()
    return member


@dataclass(kw_only=True)
class Client(Person):
    """Somebody who offers work."""

    place: str
    says: str
    groups: tuple[str, ...]


@dataclass(kw_only=True)
class Worker(Person):
    """Somebody who does it, mostly in one group of categories."""

    group: str
    skills: tuple[str, ...]
    career: str

    def describe(self, rng: random.Random) -> None:
        """Fill in the profile, more or less completely as people do."""
        given = self.shown.split("(")[0].strip()
        is_full = rng.random() < 0.7
        market.update_profile(
            actor=self.member,
            profile=ProfileText(
                introduction=rng.choice(voices.INTRODUCTIONS).format(name=given),
                career=self.career,
                qualifications=rng.choice(voices.QUALIFICATIONS[self.group]) if is_full else "",
                achievements=rng.choice(voices.ACHIEVEMENTS) if is_full else "",
                work_offered=voices.OFFERED[self.group].format(skill=self.skills[0]),
                active_hours=rng.choice(voices.HOURS),
                motivation=rng.choice(voices.MOTIVATIONS) if is_full else "",
                skills=self.skills,
            ),
        )


def worker(rng: random.Random, name: PersonName, group: str, joins_on: int) -> Worker:
    """A worker with the skills and the past that the group of categories calls for."""
    known = sorted({skill for work in works_of(group) for skill in work.skills})
    return Worker(
        username=name.username,
        shown=name.shown,
        kana=name.kana,
        written=name.written,
        joins_on=joins_on,
        group=group,
        skills=tuple(rng.sample(known, rng.randint(3, 6))),
        career=rng.choice(voices.CAREERS[group]),
    )


def client(business: Business, joins_on: int) -> Client:
    """A client out of the list of businesses."""
    return Client(
        username=business.username,
        shown=business.shown,
        kana=business.kana,
        joins_on=joins_on,
        is_company=business.is_company,
        place=business.place,
        says=business.says,
        groups=business.groups,
    )


def clients(count: int, last_day: int) -> list[Client]:
    """The first `count` businesses, come in over the first third of the time."""
    return [client(business, int(last_day / 3 * (n / count) ** 1.2)) for n, business in enumerate(BUSINESSES[:count])]


def workers(rng: random.Random, count: int, last_day: int) -> list[Worker]:
    """Workers of every group, few at first and more and more of them."""
    names = person_names(rng)
    return [
        worker(rng, next(names), GROUPS[n % len(GROUPS)], int((last_day - 1) * (n / count) ** 1.5))
        for n in range(count)
    ]


def works_of(group: str) -> list[Work]:
    """What is asked for in a group of categories."""
    return [work for work in WORKS if GROUP_OF[work.category] == group]
