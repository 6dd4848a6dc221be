"""Deposits find their escrow, or wait with a reason, an owner and a clock until they are placed or sent back."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests import story
from tests.service.payments.bank_files import line, pay_in
from tests.service.payments.test_importing import books_are_right, waiting_milestone

from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines, outbox, policy
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check
from kotowari.ledger.selectors import balance_of
from kotowari.payments import selectors
from kotowari.payments.models import Cancellation, Deposit
from kotowari.payments.services import explain_cancellation, match_deposit, send_back_deposit

pytestmark = pytest.mark.django_db


def state_of(milestone: Milestone) -> str:
    return Milestone.objects.get(pk=milestone.pk).state


def told(milestone: Milestone) -> list[str]:
    outbox.deliver_waiting()
    rows = Notice.objects.filter(member=milestone.contract.client, kind__startswith="payments.").order_by("pk")
    return [row.kind for row in rows]


def codes(refused: Any) -> set[str]:
    return {b.code.rsplit(".", 1)[1] for b in refused.value.decision.blockers}


@pytest.mark.rule("P009")
def test_too_little_waits_with_reason_owner_and_clock_and_the_client_is_told_what_to_send(clock: Any) -> None:
    m = waiting_milestone()
    (deposit,) = pay_in(line(m.client_pays_yen - 1_000, f"{m.reference}ﾔﾏﾀﾞ"))
    assert (state_of(m), deposit.state, deposit.waits_for) == ("awaiting_funding", "in_suspense", "client")
    assert deposit.decide_by is not None
    assert deposit.reason["code"] == "too_little"
    assert "1,000円足りません" in deposit.why.ja
    assert m.reference in deposit.advice.ja
    assert told(m) == ["payments.deposit_waits"]
    books_are_right()


def test_parts_that_cover_the_price_together_fund_it(clock: Any) -> None:
    m = waiting_milestone()
    (first,) = pay_in(line(4_000, f"{m.reference}ﾔﾏﾀﾞ"))
    (second,) = pay_in(line(m.client_pays_yen - 4_000 + 300, f"{m.reference}ﾔﾏﾀﾞ"))
    first.refresh_from_db()
    assert (state_of(m), first.state, second.state) == ("funded", "matched", "in_suspense")
    assert (second.remaining_yen, second.reason["code"]) == (300, "too_much")
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    assert balance_of(accounts.suspense(second.pk)) == 300
    books_are_right()


def test_the_whole_price_goes_alone_and_the_part_that_came_before_stays_whole(clock: Any) -> None:
    m = waiting_milestone()
    (part,) = pay_in(line(4_000, f"{m.reference}ﾔﾏﾀﾞ"))
    (whole,) = pay_in(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"))
    part.refresh_from_db()
    assert (state_of(m), whole.state) == ("funded", "matched")
    assert (part.remaining_yen, part.reason["code"], part.waits_for) == (4_000, "not_awaiting", "operator")
    assert told(m) == ["payments.deposit_waits", "payments.deposit_waits"]
    books_are_right()


def test_too_much_funds_and_the_rest_waits(clock: Any) -> None:
    m = waiting_milestone()
    (deposit,) = pay_in(line(m.client_pays_yen + 500, f"{m.reference}ﾔﾏﾀﾞ"))
    assert (state_of(m), deposit.state, deposit.remaining_yen) == ("funded", "in_suspense", 500)
    assert "500円" in deposit.why.ja
    books_are_right()


def test_a_second_payment_waits_and_says_why(clock: Any) -> None:
    m = waiting_milestone()
    pay_in(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"))
    (second,) = pay_in(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"))
    assert (second.state, second.reason["code"]) == ("in_suspense", "not_awaiting")
    assert "作業中" in second.why.ja
    books_are_right()


def test_money_that_comes_too_late_waits_and_says_why(clock: Any) -> None:
    m = waiting_milestone()
    clock.move(days=policy.value("contracts.funding_deadline_days") + 1)
    deadlines.run_all_due()
    (late,) = pay_in(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"))
    assert (state_of(m), late.state, late.reason["code"]) == ("cancelled", "in_suspense", "not_awaiting")
    assert "取りやめ" in late.why.ja
    assert told(m) == ["payments.deposit_waits"]


def test_a_part_whose_milestone_is_cancelled_says_so_then(clock: Any) -> None:
    m = waiting_milestone()
    (part,) = pay_in(line(4_000, f"{m.reference}ﾔﾏﾀﾞ"))
    clock.move(days=policy.value("contracts.funding_deadline_days") + 1)
    deadlines.run_all_due()
    outbox.deliver_waiting()
    part.refresh_from_db()
    assert (part.reason["code"], part.waits_for) == ("not_awaiting", "operator")


@pytest.mark.parametrize("name", ["ﾔﾏﾀﾞ ﾀﾛｳ", "9999999ﾔﾏﾀﾞ", ""])
def test_money_of_an_unknown_sender_waits_for_the_operator(clock: Any, name: str) -> None:
    m = waiting_milestone()
    (deposit,) = pay_in(line(m.client_pays_yen, name))
    assert (state_of(m), deposit.state, deposit.waits_for) == ("awaiting_funding", "in_suspense", "operator")
    assert deposit.advice is None
    assert told(m) == []


@pytest.mark.parametrize("where", ["behind", "payer_code", "edi"])
def test_a_number_elsewhere_counts_only_when_the_amount_is_the_price(clock: Any, where: str) -> None:
    wrong, right = waiting_milestone(), waiting_milestone()
    for m, amount_yen in ((wrong, wrong.client_pays_yen + 1), (right, right.client_pays_yen)):
        if where == "behind":
            pay_in(line(amount_yen, f"ﾔﾏﾀﾞ{m.reference}"))
        else:
            pay_in(line(amount_yen, "ﾔﾏﾀﾞ", **{where: m.reference.zfill(10) if where == "payer_code" else m.reference}))
    assert (state_of(wrong), state_of(right)) == ("awaiting_funding", "funded")
    assert Deposit.objects.get(state="in_suspense").reason["code"] == "uncertain_reference"


def test_cheques_wait_until_staff_say_that_they_are_paid(clock: Any) -> None:
    m = waiting_milestone()
    (deposit,) = pay_in(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ", other_bank_checks_yen=m.client_pays_yen))
    assert (state_of(m), deposit.reason["code"]) == ("awaiting_funding", "cheques")
    match_deposit(actor=story.member(is_staff=True), deposit_id=deposit.pk, milestone_id=m.pk)
    assert state_of(m) == "funded"


def test_staff_place_money_that_came_without_its_reference(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    (deposit,) = pay_in(line(m.client_pays_yen + 200, "ﾔﾏﾀﾞ"))
    for actor in (m.contract.client, m.contract.worker):
        with pytest.raises(Refused) as refused:
            match_deposit(actor=actor, deposit_id=deposit.pk, milestone_id=m.pk)
        assert codes(refused) == {"not_your_step"}
    placed = match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=m.pk)
    assert (state_of(m), placed.remaining_yen, placed.reason["code"]) == ("funded", 200, "too_much")
    assert placed.matches.get().matched_by_id == staff.pk
    assert told(m) == ["payments.deposit_waits"], "now its sender is known"
    books_are_right()


def test_staff_are_told_everything_that_speaks_against_a_placing(clock: Any) -> None:
    staff, small, funded = story.member(is_staff=True), waiting_milestone(), story.funded()[0]
    (deposit,) = pay_in(line(500, "ﾔﾏﾀﾞ"))
    with pytest.raises(Refused) as refused:
        match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=small.pk)
    assert codes(refused) == {"amount_too_small"}
    with pytest.raises(Refused) as refused:
        match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=funded.pk)
    assert codes(refused) == {"milestone_not_awaiting", "amount_too_small"}
    with pytest.raises(NotVisible):
        match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id="nonsense")
    assert pay_in(line(small.client_pays_yen - 500, f"{small.reference}ﾔﾏﾀﾞ"))[0].state == "in_suspense"
    match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=small.pk)
    assert state_of(small) == "funded", "what came for it goes along"
    books_are_right()


def test_staff_send_back_what_is_left_once_and_with_a_reason(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    (deposit,) = pay_in(line(m.client_pays_yen + 500, f"{m.reference}ﾔﾏﾀﾞ"))
    with pytest.raises(InputError):
        send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="  ")
    with pytest.raises(Refused):
        send_back_deposit(actor=m.contract.client, deposit_id=deposit.pk, reason="多い")
    sent = send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="超過分", idempotency_key="k")
    again = send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="超過分", idempotency_key="k")
    assert (sent.state, again.pk, sent.note) == ("sent_back", sent.pk, "超過分")
    with pytest.raises(Refused) as refused:
        send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="超過分")
    assert codes(refused) == {"is_sent_back"}
    assert -balance_of(accounts.bank_deposits()) == m.client_pays_yen
    assert told(m)[-1] == "payments.deposit_sent_back"
    books_are_right()


@pytest.mark.rule("P009")
def test_time_sets_aside_what_finds_no_escrow_and_the_operator_is_asked_every_day(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    (deposit,) = pay_in(line(900, f"{m.reference}ﾔﾏﾀﾞ"))
    days = policy.value("payments.suspense_days")
    clock.move(days=days)
    deadlines.run_all_due()
    assert Deposit.objects.get().state == "in_suspense"
    clock.move(days=1)
    deadlines.run_all_due()
    deadlines.run_all_due()
    assert Deposit.objects.get().state == "to_send_back"
    assert "payments.deposit_to_go_back" in told(m)
    reminded = Notice.objects.filter(member=staff, kind="payments.operator_reminded")
    before = reminded.count()
    clock.move(days=1)
    deadlines.run_all_due()
    deadlines.run_all_due()
    outbox.deliver_waiting()
    assert reminded.count() == before + 1
    send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="期限切れ")
    books_are_right()


def test_a_cancellation_that_fits_nothing_is_explained_by_staff(clock: Any) -> None:
    pay_in(line(700, "ﾔﾏﾀﾞ", way="out", transaction_code="19"))
    row, staff = Cancellation.objects.get(), story.member(is_staff=True)
    with pytest.raises(InputError):
        explain_cancellation(actor=staff, cancellation_id=row.pk, note="")
    explain_cancellation(actor=staff, cancellation_id=row.pk, note="手数料の訂正")
    with pytest.raises(Refused) as refused:
        explain_cancellation(actor=staff, cancellation_id=row.pk, note="もう一度")
    assert codes(refused) == {"already_explained"}


def test_a_client_sees_only_money_that_certainly_is_theirs(clock: Any) -> None:
    m, other = waiting_milestone(), waiting_milestone()
    pay_in(line(900, f"{m.reference}ﾔﾏﾀﾞ"), line(900, "ﾔﾏﾀﾞ"), line(901, f"ﾔﾏﾀﾞ{m.reference}"))
    assert selectors.deposits_visible_to(m.contract.client).count() == 1
    assert selectors.deposits_visible_to(other.contract.client).count() == 0
    assert selectors.deposits_visible_to(m.contract.worker).count() == 0
    assert selectors.suspense_visible_to(story.member(is_staff=True)).count() == 3
    assert selectors.suspense_totals() == selectors.SuspenseTotals(3, 2_701)
    assert selectors.statements_visible_to(m.contract.client).count() == 0


@pytest.mark.parametrize("rows", [3, 60])
def test_the_list_of_suspense_asks_one_query_however_long(
    clock: Any, rows: int, django_assert_num_queries: Any
) -> None:
    pay_in(*(line(900 + n, f"ﾔﾏﾀﾞ{n}") for n in range(rows)))
    staff = story.member(is_staff=True)
    with django_assert_num_queries(1):
        found = [
            (d.why, d.waits_for, d.decide_by, selectors.days_waiting(d)) for d in selectors.suspense_visible_to(staff)
        ]
    assert len(found) == rows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_deposit SET amount_yen = 1",
        "UPDATE payments_deposit SET decide_by = NULL",
        "UPDATE payments_deposit SET reason = NULL",
        "UPDATE payments_deposit SET waits_for = ''",
        "UPDATE payments_deposit SET state = 'sent_back'",
        "DELETE FROM payments_deposit",
        "UPDATE payments_statementline SET amount_yen = 1",
    ],
)
def test_the_database_refuses_what_the_table_does_not_know(clock: Any, statement: str) -> None:
    pay_in(line(900, "ﾔﾏﾀﾞ"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_invariants_see_money_without_an_owner_and_work_without_money(clock: Any) -> None:
    m = waiting_milestone()
    pay_in(line(900, "ﾔﾏﾀﾞ"))
    assert check("L6").ok
    assert check("L11").ok
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_deposit SET remaining_yen = 800")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE contracts_milestone SET state = 'funded' WHERE id = %s", [m.pk])
        cursor.execute("SET session_replication_role = origin")
    assert any("holds 900, the deposit says 800" in words for words in check("L11").violations)
    assert not check("L6").ok


def test_every_step_is_recorded_with_who_did_it(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    (deposit,) = pay_in(line(m.client_pays_yen + 1, "ﾔﾏﾀﾞ"))
    match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=m.pk)
    send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="超過")
    done = AuditEntry.objects.filter(actor_id=staff.pk, kind__startswith="payments.").values_list("kind", flat=True)
    assert {"payments.deposit_matched", "payments.deposit_sent_back"} <= set(done)
