"""Deposits that are the operator's own money: recorded by staff, never a client's, and taken back into suspense."""

from typing import Any

import pytest
from tests import races, story
from tests.ledger.books import behind_the_ledgers_back
from tests.service.payments.bank_files import line, pay_in
from tests.service.payments.test_importing import waiting_milestone

from kotowari.accounts.models import Member
from kotowari.foundation import deadlines
from kotowari.foundation.models import AuditEntry
from kotowari.kernel.errors import InputError, Refused
from kotowari.ledger import accounts, invariants
from kotowari.ledger.accounts import Account
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments.models import Deposit
from kotowari.payments.services import know_own_deposit, match_deposit, reopen_deposit

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P019")]

KINDS = {"own_funds_put_in": accounts.operator_funds(), "interest_received": accounts.interest_income()}


@pytest.fixture
def staff(clock: Any) -> Member:
    return story.member(is_staff=True)


def came(yen: int = 50_000, name: str = "ｳﾝｴｲ") -> Deposit:
    (deposit,) = pay_in(line(yen, name))
    return deposit


def whole() -> None:
    assert {result.name: result.violations for result in invariants.check_all() if not result.ok} == {}


@pytest.mark.parametrize(("kind", "account"), KINDS.items())
def test_a_deposit_in_suspense_is_recorded_as_the_operators_own(staff: Member, kind: str, account: Account) -> None:
    deposit = came()
    own = know_own_deposit(actor=staff, deposit_id=deposit.pk, kind=kind, note="手数料の分", idempotency_key="one")
    know_own_deposit(actor=staff, deposit_id=deposit.pk, kind=kind, note="手数料の分", idempotency_key="one")
    assert (own.state, own.remaining_yen, own.decide_by, own.note) == ("own", 0, None, "手数料の分")
    assert (balance_of(account), balance_of(accounts.suspense(deposit.pk))) == (50_000, 0)
    assert Journal.objects.filter(kind=kind, deposit_id=deposit.pk).count() == 1
    assert AuditEntry.objects.filter(kind="payments.deposit_own", subject_id=deposit.pk).count() == 1
    whole()


def test_what_waits_to_be_sent_back_can_turn_out_to_be_the_operators(staff: Member, clock: Any) -> None:
    deposit = came()
    clock.move(days=120)
    deadlines.run_all_due()
    deposit.refresh_from_db()
    assert deposit.state == "to_send_back"
    assert know_own_deposit(actor=staff, deposit_id=deposit.pk, kind="own_funds_put_in").state == "own"
    whole()


def test_what_a_client_sent_is_never_the_operators(staff: Member) -> None:
    m = waiting_milestone()
    certain = came(1_000, f"{m.reference}ﾔﾏﾀﾞ")
    with pytest.raises(Refused) as refused:
        know_own_deposit(actor=staff, deposit_id=certain.pk, kind="own_funds_put_in")
    assert races.refused(refused.value) == ["is_a_clients"]
    other = waiting_milestone()
    part = came(other.client_pays_yen + 500, "ﾔﾏﾀﾞ")
    match_deposit(actor=staff, deposit_id=part.pk, milestone_id=other.pk)
    with pytest.raises(Refused) as refused:
        know_own_deposit(actor=staff, deposit_id=part.pk, kind="own_funds_put_in")
    assert races.refused(refused.value) == ["is_a_clients"], "what is left of it is the client's too"
    with pytest.raises(Refused) as refused:
        know_own_deposit(actor=m.contract.client, deposit_id=came().pk, kind="own_funds_put_in")
    assert races.refused(refused.value) == ["not_your_step"]
    whole()


def test_words_that_are_missing_or_too_many_are_refused_by_field(staff: Member) -> None:
    deposit = came()
    for given, field in (
        ({"kind": "bank_fee_paid"}, "kind"),
        ({"kind": "own_funds_put_in", "note": "あ" * 501}, "note"),
    ):
        with pytest.raises(InputError) as refused:
            know_own_deposit(actor=staff, deposit_id=deposit.pk, **given)
        assert set(refused.value.fields) == {field}
    know_own_deposit(actor=staff, deposit_id=deposit.pk, kind="own_funds_put_in")
    with pytest.raises(InputError):
        reopen_deposit(actor=staff, deposit_id=deposit.pk, reason=" ")


def test_a_mistake_goes_back_into_suspense_and_the_deposit_finds_its_escrow(staff: Member, clock: Any) -> None:
    m = waiting_milestone()
    deposit = came(m.client_pays_yen + 1, "ﾔﾏﾀﾞ")
    know_own_deposit(actor=staff, deposit_id=deposit.pk, kind="own_funds_put_in", note="取り違え")
    clock.move(days=1)
    opened = reopen_deposit(actor=staff, deposit_id=deposit.pk, reason="発注者の入金だった")
    assert (opened.state, opened.remaining_yen, opened.waits_for) == ("in_suspense", deposit.amount_yen, "operator")
    assert opened.decide_by is not None
    assert "発注者の入金だった" in opened.why.ja
    assert balance_of(accounts.operator_funds()) == 0
    whole()
    with pytest.raises(Refused) as refused:
        reopen_deposit(actor=staff, deposit_id=deposit.pk, reason="もう一度")
    assert races.refused(refused.value) == ["not_the_operators"]
    know_own_deposit(actor=staff, deposit_id=deposit.pk, kind="interest_received")
    assert balance_of(accounts.interest_income()) == deposit.amount_yen
    reopen_deposit(actor=staff, deposit_id=deposit.pk, reason="やはり")
    match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=m.pk)
    m.refresh_from_db()
    assert m.state == "funded"
    whole()


@pytest.mark.django_db(transaction=True)
def test_two_of_staff_who_place_one_deposit_place_it_once(staff: Member) -> None:
    m, other = waiting_milestone(), story.member(is_staff=True)
    deposit = came(m.client_pays_yen + 1, "ﾔﾏﾀﾞ")
    met = races.under_way(
        lambda: know_own_deposit(actor=staff, deposit_id=deposit.pk, kind="own_funds_put_in"),
        lambda: match_deposit(actor=other, deposit_id=deposit.pk, milestone_id=m.pk),
    )
    assert met.waited
    assert "is_own" in races.refused(met.second)
    assert balance_of(accounts.operator_funds()) == deposit.amount_yen
    whole()


def test_a_deposit_and_its_journal_that_disagree_are_found(staff: Member) -> None:
    deposit = came()
    know_own_deposit(actor=staff, deposit_id=deposit.pk, kind="own_funds_put_in")
    with behind_the_ledgers_back():
        Deposit.objects.filter(pk=deposit.pk).update(state="sent_back")
    [words] = invariants.check("payments.own_money").violations
    assert "1 journal(s) of 50000, the deposit says 0" in words
