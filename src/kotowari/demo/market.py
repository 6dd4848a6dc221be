"""Fills an empty market: its people, its deals, its bank, day after day up to the present."""

import gc
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from kotowari.accounts import services as accounts
from kotowari.accounts.models import Member
from kotowari.demo import cast, everyday, people, voices
from kotowari.demo.bank import Bank
from kotowari.demo.cast import Role
from kotowari.demo.days import Days, Part
from kotowari.demo.deals import Deal, Dealings
from kotowari.demo.offers import make_offer
from kotowari.demo.people import Client, Person, Worker
from kotowari.demo.questions import plan_questions
from kotowari.demo.wording import WORKS
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.policy.services import set_policy_value
from kotowari.kernel.text import Text
from kotowari.market import services as market
from kotowari.market.services import ProfileText
from kotowari.payouts import services as payouts

SEED = 20_261_101
FIRST_JOBS_ON = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the market is, the cast aside. `days` is how far its past reaches back."""

    days: int = 75
    clients: int = 26
    workers: int = 150
    jobs: int = 185


LIVING = Scale()
SMALL = Scale(clients=1, workers=5, jobs=4)


def fill_market(tell: Callable[[Text], None], scale: Scale = LIVING) -> None:
    """Live the market's past through the services. The same every time but for ids, and relative to the present day."""
    with connection.cursor() as cursor:
        # A demo that is interrupted is made anew, so its single steps need not be on the disk one by one.
        cursor.execute("SET synchronous_commit = off")
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000)  # rows by the hundred thousand, and hardly a cycle among them
    try:
        _Filling(scale, tell).live()
    finally:
        gc.set_threshold(*thresholds)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")


class _Filling:
    def __init__(self, scale: Scale, tell: Callable[[Text], None]) -> None:
        self._rng = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self._scale = scale
        self._tell = tell
        self._days = Days(scale.days)
        self._joined = 0
        self._posted = 0
        self._registered = 0
        self._played: dict[str, Person] = {}

    def live(self) -> None:
        """From the first member to the present; from then on the market lives by the clock."""
        self._days.at(0, Part.DAWN, self._open)
        self._days.live(self._report)
        everyday.begin()

    def _open(self) -> None:
        """The operator begins: staff first, then everything is planned."""
        staff = self._staff(cast.STAFF)
        self._staff(cast.SECOND_STAFF)
        self._let_staff_in_without_factor(staff)
        self._bank = Bank(self._days, staff, sends_back=("transfer_returned",))
        self._dealings = Dealings(self._days, self._bank, self._rng, self._count_job)
        clients = people.clients(self._scale.clients, self._days.last)
        workers = people.workers(self._rng, self._scale.workers, self._days.last)
        for person in (*clients, *workers):
            self._plan_joining(person)
        self._plan_cast()
        self._plan_deals(clients, workers)
        plan_questions(self._days, staff)
        for day in range(self._days.last + 1):
            self._days.at(day, Part.DAWN, self._bank.look_for_runs)
        self._days.at(
            self._days.last - 4, Part.NOON, lambda: self._bank.send_without_reference(27_500, "オトクイサマ タロウ")
        )

    def _staff(self, role: Role) -> Member:
        person = Person(username=role.username, shown=role.shown, kana=role.kana, joins_on=0)
        person.join()
        return accounts.appoint_staff(actor=SYSTEM, member_id=person.member.pk)

    def _let_staff_in_without_factor(self, staff: Member) -> None:
        """Whoever tries the demo has no authenticator app: said as staff say it, with the reason in the audit."""
        set_policy_value(
            actor=staff,
            key="console.second_factor_required",
            value=False,
            effective_on=self._days.on(1),
            reason="デモでは、だれでもすぐに運営の画面を試せるように、担当者に二段階認証を求めません。"
            " / In the demo anybody may try the console at once, so staff need no second factor.",
        )

    # --- people

    def _plan_joining(self, person: Person, *, has_account: bool | None = None) -> None:
        self._days.at(
            person.joins_on, self._rng.choice((Part.MORNING, Part.NOON, Part.EVENING)), lambda: self._join(person)
        )
        chance = 0.87 if isinstance(person, Worker) else 0.6
        if has_account if has_account is not None else self._rng.random() < chance:
            later = person.joins_on + self._rng.randint(0, 6)
            if person.trade_name:  # only just, so that staff are still looking at it
                later = self._days.last - 1
            self._days.at(later, Part.EVENING, lambda: self._register_account(person))

    def _join(self, person: Person) -> None:
        person.join()
        self._joined += 1
        if isinstance(person, Worker):
            person.describe(self._rng)
            self._choose_method(person)
        elif isinstance(person, Client):
            market.update_profile(actor=person.member, profile=ProfileText(introduction=person.says))

    def _choose_method(self, person: Worker) -> None:
        method = {"carries_over": "carry_over", "saves_up": "threshold"}.get(person.username)
        if method is None and person.username not in self._played:
            method = {0: "carry_over", 1: "threshold"}.get(self._rng.randrange(20))
        if method is not None:
            payouts.choose_method(actor=person.member, method=method)

    def _register_account(self, person: Person) -> None:
        self._registered += 1
        person.register_account(self._registered)

    # --- the cast

    def _plan_cast(self) -> None:
        clients: dict[str, Client] = {}
        workers: dict[str, Worker] = {}
        for role in cast.ROLES:
            if role.side == "client":
                clients[role.username] = self._play_client(role)
            elif role.side == "worker":
                workers[role.username] = self._play_worker(role)
        newcomer = self._play_worker(cast.NEWCOMER, joins_on=self._days.last)
        self._played |= {p.username: p for p in (*clients.values(), *workers.values(), newcomer)}
        for person in (*clients.values(), *workers.values()):
            self._plan_joining(person, has_account=person.username not in {"no_bank_account", "refund_waits"})
        self._days.at(newcomer.joins_on, Part.NOON, newcomer.join)
        mori = workers[cast.WORKER.username]
        last = self._days.last
        english = workers["english_reader"]
        # On whatever date this is filled, one payout is on its way: no bank transfers within a day.
        self._days.at(last - 1, Part.EVENING, lambda: payouts.request_quick_payout(actor=english.member))
        self._days.at(last - 36, Part.NOON, lambda: payouts.choose_method(actor=mori.member, method="carry_over"))
        self._days.at(last, Part.MORNING, lambda: payouts.choose_method(actor=mori.member, method="standard"))
        for deal in cast.deals_of_the_cast(last, clients, workers, cast.first_offers(self._rng)):
            self._dealings.plan(deal)

    def _play_client(self, role: Role) -> Client:
        return Client(
            username=role.username,
            shown=role.shown,
            kana=role.kana,
            joins_on=0,
            is_company=True,
            place="東京都千代田区見本町1-1-1",
            says=f"{role.shown}です。小さな仕事から大きな仕事まで、在宅で働く方にお願いしています。",
            groups=people.GROUPS,
        )

    def _play_worker(self, role: Role, *, joins_on: int = 0) -> Worker:
        skills = tuple(dict.fromkeys(skill for work in people.works_of(role.group) for skill in work.skills))
        return Worker(
            username=role.username,
            shown=role.shown,
            kana=role.kana,
            joins_on=joins_on,
            language="en" if role.username == "english_reader" else "ja",
            trade_name="未納工房" if role.username == cast.TRADER else "",
            trade_kana="ミノウコウボウ" if role.username == cast.TRADER else "",
            group=role.group,
            skills=skills[:5],
            career=voices.CAREERS[role.group][0],
        )

    # --- everybody else

    def _plan_deals(self, clients: list[Client], workers: list[Worker]) -> None:
        deck = [(work, variant) for work in WORKS for variant in work.variants]
        self._rng.shuffle(deck)
        last = self._days.last
        for n in range(self._scale.jobs):
            work, variant = deck[n % len(deck)]
            posted = FIRST_JOBS_ON + int((last - FIRST_JOBS_ON) * (n / self._scale.jobs) ** 0.6)
            group = people.GROUP_OF[work.category]
            there = [c for c in clients if c.joins_on < posted]
            fitting = [c for c in there if group in c.groups] or there
            if not fitting:
                continue
            crowd = [w for w in workers if w.joins_on < posted and w.group == group]
            offer = make_offer(self._rng, work, variant, again=n // len(deck))
            deal = Deal(client=self._rng.choice(fitting), offer=offer, posted=posted)
            self._decide(deal, crowd)
            self._dealings.plan(deal)

    def _decide(self, deal: Deal, crowd: list[Worker]) -> None:
        """How a deal goes, by chance and in the proportions of life."""
        rng = self._rng
        deal.open_days = rng.randint(14, 30)
        found = rng.sample(crowd, min(len(crowd), rng.choice((0, 1, 2, 2, 3, 3, 4, 5, 6))))
        deal.hired = deal.posted + rng.randint(3, 12)
        if found and deal.hired < self._days.last and rng.random() < 0.58:
            deal.worker = found.pop()
        elif rng.random() < 0.1:
            deal.closed = deal.posted + rng.randint(3, 9)
        deal.others = found
        deal.withdrawn = found[:1] if rng.random() < 0.08 else ()
        deal.pays = "never" if rng.random() < 0.04 else "exact"
        deal.pays_after = rng.choice((0, 1, 1, 2))
        deal.delivers_after = None if rng.random() < 0.04 else rng.randint(3, 16)
        deal.answers_after = rng.choice((0, 1, 1, 2, 3, None))
        deal.has_changes = rng.random() < 0.15
        deal.ends = rng.choices((None, "agreed", "refused"), (91, 6, 3))[0]
        deal.end_asked_by = rng.choice(("client", "worker"))
        if deal.offer.middle_yen >= 60_000:
            deal.parts = deal.offer.work.parts
        else:
            deal.parts = deal.offer.work.parts[-1:]

    # --- telling how far it is

    def _count_job(self) -> None:
        self._posted += 1

    def _report(self, day: int) -> None:
        if day % 15 and day < self._days.last:
            return
        on = self._days.on(day)
        self._tell(
            Text(
                "デモの市場を作っています… {day}まで(会員 {members}/{all}人、仕事 {jobs}件)",
                "Making the demo's market… up to {day} ({members}/{all} members, {jobs} jobs)",
            ).format(
                day=Text(f"{on.month}月{on.day}日", f"{on:%-d %B}"),
                members=self._joined,
                all=self._scale.clients + self._scale.workers + len(self._played) - 1,
                jobs=self._posted,
            )
        )
