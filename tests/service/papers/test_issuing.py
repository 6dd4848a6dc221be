"""Papers come by what happened, each once, numbered without gaps, and say what the books say."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from tests import story
from tests.conftest import MovableClock
from tests.service.papers.deals import NUMBER, accepted, lawful, paper, sides, told

from kotowari.contracts import services as contracts
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused
from kotowari.ledger import invariants
from kotowari.papers import services
from kotowari.papers.drafting import Wanted
from kotowari.papers.models import Paper, Series
from kotowari.papers.services.issuing import take_numbers

pytestmark = pytest.mark.django_db


def test_a_deal_leaves_the_papers_of_each_step() -> None:
    milestone = accepted()[0]
    assert Counter(Paper.objects.values_list("kind", flat=True)) == Counter(
        ["order", "receipt", "delivery_note", "acceptance_note", "invoice", "system_fee_invoice"]
    )
    invoice = paper("invoice")
    assert (invoice.party_id, invoice.counterparty_id) == (milestone.contract.worker_id, milestone.contract.client_id)
    assert (invoice.total_yen, invoice.tax_yen, invoice.withholding_yen) == (11_000, 1_000, 0)
    assert invoice.reference == "INV-2026-000001"
    assert paper("receipt").total_yen == milestone.client_pays_yen
    fee = paper("system_fee_invoice")
    assert (fee.total_yen, fee.tax_yen) == (milestone.system_fee_yen, milestone.system_fee_tax_yen)
    assert fee.party_id is None
    lawful()


def test_the_same_event_told_again_makes_nothing_twice() -> None:
    milestone = accepted((10_000, 20_000))[0]
    before = Paper.objects.count()
    wanted = [Wanted("invoice", f"milestone:{milestone.pk}"), Wanted("order", f"contract:{milestone.contract_id}")]
    assert services.issue_papers(actor=SYSTEM, wanted=wanted) == 0
    assert Paper.objects.count() == before


def test_what_has_not_happened_has_no_paper() -> None:
    milestone = story.delivered(**sides())[0]
    told()
    kinds = ("invoice", "acceptance_note", "system_fee_invoice", "client_fee_invoice")
    assert services.issue_papers(actor=SYSTEM, wanted=[Wanted(k, f"milestone:{milestone.pk}") for k in kinds]) == 0
    assert set(Paper.objects.values_list("kind", flat=True)) == {"order", "receipt", "delivery_note"}


def test_each_delivery_has_its_own_note() -> None:
    m = story.delivered(**sides())[0]
    told()
    contracts.request_changes(actor=m.contract.client, milestone_id=m.pk, points=["誤字を直す"])
    contracts.deliver(
        actor=m.contract.worker, milestone_id=m.pk, message="直しました。", links=["https://example.jp/2"]
    )
    told()
    notes = list(Paper.objects.filter(kind="delivery_note").order_by("number"))
    assert [note.number for note in notes] == [1, 2]
    assert [fact.words for fact in notes[1].sheet.facts] == ["直しました。", "https://example.jp/2"]


def test_with_a_registration_the_invoice_is_a_qualified_one() -> None:
    people = sides()
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田 花子", effective_on=date(2026, 11, 1))
    accepted(**people)
    sheet = paper("invoice").sheet
    assert sheet.title.ja == "適格請求書"
    assert (sheet.issuer.registration, sheet.issuer.name) == (NUMBER, "山田 花子")
    assert not any("適格請求書ではありません" in str(note) for note in sheet.notes)


def test_without_one_it_has_neither_number_nor_title_and_says_what_can_be_deducted() -> None:
    accepted()
    sheet = paper("invoice").sheet
    assert sheet.title.ja == "請求書"
    assert sheet.issuer.registration == ""
    note = next(note for note in map(str, sheet.notes) if "経過措置" in note)
    assert "70%" in note
    assert "減らすことは、法令で禁じられている場合があります" in note


@pytest.mark.parametrize(
    ("effective_on", "title"), [(date(2026, 11, 20), "適格請求書"), (date(2026, 11, 21), "請求書")]
)
def test_a_registration_counts_from_its_day_on(effective_on: date, title: str) -> None:
    people = sides()
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=effective_on)
    accepted(**people)
    assert paper("invoice").sheet.title.ja == title


def test_withholding_stands_on_the_invoice_and_the_receipt() -> None:
    accepted((100_000,), **sides(), has_withholding=True, withholding_kind="translation")
    invoice = paper("invoice")
    assert (invoice.total_yen, invoice.withholding_yen) == (110_000, 10_210)
    assert invoice.sheet.total is not None
    assert invoice.sheet.total.amount_yen == 99_790
    assert paper("receipt").total_yen == 99_790
    lawful()


def test_many_milestones_of_odd_prices_keep_to_the_books() -> None:
    accepted((50, 9, 333, 1_001, 7_777), **sides(), has_withholding=True, withholding_kind="design")
    assert Paper.objects.filter(kind="invoice").count() == 5
    lawful()


def test_numbers_taken_and_not_used_cannot_be_committed() -> None:
    take_numbers("INV", 2026, 2)
    with pytest.raises(IntegrityError, match="numbers 1 to 2 were taken and 0 of them used"):
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_number_that_was_not_taken_cannot_be_written() -> None:
    accepted()
    row = paper("invoice")
    row.pk, row.number, row.subject = None, 5, "milestone:0"
    with pytest.raises(IntegrityError, match="was not taken"), transaction.atomic():
        Paper.objects.bulk_create([row])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE papers_paper SET total_yen = total_yen + 1",
        "UPDATE papers_paper SET snapshot = '{}'",
        "DELETE FROM papers_paper",
        "TRUNCATE papers_paper CASCADE",
        "DELETE FROM papers_series",
        "UPDATE papers_taxregistration SET number = ''",
    ],
)
def test_nobody_changes_or_removes_a_paper(sql: str) -> None:
    people = sides()
    services.set_registration(actor=people["worker"], number=NUMBER, name="山田花子", effective_on=date(2026, 11, 1))
    accepted(**people)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_series_cannot_go_back_or_skip() -> None:
    accepted()
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    for change in ("last_number - 1", "last_number + 1"):
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(f"UPDATE papers_series SET last_number = {change}")


def test_the_laws_find_what_was_broken_by_hand() -> None:
    m = accepted()[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM papers_paper WHERE kind = 'invoice'")
        cursor.execute("UPDATE papers_paper SET total_yen = 1 WHERE kind = 'receipt'")
        cursor.execute("SET session_replication_role = origin")
    assert "INV-2026: 0 papers, last number 1" in invariants.check("papers.gapless").violations
    assert invariants.check("papers.invoices").violations == [f"milestone {m.pk} is accepted and has no invoice"]
    assert invariants.check("papers.amounts").violations == ["RCP-2026-1 (receipt) says 1, the books 11000"]


def test_only_the_market_itself_issues() -> None:
    with pytest.raises(Refused):
        services.issue_papers(actor=story.member(), wanted=[])


def test_while_the_operator_has_no_name_its_papers_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kotowari.papers.drafting.operator_identity", lambda: None)
    rows = accepted()
    assert {"order", "delivery_note", "acceptance_note", "invoice"} == set(Paper.objects.values_list("kind", flat=True))
    monkeypatch.undo()
    wanted = [Wanted("receipt", f"milestone:{rows[0].pk}")]
    assert services.issue_papers(actor=SYSTEM, wanted=wanted) == 1


def test_a_new_year_begins_its_numbers_anew(clock: MovableClock) -> None:
    people = sides()
    accepted(**people)
    clock.move(days=60)
    accepted(**people)
    assert sorted(Series.objects.filter(series="INV").values_list("year", "last_number")) == [(2026, 1), (2027, 1)]
    lawful()
