"""Whom a closing pays set by set: exactly those whom the gate would let be paid, with the very same rows."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import strategies as st
from tests.service.payouts.market import Market, books_are_right, register, reward, was_registered_at

from kotowari.accounts.models import Member
from kotowari.accounts.services import restrict
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, OutboxEvent
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.gates import decide
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import InsufficientFunds, LotsDisagree, NotInChart
from kotowari.ledger.models import Journal, LotUse, Posting
from kotowari.ledger.services import Alike, Shape, ShapeLine, post_alike, take_alike
from kotowari.payouts import services
from kotowari.payouts.gates import RECEIVE
from kotowari.payouts.models import BankAccount, CarriedOver, Payout
from kotowari.payouts.receiving import Receivers, receivers
from kotowari.payouts.services import closing as closing_service
from kotowari.payouts.services import gathering
from kotowari.pricing import PayoutTerms
from kotowari.pricing.terms import TransferFee

END_OF_NOVEMBER, PAYS_ON = date(2026, 11, 30), date(2026, 12, 15)
SOMEONE = UUID(int=7)
FEES = [
    {"fee_yen": 100, "bank_code": "9999", "below_yen": 3_000},
    {"fee_yen": 0, "bank_code": "9999"},
    {"fee_yen": 1_500},
]

some_yen = st.integers(min_value=1, max_value=70_000)
fees = st.builds(
    TransferFee,
    fee_yen=st.integers(min_value=0, max_value=2_000),
    below_yen=st.none() | st.integers(min_value=1, max_value=60_000),
    bank_code=st.none() | st.sampled_from(["0001", "0036", "9999"]),
)


@pytest.mark.rule("A044", "A045", "A047", "A048", "A052")
@given(
    amount_yen=some_yen | st.sampled_from([999, 1_000, 49_999, 50_000]),
    fees=st.lists(fees, max_size=4),
    last_fee_yen=st.integers(min_value=0, max_value=2_000),
    standard_minimum_yen=some_yen,
    threshold_minimum_yen=some_yen,
    chosen=st.sampled_from(["", "standard", "threshold", "carry_over"]),
    default=st.sampled_from(["standard", "threshold", "carry_over"]),
    offered=st.sets(st.sampled_from(["standard", "threshold", "carry_over"]), min_size=1),
    bank_code=st.sampled_from(["0001", "0036", "9999", "1234"]),
)
def test_a_rate_fits_exactly_those_whom_the_gate_would_pay_and_takes_the_same_fee(
    amount_yen: int,
    fees: list[TransferFee],
    last_fee_yen: int,
    standard_minimum_yen: int,
    threshold_minimum_yen: int,
    chosen: str,
    default: Any,
    offered: set[Any],
    bank_code: str,
) -> None:
    terms = replace(
        PayoutTerms.of_preset("kotowari", END_OF_NOVEMBER),
        methods=tuple(offered),
        default_method=default,
        standard_minimum_yen=standard_minimum_yen,
        threshold_minimum_yen=threshold_minimum_yen,
        transfer_fees=(*fees, TransferFee(fee_yen=last_fee_yen)),
    )
    own_fee = {fee.bank_code for fee in terms.transfer_fees}
    fitting = [
        rate
        for rate in gathering.rates(terms, closes_on=END_OF_NOVEMBER, pays_on=PAYS_ON)
        if rate.chosen == chosen
        and rate.bank_code == (bank_code if bank_code in own_fee else "")
        and rate.least_yen <= amount_yen <= rate.most_yen
    ]
    to_pay = Receivers({SOMEONE: BankAccount(bank_code=bank_code)}, {SOMEONE: chosen} if chosen else {}, {}, terms)
    facts = to_pay.reward_facts(SOMEONE, amount_yen, closes_on=END_OF_NOVEMBER, pays_on=PAYS_ON)
    expected = decide(RECEIVE, replace(facts, account_fault=None)).allowed
    assert len(fitting) == int(expected)
    for rate in fitting:
        assert (rate.method, rate.fee_yen) == (facts.method, to_pay.fee_yen(SOMEONE, amount_yen))


def everybody(market: Market) -> dict[str, Member]:
    """One member for every combination of account, hold, choice and amount."""
    found = {}
    places = ("none", "here", "fault", "gone", "replaced")
    for place, is_held, chosen, yen in product(
        places, (False, True), ("", "threshold", "carry_over"), (99, 999, 1_000, 1_501, 3_000, 50_000)
    ):
        name = f"{place}{int(is_held)}{chosen[:1]}{yen}"
        worker = found[name] = market.member(name)
        if place != "none":
            account = register(worker, account_number=f"{1_000_000 + len(found)}")
            if place == "fault":
                BankAccount.objects.filter(pk=account.pk).update(fault_code="x", fault_text={"ja": "x", "en": "x"})
            elif place == "gone":
                was_registered_at(account, bank_code="0001", branch_code="000")
            elif place == "replaced":
                register(worker, branch_code="999", account_number=f"{2_000_000 + len(found)}")
        if chosen:
            services.choose_method(actor=worker, method=chosen)
        if is_held:
            restrict(actor=worker, member_id=worker.pk, cause="not_me", until=kernel_clock.now() + timedelta(days=60))
        reward(worker, yen)
    return found


@pytest.mark.django_db
@pytest.mark.rule("A044", "A045", "A047", "A048", "A052", "A120", "A152", "A153")
def test_the_set_and_the_gate_never_disagree_about_anybody(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    with policy.overridden({"payouts.transfer_fees": FEES}):
        crowd = everybody(market)
        market.after(END_OF_NOVEMBER)
        amounts = ledger.fixed_before(kernel_clock.end_of(END_OF_NOVEMBER), member_ids=[m.pk for m in crowd.values()])
        to_pay = receivers(amounts, PayoutTerms.in_force(END_OF_NOVEMBER))
        allowed = {
            member_id: (yen, to_pay.fee_yen(member_id, yen), to_pay.method_of(member_id), to_pay.accounts[member_id].pk)
            for member_id, yen in amounts.items()
            if decide(RECEIVE, to_pay.reward_facts(member_id, yen, closes_on=END_OF_NOVEMBER, pays_on=PAYS_ON)).allowed
        }
        assert len(allowed) > 5
        monkeypatch.setattr(closing_service, "request_payouts", _nobody_is_left_over)
        closing_service.begin_closing(actor=SYSTEM, closes_on=END_OF_NOVEMBER)
        assert closing_service.gather_rewards(actor=SYSTEM, closes_on=END_OF_NOVEMBER) == len(crowd)
    rows = Payout.objects.values_list("member_id", "gross_yen", "fee_yen", "method", "account_id")
    assert {member_id: tuple(rest) for member_id, *rest in rows} == allowed
    assert CarriedOver.objects.count() == len(crowd) - len(allowed)
    books_are_right()


def _nobody_is_left_over(actor: object, closing: object, requests: list[Any]) -> None:
    assert not requests, "whom the gate lets be paid was found by the set"


@pytest.mark.django_db
def test_a_set_leaves_the_same_rows_as_one_by_one(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    with policy.overridden({"payouts.transfer_fees": FEES}):
        for way in ("set", "one by one"):
            if way == "one by one":
                monkeypatch.setattr(closing_service, "pay_whom_nothing_stops", _nobody_is_paid_at_once)
            worker = market.worker(f"worker{len(left)}", has_account=False)
            register(worker)
            for yen in (300, 700, 1_200):
                reward(worker, yen)
            closes_on = (END_OF_NOVEMBER, PAYS_ON)[len(left)]
            market.after(closes_on)
            market.close(on=closes_on)
            left.append(_rows_of(Payout.objects.get(member=worker)))
    assert left[0] == left[1]
    books_are_right()


def _nobody_is_paid_at_once(actor: object, closing: object, due: ledger.RewardSet) -> gathering.Gathered:
    members = [UUID(member) for member in due.members.strip("{}").split(",")]
    amounts = [int(yen) for yen in due.amounts_yen.strip("{}").split(",")]
    return gathering.Gathered(0, dict(zip(members, amounts, strict=True)))


def _rows_of(payout: Payout) -> list[Any]:
    """Everything that a payout has left, with ids, days and moments that must differ said by their places."""
    assert payout.closing is not None
    names = {
        str(payout.pk): "PAYOUT",
        str(payout.member_id): "MEMBER",
        str(payout.closing.closes_on): "CLOSES",
        str(payout.pays_on): "PAYS",
    }

    def named(value: object) -> object:
        if isinstance(value, dict):
            return {key: named(each) for key, each in value.items()}
        words = str(value)
        for known, name in names.items():
            words = words.replace(known, name)
        return words

    own = {"id", "number", "closing_id", "run_id", "account_id", "requested_at"}
    columns = {field.attname: getattr(payout, field.attname) for field in Payout._meta.concrete_fields}
    journal = Journal.objects.get(payout_id=payout.pk)
    assert journal.posted_at == journal.occurred_at == payout.requested_at
    return [
        {name: named(value) for name, value in columns.items() if name not in own},
        [
            named(getattr(journal, name))
            for name in ("kind", "scope", "key", "line_count", "actor_id", "actor_name", "reason")
        ],
        [
            (line_no, named(code), yen, after, version)
            for line_no, code, yen, after, version in Posting.objects.filter(journal_id=journal.pk)
            .order_by("line_no")
            .values_list("line_no", "account__code", "amount_yen", "balance_after_yen", "account_version")
        ],
        list(LotUse.objects.filter(payout_id=payout.pk).order_by("id").values_list("amount_yen", flat=True)),
        [
            (row.kind, named(row.data), row.actor_id, row.actor_name, row.subject_kind)
            for row in AuditEntry.objects.filter(subject_id=payout.pk)
        ],
        [
            (row.kind, named(row.payload))
            for row in OutboxEvent.objects.filter(payload__payout_id=str(payout.pk)).order_by("id")
        ],
    ]


@pytest.mark.django_db
def test_an_account_is_replaced_and_never_changed(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=2_000)
    first = BankAccount.objects.get()
    market.after(END_OF_NOVEMBER)
    run = market.run_of(market.close())
    content = services.write_run_file(actor=SYSTEM, run_id=run.pk).files
    register(worker, branch_code="999", account_number="7654321")
    first.refresh_from_db()
    assert first.replaced_at is not None
    assert Payout.objects.get().account_number == "9000011", "what the bank was asked stays what it was"
    assert services.write_run_file(actor=SYSTEM, run_id=run.pk).files == content
    for change in ({"bank_code": "0001"}, {"account_kind": 2}, {"branch_name": "x"}, {"replaced_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankAccount.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(ProtectedError):
        first.delete()


def array(*elements: object) -> str:
    return "{" + ",".join("NULL" if each is None else str(each) for each in elements) + "}"


@pytest.mark.django_db
@pytest.mark.rule("L7")
def test_a_set_of_journals_is_all_or_nothing_and_never_twice(market: Market) -> None:
    rich, poor = market.worker("rich", reward_yen=5_000), market.worker("poor", reward_yen=100)
    first, second = UUID(int=11), UUID(int=12)
    shape = Shape(
        JournalKind.PAYOUT_REQUESTED,
        "test",
        (ShapeLine(accounts.AVAILABLE, -1), ShapeLine(accounts.PAYOUT_IN_FLIGHT, 1)),
    )
    both = Alike(
        keys=array("a", "b"),
        owners=array(rich.pk, first, poor.pk, second),
        changes_yen=array(-5_000, 5_000, -101, 101),
        payouts=array(first, second),
    )
    with pytest.raises(InsufficientFunds) as short, transaction.atomic():
        post_alike(shape, both, actor=SYSTEM)
    assert (short.value.account, short.value.balance_yen) == (accounts.available(poor.pk).code, 100)
    assert not Journal.objects.filter(scope="test").exists()
    one = Alike(array("a"), array(rich.pk, first), array(-5_000, 5_000), payouts=array(first))
    with transaction.atomic():
        assert post_alike(shape, one, actor=SYSTEM) == 1
        take_alike(members=array(rich.pk), amounts_yen=array(5_000), payouts=array(first))
    with pytest.raises(IdempotencyConflict), transaction.atomic():
        post_alike(shape, one._replace(payouts=array(second)), actor=SYSTEM)
    with pytest.raises(LotsDisagree), transaction.atomic():
        take_alike(members=array(poor.pk), amounts_yen=array(101), payouts=array(second))
    with pytest.raises(DatabaseError), transaction.atomic():
        post_alike(shape, one._replace(keys=array("c"), changes_yen=array(-5_000)), actor=SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        post_alike(shape, one._replace(keys=array("c"), milestones=array(first, second)), actor=SYSTEM)
    assert (ledger.balance_of(accounts.available(rich.pk)), ledger.balance_of(accounts.available(poor.pk))) == (0, 100)


def test_a_shape_keeps_to_the_chart() -> None:
    with pytest.raises(NotInChart):
        Shape(
            JournalKind.PAYOUT_REQUESTED,
            "test",
            (ShapeLine(accounts.AVAILABLE, 1), ShapeLine(accounts.PAYOUT_IN_FLIGHT, -1)),
        )
