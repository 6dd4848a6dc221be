"""Statements come in on PostgreSQL: every line once, the whole file or nothing."""

from typing import Any

import pytest
from tests import story
from tests.service.payments.bank_files import file, line, ours, pay_in

from kotowari.contracts.models import Milestone
from kotowari.foundation import outbox
from kotowari.foundation.models import AuditEntry, Notice, OutboxEvent
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.text import use_language
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments.models import Cancellation, Deposit, DepositMatch, StatementFile, StatementLine
from kotowari.payments.services import import_statement

pytestmark = pytest.mark.django_db


def waiting_milestone() -> Milestone:
    return story.milestones(story.contract())[0]


def books_are_right() -> None:
    assert [result.detail for result in check_all() if not result.ok] == []


def import_as_staff(data: bytes, **more: Any) -> StatementFile:
    return import_statement(actor=story.member(is_staff=True), data=data, filename="meisai.txt", **more)


@pytest.mark.rule("P008")
@pytest.mark.parametrize("kind", ["01", "03"])
def test_money_with_its_reference_goes_into_the_escrow(clock: Any, kind: str) -> None:
    m = waiting_milestone()
    made = import_as_staff(file(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ ﾀﾛｳ", kind=kind)))
    (deposit,) = Deposit.objects.all()
    m.refresh_from_db()
    assert (m.state, deposit.state, deposit.remaining_yen) == ("funded", "matched", 0)
    assert deposit.payer_name == f"{m.reference}ﾔﾏﾀﾞ ﾀﾛｳ"
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    assert DepositMatch.objects.get().amount_yen == m.client_pays_yen
    assert (made.deposit_count, made.matched_count, made.suspense_count) == (1, 1, 0)
    assert made.imported_by is not None
    books_are_right()


def test_a_file_imported_twice_adds_nothing(clock: Any) -> None:
    m = waiting_milestone()
    data = file(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"), line(500, "ｽｽﾞｷ"), line(900, way="out"))
    first = import_as_staff(data)
    journals, events = Journal.objects.count(), OutboxEvent.objects.count()
    again = import_as_staff(data)
    assert (again.pk, again.was_known, first.was_known) == (first.pk, True, False)
    assert (Journal.objects.count(), OutboxEvent.objects.count()) == (journals, events)
    assert AuditEntry.objects.filter(kind="payments.statement_seen_again").count() == 1


def test_a_line_that_another_file_brought_adds_nothing(clock: Any) -> None:
    old, new = line(700, "ﾔﾏﾀﾞ"), line(800, "ｽｽﾞｷ")
    import_as_staff(file(old))
    made = import_as_staff(file(old, new))
    assert (made.known_count, made.deposit_count, made.deposit_yen) == (1, 1, 800)
    assert StatementLine.objects.count() == Deposit.objects.count() == 2
    books_are_right()


def test_the_same_deposit_in_a_notice_and_in_a_statement_counts_once(clock: Any) -> None:
    import_as_staff(file(line(700, "ﾔﾏﾀﾞ", kind="01"), line(700, "ﾔﾏﾀﾞ", kind="01")))
    made = import_as_staff(file(*(line(700, "ﾔﾏﾀﾞ") for _ in range(3))))
    assert (made.known_count, made.deposit_count) == (2, 1)
    assert Deposit.objects.count() == 3
    assert -balance_of(accounts.bank_deposits()) == 2_100


def test_two_equal_lines_of_one_day_are_two_deposits(clock: Any) -> None:
    same = {"inquiry_number": "00000001"}
    import_as_staff(file(line(700, "ﾔﾏﾀﾞ", **same), line(700, "ﾔﾏﾀﾞ", **same)))
    assert Deposit.objects.count() == 2


def spoil(data: bytes, record: int, column: int, with_: bytes) -> bytes:
    at = (record - 1) * 202 + column - 1
    return data[:at] + with_ + data[at + len(with_) :]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_wrong_total_refuses_the_whole_file_by_line_and_column(clock: Any, language: Any) -> None:
    m = waiting_milestone()
    data = spoil(file(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ")), 3, 8, b"0000000000001")
    with use_language(language), pytest.raises(InputError) as wrong:
        import_as_staff(data)
    with use_language(language):
        told = [str(text) for text in wrong.value.fields["file"]]
    place = "3行目8桁目" if language == "ja" else "Line 3, column 8"
    assert any(place in words for words in told), told
    m.refresh_from_db()
    assert (m.state, Journal.objects.count(), StatementFile.objects.count()) == ("awaiting_funding", 0, 0)


def test_a_line_that_was_cut_refuses_the_whole_file(clock: Any) -> None:
    data = file(line(700, "ﾔﾏﾀﾞ"), line(800, "ｽｽﾞｷ"))
    second = data.split(b"\r\n")
    second[2] = second[2][:150]
    with pytest.raises(InputError) as wrong:
        import_as_staff(b"\r\n".join(second))
    assert any("3行目" in text.ja for text in wrong.value.fields["file"])
    assert Deposit.objects.count() == 0


@pytest.mark.parametrize("data", [b"", b"nonsense", "日本語".encode(), b"\x00" * 400])
def test_what_is_no_bank_file_is_refused_in_words(clock: Any, data: bytes) -> None:
    with pytest.raises(InputError) as wrong:
        import_as_staff(data)
    assert wrong.value.fields["file"]


def test_a_statement_of_another_account_is_refused(clock: Any) -> None:
    theirs = ours(number="9000002")
    with pytest.raises(InputError) as wrong:
        import_as_staff(file(line(700, "ﾔﾏﾀﾞ", account=theirs)))
    assert "1行目23桁目" in wrong.value.fields["file"][0].ja
    assert import_as_staff(file(line(700, "ﾔﾏﾀﾞ"))).deposit_count == 1


def test_a_day_that_has_not_come_is_refused(clock: Any) -> None:
    clock.move(days=3)
    data = file(line(700, "ﾔﾏﾀﾞ"))
    clock.move(days=-3)
    with pytest.raises(InputError) as wrong:
        import_as_staff(data)
    assert "2行目10桁目" in wrong.value.fields["file"][0].ja
    clock.move(days=3)
    assert import_as_staff(data).deposit_count == 1


def test_only_staff_import(clock: Any) -> None:
    data = file(line(700, "ﾔﾏﾀﾞ"))
    with pytest.raises(Refused) as refused:
        import_statement(actor=story.member(), data=data)
    assert refused.value.decision.status == 403
    assert import_as_staff(data).deposit_count == 1


def test_without_an_account_of_the_operator_nothing_is_imported(clock: Any, monkeypatch: Any) -> None:
    data = file(line(700, "ﾔﾏﾀﾞ"))
    monkeypatch.setenv("KOTOWARI_BANK_CODE", "12345")
    with pytest.raises(Refused) as refused:
        import_as_staff(data)
    (blocker,) = refused.value.decision.blockers
    assert blocker.code == "payments.statement.import.no_operator_account"
    assert "KOTOWARI_BANK_CODE" in blocker.reason.ja


def test_lines_about_our_own_transfers_are_told_once_to_the_room_of_payouts(clock: Any) -> None:
    out = line(48_620, "0000099999", way="out", summary="ｿｳｺﾞｳﾌﾘｺﾐ")
    back = line(48_620, "ﾔﾏﾀﾞ ﾀﾛｳ", summary="ｸﾐﾓﾄﾞｼ")
    made = import_as_staff(file(out, back))
    import_as_staff(file(out, back, line(1, "ﾍﾞﾂ")))
    told = {
        e.kind: e.payload
        for e in OutboxEvent.objects.filter(kind__in=["payments.outgoing_seen", "payments.return_seen"])
    }
    assert len(told) == 2
    assert (made.outgoing_count, made.returned_count, made.deposit_count) == (1, 1, 0)
    assert told["payments.outgoing_seen"]["name"] == "ｿｳｺﾞｳﾌﾘｺﾐ"
    assert told["payments.return_seen"]["name"] == "ｸﾐﾓﾄﾞｼ ﾔﾏﾀﾞ ﾀﾛｳ"
    assert told["payments.return_seen"]["entry_key"] == back.natural_key()


def test_a_cancelled_line_never_funds_and_takes_its_deposit_out_of_suspense(clock: Any) -> None:
    m = waiting_milestone()
    name = f"{m.reference}ﾔﾏﾀﾞ"
    made = import_as_staff(
        file(line(m.client_pays_yen, name, kind="01"), line(m.client_pays_yen, name, kind="01", cancels=True))
    )
    m.refresh_from_db()
    assert (m.state, Deposit.objects.get().state) == ("awaiting_funding", "taken_back")
    assert Cancellation.objects.get().state == "applied"
    assert balance_of(accounts.bank_deposits()) == 0
    assert made.cancellation_count == 1
    books_are_right()
    outbox.deliver_waiting()
    assert Notice.objects.filter(member=m.contract.client, kind="payments.deposit_taken_back").exists()


def test_a_cancellation_after_the_money_was_used_waits_for_staff(clock: Any) -> None:
    m = waiting_milestone()
    name = f"{m.reference}ﾔﾏﾀﾞ"
    pay_in(line(m.client_pays_yen, name))
    pay_in(line(m.client_pays_yen, name, way="out", transaction_code="19"))
    m.refresh_from_db()
    assert (m.state, Cancellation.objects.get().state) == ("funded", "open")
    assert "取り消される入金が見つかりません" in Cancellation.objects.get().why.ja
    books_are_right()


def test_the_same_cancellation_in_both_kinds_of_files_counts_once(clock: Any) -> None:
    pay_in(line(700, "ﾔﾏﾀﾞ", kind="01"), line(700, "ﾔﾏﾀﾞ", kind="01"))
    pay_in(line(700, "ﾔﾏﾀﾞ", kind="01", cancels=True, inquiry_number="000009"))
    assert Cancellation.objects.get().state == "open", "two fit, so none is chosen"
    pay_in(line(700, "ﾔﾏﾀﾞ", way="out", transaction_code="19"))
    assert Cancellation.objects.count() == 1
