"""A paper is corrected by a new one that names it; registrations count from their day on; staff's looks leave a trace."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests import story
from tests.service.papers.deals import NUMBER, accepted, lawful, paper, sides, told
from tests.service.payouts.market import Market, register

from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.papers import services
from kotowari.papers.models import Paper, TaxRegistration
from kotowari.papers.selectors import registration_of
from kotowari.payouts import services as payouts
from kotowari.payouts.models import Payout, PayoutRun

pytestmark = pytest.mark.django_db
SINCE = date(2026, 11, 1)


def codes(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {b.code.rpartition(".")[2] for b in caught.value.decision.blockers}


def test_a_number_told_late_comes_onto_a_new_invoice_that_names_the_old() -> None:
    people = sides()
    accepted(**people)
    old = paper("invoice")
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=SINCE)
    new = services.correct_paper(actor=people["worker"], paper_id=old.pk, reason="登録番号を\n載せるため")
    assert (new.reference, new.replaces_id, new.reason) == ("INV-2026-000002", old.pk, "登録番号を 載せるため")
    assert (new.sheet.title.ja, new.sheet.replaces) == ("適格請求書", "INV-2026-000001")
    assert Paper.objects.get(pk=old.pk).digest == old.digest
    told()
    assert set(Notice.objects.filter(kind="papers.corrected").values_list("member_id", flat=True)) == {
        people["worker"].pk,
        people["client"].pk,
    }
    lawful()
    with pytest.raises(Refused) as caught:
        services.correct_paper(actor=people["worker"], paper_id=old.pk, reason="もう一度")
    assert codes(caught) == {"is_replaced"}


def test_a_paper_that_would_say_the_same_is_not_issued_again() -> None:
    people = sides()
    accepted(**people)
    with pytest.raises(Refused) as caught:
        services.correct_paper(actor=people["worker"], paper_id=paper("invoice").pk, reason="念のため")
    assert codes(caught) == {"nothing_to_correct"}


def test_who_only_received_it_cannot_correct_it_and_strangers_know_of_nothing() -> None:
    people = sides()
    accepted(**people)
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=SINCE)
    for actor, code in ((people["client"], "not_the_issuer"), (story.member(), "not_yours")):
        with pytest.raises(Refused) as caught:
            services.correct_paper(actor=actor, paper_id=paper("invoice").pk, reason="直す")
        assert code in codes(caught)
    assert services.correct_paper(actor=story.member(is_staff=True), paper_id=paper("invoice").pk, reason="直す")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_correction_says_why(reason: str) -> None:
    people = sides()
    accepted(**people)
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=SINCE)
    with pytest.raises(InputError):
        services.correct_paper(actor=people["worker"], paper_id=paper("invoice").pk, reason=reason)
    assert Paper.objects.filter(kind="invoice").count() == 1


def test_two_corrections_of_one_paper_cannot_stand() -> None:
    people = sides()
    accepted(**people)
    old = paper("invoice")
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=SINCE)
    new = services.correct_paper(actor=people["worker"], paper_id=old.pk, reason="登録番号")
    new.pk, new.number, new.reason = None, new.number, "別の理由"
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.bulk_create([new])


def _paid(market: Market) -> Payout:
    people = sides()
    register(people["worker"])
    accepted(**people)
    market.after(date(2026, 11, 30))
    market.close()
    market.on(date(2026, 12, 14))
    run = PayoutRun.objects.get()
    payouts.write_run_file(actor=market.staff(), run_id=run.pk)
    market.on(date(2026, 12, 15))
    payout = Payout.objects.get()
    payouts.settle_payout(actor=story.member(is_staff=True), payout_id=payout.pk)
    told()
    return payout


def test_a_transfer_that_arrived_has_its_statement(market: Market) -> None:
    payout = _paid(market)
    statement = paper("payout_statement")
    assert (statement.counterparty_id, statement.party_id) == (payout.member_id, None)
    assert statement.total_yen == payout.net_yen
    assert statement.sheet.tables[0].rows[0][0] == "会社紹介パンフレットの英訳 / 第1稿"
    assert "9000011" not in statement.snapshot
    lawful()


def test_a_transfer_that_came_back_after_all_takes_its_statement_back(market: Market) -> None:
    payout = _paid(market)
    market.on(date(2026, 12, 17))
    payouts.return_payout(actor=story.member(is_staff=True), payout_id=payout.pk, reason="no_account")
    told()
    told()
    statement = paper("payout_statement")
    assert (statement.total_yen, statement.number) == (0, 2)
    assert statement.replaces is not None
    assert statement.replaces.total_yen == payout.net_yen
    lawful()


def test_registrations_follow_one_another_by_their_days(clock) -> None:
    worker = story.member()
    services.set_registration(actor=worker, number=NUMBER, name="山田花子", effective_on=SINCE)
    services.set_registration(actor=worker, number="T2120901007402", name="山田商店", effective_on=date(2026, 12, 1))
    services.end_registration(actor=worker, effective_on=date(2027, 1, 1))
    on = lambda day: getattr(registration_of(worker.pk, day), "number", None)  # noqa: E731
    assert on(date(2026, 10, 31)) is None
    assert on(date(2026, 11, 30)) == NUMBER
    assert on(date(2026, 12, 31)) == "T2120901007402"
    assert on(date(2027, 1, 1)) is None
    told()
    assert Notice.objects.filter(kind="papers.registration_set").count() == 3


@pytest.mark.parametrize(
    ("kind", "number", "day", "wrong"),
    [
        ("company", "T1123456789012", SINCE, {"number"}),
        ("individual", "T112345678901", SINCE, {"number"}),
        ("individual", NUMBER, date(2023, 9, 30), {"effective_on"}),
        ("individual", NUMBER, date(2030, 1, 1), {"effective_on"}),
    ],
)
def test_registrations_that_cannot_be_are_refused_at_their_field(
    kind: str, number: str, day: date, wrong: set[str]
) -> None:
    member = story.member()
    member.kind = kind
    member.save()
    with pytest.raises(InputError) as caught:
        services.set_registration(actor=member, number=number, name="山田花子", effective_on=day)
    assert set(caught.value.fields) == wrong
    assert not TaxRegistration.objects.exists()


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        services.set_registration(actor=story.member(), number="x", name=" ", effective_on=date(2020, 1, 1))
    assert set(caught.value.fields) == {"number", "name", "effective_on"}


def test_an_individuals_odd_number_is_taken_and_noted() -> None:
    row = services.set_registration(actor=story.member(), number="T1123456789012", name="山田", effective_on=SINCE)
    assert row.check_digit_fits is False


def test_staff_who_look_leave_a_trace_and_nobody_else_can() -> None:
    people = sides()
    accepted(**people)
    staff = story.member(is_staff=True)
    services.look_through_papers(actor=staff, member_id=people["worker"].pk)
    services.look_at_paper(actor=staff, paper_id=paper("invoice").pk)
    assert set(AuditEntry.objects.filter(actor_id=staff.pk).values_list("kind", flat=True)) == {
        "papers.seen",
        "papers.one_seen",
    }
    with pytest.raises((Refused, NotVisible)):
        services.look_through_papers(actor=people["client"], member_id=people["worker"].pk)
    with pytest.raises(Refused):
        services.look_at_paper(actor=people["client"], paper_id=paper("invoice").pk)
