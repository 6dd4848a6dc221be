"""The main pages as axe judges them in a real Chromium, on a phone and on a desk, in both languages."""

from collections.abc import Callable
from typing import Any

import pytest
from tests import story
from tests.browser.conftest import AXE, Comes, Person
from tests.conftest import MovableClock
from tests.service.payouts.market import register

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.foundation import outbox
from kotowari.ledger.models import Journal
from kotowari.messaging.services import send_message
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.models import Deposit
from kotowari.payments.services import import_statement
from kotowari.payouts import services as payouts
from kotowari.payouts.models import Payout, PayoutRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NORMS = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']"


class Town:
    """A client and a worker with something in every state that the main pages draw, and staff."""

    def __init__(self, clock: MovableClock) -> None:
        self.client, self.worker, self.staff = (
            story.member("kurai"),
            story.member("hanako"),
            story.member("kanri", is_staff=True),
        )
        register(self.worker)
        both: dict[str, Any] = {"client": self.client, "worker": self.worker}
        self.old = story.accepted(**both)[0]
        clock.move(days=12)
        payouts.close(actor=self.staff, on=None)
        self.unfunded = story.milestones(story.contract((10_000, 20_000), **both))[0]
        self.working = story.funded((10_000, 20_000), **both)[0]
        self.delivered = story.delivered(**both)[0]
        story.accepted(**both)
        self.job = story.job(self.client)
        for name in ("ichiro", "jiro"):
            proposal = story.proposal(self.job, story.member(name), (10_000, 20_000))
        send_message(actor=self.client, proposal_id=self.unfunded.contract.proposal_id, body="よろしくお願いします。")
        import_statement(actor=self.staff, data=write_statement([Transfer(777, "", "ﾅﾅｼ")]), filename="meisai.txt")
        self.hiring = proposal
        while outbox.deliver_waiting():
            pass

    def pages(self) -> dict[str, tuple[Member | None, list[str]]]:
        """Who opens what."""
        run, deposit = PayoutRun.objects.get(), Deposit.objects.get(milestone=None, state="in_suspense")
        journal = Journal.objects.get(kind="milestone_accepted", milestone_id=self.old.pk).pk
        payout, thread = Payout.objects.get(), f"/proposals/{self.unfunded.contract.proposal_id}/thread/"
        return {
            "visitor": (None, ["/", "/jobs/", f"/jobs/{self.job.pk}/", "/members/", "/login/", "/signup/", "/paths/"]),
            "client": (
                self.client,
                [
                    *("/my/", "/my/can/", "/jobs/new/", f"/jobs/{self.job.pk}/", f"/proposals/{self.hiring.pk}/hire/"),
                    *(
                        "/contracts/",
                        address(self.unfunded),
                        f"{address(self.unfunded)}milestones/{self.unfunded.pk}/fund/",
                    ),
                    *(address(self.delivered), f"{address(self.delivered)}end/"),
                    *("/my/money/", "/my/rewards/journals/?side=client"),
                ],
            ),
            "worker": (
                self.worker,
                [
                    *("/my/rewards/journals/", f"/my/rewards/journals/{journal}/"),
                    "/my/name/",
                    *("/my/rewards/", "/my/bank-account/", "/my/bank-account/?bank_code=9999&branch_code=998"),
                    *("/my/settings/login/devices/", "/my/settings/login/history/", "/my/settings/privacy/"),
                    *("/my/security-check/", "/my/security-check/protected/"),
                    *("/my/settings/", "/my/settings/api/", "/my/profile/", f"/jobs/{self.job.pk}/", "/notices/"),
                    *(address(self.working), address(self.unfunded), "/threads/", thread, "/members/hanako/"),
                ],
            ),
            "staff": (
                self.staff,
                [
                    *(
                        "/console/",
                        "/console/deposits/",
                        f"/console/deposits/{deposit.pk}/",
                        "/console/payouts/",
                        "/console/payouts/holders/",
                    ),
                    *(f"/console/payouts/{run.pk}/", f"/console/payouts/transfers/{payout.pk}/", "/console/ledger/"),
                    "/console/ledger/checks/",
                    *(
                        f"/console/ledger/{path}/"
                        for path in ("classes/available", "classes/escrow", f"journals/{journal}")
                    ),
                    *(
                        f"/console/ledger/accounts/available:member:{self.worker.pk}/",
                        f"/console/ledger/about/{self.old.pk}/",
                    ),
                    *("/console/members/", f"/console/members/{self.worker.pk}/", "/console/policy/?q=payouts"),
                ],
            ),
        }


def address(milestone: Milestone) -> str:
    return f"/contracts/{milestone.contract_id}/"


def violations(person: Person) -> list[str]:
    """What axe finds serious or critical on the page, with every fold open."""
    person.page.add_script_tag(path=AXE)
    person.page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    found = person.page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], runOnly: NORMS})".replace("NORMS", NORMS)
    )
    return [
        f"{person.page.url} {v['id']}: {v['help']} — {n['target']} {n['any'][0]['message'] if n['any'] else ''}"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
        for n in v["nodes"][:3]
    ]


def ids_used_twice(person: Person) -> list[str]:
    return person.page.evaluate(
        """() => [...document.querySelectorAll("[id]")].map(e => e.id)
             .filter((id, place, all) => all.indexOf(id) !== place)"""
    )


@pytest.mark.parametrize(
    ("language", "width", "is_judged"), [("ja", 360, True), ("en", 1440, True), ("en", 360, False)]
)
def test_the_main_pages_are_accessible_and_fit(
    comes: Comes, clock: MovableClock, language: str, width: int, is_judged: bool
) -> None:
    told: list[str] = []
    for role, (member, paths) in Town(clock).pages().items():
        if member is not None:
            Member.objects.filter(pk=member.pk).update(language=language)
        person = comes(member, width=width, language=language, bypass_csp=True)
        for path in paths:
            told += trouble(lambda path=path, person=person: person.open(path))
            person.faults.clear()
            told += [f"{role} {path}: id {each} twice" for each in ids_used_twice(person)]
            assert person.page.evaluate("document.documentElement.lang") == language, path
            if is_judged:
                told += [f"{role} {each}" for each in violations(person)]
    assert not told, "\n".join(told)


def trouble(opening: Callable[[], object]) -> list[str]:
    """What opening a page complains of, so that all pages are told at once."""
    try:
        opening()
    except AssertionError as error:
        return [str(error).partition("\n")[0]]
    return []
