"""A small demo market is lived through the services, comes out right, stands where its cast says it stands, and then
lives a year by the clock, after which every yen is explained."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client, override_settings

from kotowari.accounts.models import Member
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.transitions import END_REQUEST, MILESTONE
from kotowari.demo import everyday, tasks
from kotowari.demo.cast import ROLES
from kotowari.demo.market import SMALL, fill_market
from kotowari.demo.people import PASSPHRASE
from kotowari.foundation import deadlines, demo_clock
from kotowari.foundation.models import MailboxMessage, Notice, OutboxEvent, OutgoingMail
from kotowari.kernel import clock
from kotowari.ledger import accounts, explaining, invariants
from kotowari.ledger import selectors as ledger
from kotowari.ledger.accounts import ACCOUNT_CLASSES
from kotowari.market.models import Job
from kotowari.market.transitions import JOB, PROPOSAL
from kotowari.payments.models import Deposit, StatementFile
from kotowari.payments.transitions import DEPOSIT
from kotowari.payouts import selectors
from kotowari.payouts.models import BankEntry, ExpiredReward, ExpiryWarning, Payout, PayoutRun
from kotowari.payouts.transitions import PAYOUT
from kotowari.pricing import PayoutTerms, quick_dates
from kotowari.support.models import Ticket
from kotowari.support.selectors import answer_times
from kotowari.support.transitions import TICKET

DOCS = Path(__file__).parents[3] / "docs" / "operations" / "demo.md"

YEAR_DAYS = 365
STEP_DAYS = 15


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """A small market, filled once for this file; gives what was told on the way."""
    said: list[str] = []
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, EMAIL_BACKEND="kotowari.foundation.mail.MailboxBackend"),
        transaction.atomic(),
    ):
        demo_clock.install()
        try:
            fill_market(lambda text: said.append(text.ja), SMALL)
            yield said
        finally:
            demo_clock.set_ahead(timedelta())
            clock.set_source(None)
            transaction.set_rollback(True)


def member(username: str) -> Member:
    return Member.objects.get(username=username)


def lawful() -> None:
    assert not [f"{r.name}: {r.detail}" for r in invariants.check_all() if not r.ok]
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()
    assert not OutgoingMail.objects.exclude(state="sent").exists()


def test_a_small_market_fills_and_is_right_in_every_respect(told: list[str], client: Client) -> None:
    lawful()
    assert demo_clock.ahead() == timedelta()
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


@pytest.mark.rule("A041", "A043")
def test_a_year_by_the_clock_ends_with_all_money_explained(
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(everyday, "NEW_WORK_EVERY_DAYS", 16)
    monkeypatch.setitem(deadlines.SWEEPS, "demo.live", tasks.live)
    kept_yen = []
    for _ in range(0, YEAR_DAYS, STEP_DAYS):
        demo_clock.advance(timedelta(days=STEP_DAYS))
        lawful()
        kept_yen.append(ledger.balance_of(accounts.dormant(member("no_bank_account").pk)))
    _nothing_is_overdue()
    _much_happened()
    _all_money_is_explained()
    assert max(kept_yen) > 0 == kept_yen[-1], "kept since its time limit, and paid when an account was there at last"


def _nothing_is_overdue() -> None:
    assert deadlines.run_all_due() == {}, "nothing that is due is left"
    for table in (MILESTONE, END_REQUEST, JOB, PROPOSAL, DEPOSIT, PAYOUT, TICKET):
        for change in (t for t in table.transitions if t.deadline is not None):
            rows = apps.get_model(table.name).objects.filter(state=change.source)
            assert not rows.filter(**{f"{change.until}__lte": clock.now()}).exists(), (table.name, change)
    assert not PayoutRun.objects.filter(closed_at=None, pays_on__lt=clock.today()).exists()
    assert not BankEntry.objects.filter(state="open", booked_on__lt=clock.today()).exists()


def _much_happened() -> None:
    done = Counter(Payout.objects.values_list("kind", "state"))
    for kind in ("reward", "quick", "expiry", "refund"):
        assert done[kind, "settled"], kind
    assert any(state == "returned" for _, state in done)
    assert set(ExpiryWarning.objects.values_list("days_before", flat=True)) == {90, 30, 7, 1}
    assert set(ExpiredReward.objects.values_list("state", flat=True)) >= {"dormant", "revived"}
    assert Deposit.objects.filter(state="sent_back").exists()
    assert BankEntry.objects.filter(state="booked").count() >= 24, "a fee or more, and fees taken out, each month"
    assert ledger.balance_of(accounts.bank_fees()) < 0
    assert ledger.balance_of(accounts.operator_funds()) < 0
    assert selectors.operators_money().own_yen > 0
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds >= {"payouts.limit_near", "payouts.reward_dormant", "payouts.settled", "payouts.returned"}


def _all_money_is_explained() -> None:
    held = [holding for name in ACCOUNT_CLASSES for holding in explaining.holdings(name).holdings]
    assert sum(holding.balance_yen for holding in held) == 0
    assert sum(abs(total) for total in ledger.totals_by_class().values()) > 0
    money = [holding for holding in held if holding.balance_yen]
    why = explaining.why_of(holding.account for holding in money)
    assert [str(h.account) for h in money if h.account not in why] == [], "every yen is somebody's, for a reason"
    for holding in money:
        told = why[holding.account]
        assert told.words.ja
        assert told.words.en
        if holding.account.owner_id is not None:
            assert told.owner, holding.account
            assert told.until is None or told.until >= clock.now(), holding.account


@pytest.mark.django_db
def test_a_payout_is_on_its_way_whatever_the_present_day() -> None:
    """The quick payout of the evening before: month ends, first days, weekends and the days around New Year."""
    terms = PayoutTerms.in_force()
    for present in (date(2026, 11, 30) + timedelta(days=n) for n in range(3 * 366)):
        asked_on = present - timedelta(days=1)
        planned_on, promised_on = quick_dates(asked_on, terms)
        assert present <= planned_on <= promised_on, present
