"""A small demo market is lived through the services, comes out right, and stands where its cast says it stands."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from kotowari.accounts.models import Member
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.demo import PASSPHRASE, ROLES
from kotowari.demo.market import SMALL, fill_market
from kotowari.foundation import demo_clock
from kotowari.foundation.models import MailboxMessage, Notice, OutboxEvent, OutgoingMail
from kotowari.kernel import clock
from kotowari.ledger import accounts, invariants
from kotowari.ledger import selectors as ledger
from kotowari.market.models import Job
from kotowari.payments.models import Deposit, StatementFile
from kotowari.payouts.models import BankEntry, Payout
from kotowari.support.models import Ticket
from kotowari.support.selectors import answer_times

DOCS = Path(__file__).parents[3] / "docs" / "operations" / "demo.md"

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings, db) -> Iterator[list[str]]:
    """A small market, filled; gives what was told on the way."""
    settings.DEMO = True
    settings.EMAIL_BACKEND = "kotowari.foundation.mail.MailboxBackend"
    demo_clock.install()
    said: list[str] = []
    try:
        fill_market(lambda text: said.append(text.ja), SMALL)
        yield said
    finally:
        demo_clock.set_ahead(timedelta())
        clock.set_source(None)


def member(username: str) -> Member:
    return Member.objects.get(username=username)


def test_a_small_market_fills_and_is_right_in_every_respect(told: list[str], client: Client) -> None:
    wrong = [f"{r.name}: {r.detail}" for r in invariants.check_all() if not r.ok]
    assert not wrong
    assert demo_clock.ahead() == timedelta()
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()
    assert not OutgoingMail.objects.exclude(state="sent").exists()
    assert told
    assert "会員" in told[-1]

    _every_state_is_there()
    _money_is_in_every_account()
    _the_cast_stands_where_it_should()
    _questions_are_in_every_state()
    _everybody_can_sign_in(client)
    _nothing_lies_in_the_future()


def _nothing_lies_in_the_future() -> None:
    now = clock.machine_now()
    assert not Notice.objects.filter(created_at__gt=now).exists()
    assert not Job.objects.filter(posted_at__gt=now).exists()


def _every_state_is_there() -> None:
    milestones = Counter(Milestone.objects.values_list("state", flat=True))
    assert set(milestones) == {
        "awaiting_funding", "funded", "delivered", "changes_requested", "accepted", "refunded", "cancelled"
    }  # fmt: skip
    assert Milestone.objects.filter(accepted_by_clock=True).exists()
    assert set(Job.objects.values_list("state", flat=True)) >= {"open", "lapsed", "filled"}
    assert set(EndRequest.objects.values_list("state", flat=True)) >= {"open", "agreed"}
    assert set(Payout.objects.values_list("state", flat=True)) >= {"settled", "returned"}
    assert Payout.objects.filter(state__in=["requested", "in_file"]).exists(), "some money is on its way"
    assert not BankEntry.objects.filter(state="open").exists(), "the bank's lines about our transfers are understood"
    assert StatementFile.objects.count() > 5


def _money_is_in_every_account() -> None:
    waiting = {d.reason["code"] for d in Deposit.objects.filter(state="in_suspense") if d.reason}
    assert waiting >= {"too_little", "too_much", "unknown_payer"}
    assert ledger.balance_of(accounts.refund_due(member("refund_waits").pk)) > 0
    for worker in ("no_bank_account", "below_minimum", "carries_over", "saves_up", "transfer_returned"):
        assert ledger.balance_of(accounts.available(member(worker).pk)) > 0, worker
    assert len(ledger.lots_of(member("carries_over").pk)) >= 3
    assert len(ledger.lots_of(member("mori_yu").pk)) >= 3
    assert Payout.objects.filter(member=member("mori_yu"), state="settled").exists()


def _the_cast_stands_where_it_should() -> None:
    hanada = Milestone.objects.filter(contract__client=member("hanada_shouten"))
    assert set(hanada.values_list("state", flat=True)) == {
        "awaiting_funding", "funded", "delivered", "changes_requested", "accepted", "refunded", "cancelled"
    }  # fmt: skip
    assert Job.objects.filter(client=member("hanada_shouten"), state="open", proposals__state="sent").exists()
    assert Milestone.objects.filter(contract__worker=member("never_delivers"), state="refunded").exists()
    assert Milestone.objects.filter(contract__client=member("never_answers"), accepted_by_clock=True).exists()
    states = set(Milestone.objects.filter(contract__client=member("never_pays")).values_list("state", flat=True))
    assert states == {"cancelled", "awaiting_funding"}
    returned = Payout.objects.get(member=member("transfer_returned"), state="returned")
    assert Notice.objects.filter(member=returned.member, kind__contains="returned").exists()
    assert not member("aoi_newcomer").contracts_as_worker.exists()
    english = MailboxMessage.objects.filter(to=member("english_reader").email).order_by("id")
    assert "Dear" in english.last().body  # type: ignore[union-attr]


def _questions_are_in_every_state() -> None:
    assert set(Ticket.objects.values_list("state", flat=True)) == {"open", "late", "answered", "closed"}
    assert Ticket.objects.filter(member=None).exists()
    assert member("english_reader").tickets.get().messages.count() == 3
    assert answer_times() is not None


def _everybody_can_sign_in(client: Client) -> None:
    docs = DOCS.read_text()
    for role in ROLES:
        who = member(role.username)
        assert who.is_staff == (role.side == "staff")
        assert f"`{role.username}`" in docs, "the docs list the whole cast"
    assert member("mori_yu").check_password(PASSPHRASE)
    assert f"`{PASSPHRASE}`" in docs
    page = client.get("/demo/mailbox/")
    assert page.status_code == 200
