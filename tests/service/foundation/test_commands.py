"""Commands: one transaction, one effect per key, always an audit entry."""

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from kotowari.accounts.models import Member
from kotowari.foundation import audit, commands, deadlines, outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.commands import command
from kotowari.foundation.models import AuditEntry, IdempotencyKey, Notice, OutboxEvent, OutgoingMail
from kotowari.foundation.notices import notify
from kotowari.kernel import gates
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.text import Text

ENTRY = audit.EntryType("test.renamed", Text("名前を{to}にした", "renamed to {to}"))


@pytest.fixture
def rename(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    monkeypatch.setattr(gates, "ACTIONS", dict(gates.ACTIONS))
    monkeypatch.setattr(commands, "COMMANDS", dict(commands.COMMANDS))
    action = gates.Action("test.member.rename", Text("改名", "Rename"), Text("不可", "No"))

    @command(action)
    def rename_member(*, actor: object, member_id: object, name: str) -> Member:
        member = Member.objects.select_for_update().get(pk=member_id)
        member.display_name = name
        member.save()
        audit.record(actor=actor, kind=ENTRY, subject=member, to=name)
        return member

    return rename_member


def a_member() -> Member:
    return Member.objects.create_user("taro", "taro@example.com", display_name="太郎")


@pytest.mark.django_db
def test_the_same_key_has_one_effect_and_the_same_answer(rename) -> None:
    member = a_member()
    first = rename(actor=SYSTEM, member_id=member.pk, name="次郎", idempotency_key="k1")
    again = rename(actor=SYSTEM, member_id=member.pk, name="次郎", idempotency_key="k1")
    assert first == again == member
    assert AuditEntry.objects.filter(kind="test.renamed").count() == 1


@pytest.mark.django_db
def test_the_same_key_with_another_request_is_a_conflict_and_changes_nothing(rename) -> None:
    member = a_member()
    rename(actor=SYSTEM, member_id=member.pk, name="次郎", idempotency_key="k1")
    with pytest.raises(IdempotencyConflict):
        rename(actor=SYSTEM, member_id=member.pk, name="三郎", idempotency_key="k1")
    member.refresh_from_db()
    assert member.display_name == "次郎"


@pytest.mark.django_db
def test_a_key_that_failed_can_be_used_again(rename) -> None:
    member = a_member()
    with pytest.raises(Member.DoesNotExist):
        rename(actor=SYSTEM, member_id="00000000-0000-7000-8000-000000000000", name="x", idempotency_key="k1")
    assert not IdempotencyKey.objects.exists()
    assert rename(actor=SYSTEM, member_id=member.pk, name="次郎", idempotency_key="k1").display_name == "次郎"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [2, 12])
def test_many_at_once_with_one_key_have_one_effect(rename, threads: int) -> None:
    member = a_member()
    barrier = threading.Barrier(threads)
    results: list[object] = []

    def call() -> None:
        barrier.wait()
        try:
            results.append(rename(actor=SYSTEM, member_id=member.pk, name="次郎", idempotency_key="k1"))
        finally:
            connection.close()

    crowd = [threading.Thread(target=call) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert results == [member] * threads
    assert AuditEntry.objects.filter(kind="test.renamed").count() == 1


@pytest.mark.django_db
def test_a_command_that_leaves_no_audit_entry_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "ACTIONS", dict(gates.ACTIONS))
    monkeypatch.setattr(commands, "COMMANDS", dict(commands.COMMANDS))
    action = gates.Action("test.member.silent", Text("", ""), Text("", ""))

    @command(action)
    def silent(*, actor: object) -> Member:
        return a_member()

    with pytest.raises(AssertionError, match="no audit entry"):
        silent(actor=SYSTEM)
    assert not Member.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE {t} SET kind = 'x'", "DELETE FROM {t}", "TRUNCATE {t}"])
def test_the_database_refuses_to_change_the_audit(rename, change: str) -> None:
    rename(actor=SYSTEM, member_id=a_member().pk, name="次郎")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(t=AuditEntry._meta.db_table))
    entry = AuditEntry.objects.get(kind="test.renamed")
    assert audit.sentence_of(entry).ja == "名前を次郎にした"


@pytest.mark.django_db
def test_an_event_is_told_once_and_not_at_all_when_its_transaction_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import dataclass
    from uuid import UUID

    for name in ("EVENTS", "SENTENCES", "PERSONAL", "_handlers"):
        monkeypatch.setattr(outbox, name, dict(getattr(outbox, name)))

    @outbox.event("test.happened", Text("起きた", "it happened"))
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Happened(outbox.Event):
        member_id: UUID

    heard: list[Happened] = []
    outbox.on(Happened)(heard.append)
    member = a_member()
    outbox.emit(Happened(member_id=member.pk))
    with transaction.atomic():
        outbox.emit(Happened(member_id=member.pk))
        transaction.set_rollback(True)
    assert outbox.deliver_waiting() == 1
    assert outbox.deliver_waiting() == 0
    assert heard == [Happened(member_id=member.pk)]


@pytest.mark.django_db
def test_a_handler_that_fails_keeps_its_event_and_lets_the_others_through(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import dataclass

    for name in ("EVENTS", "SENTENCES", "PERSONAL", "_handlers"):
        monkeypatch.setattr(outbox, name, dict(getattr(outbox, name)))

    @outbox.event("test.counted", Text("数", "number"))
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Counted(outbox.Event):
        n: int

    heard: list[int] = []

    @outbox.on(Counted)
    def listen(e: Counted) -> None:
        if e.n == 1 and not heard:
            raise RuntimeError("not now")
        heard.append(e.n)

    outbox.emit(Counted(n=1), Counted(n=2))
    monkeypatch.setattr(outbox.logger, "exception", lambda *_: None)
    assert outbox.deliver_waiting() == 1
    assert heard == [2]
    waiting = OutboxEvent.objects.get(delivered_at__isnull=True)
    assert (waiting.attempts, "not now" in waiting.last_error) == (1, True)
    assert outbox.deliver_waiting() == 1
    assert heard == [2, 1]


@pytest.mark.django_db
@pytest.mark.rule("A122")
def test_a_notice_stands_in_the_site_and_goes_out_by_mail_in_the_members_language() -> None:
    member = a_member()
    member.language = "en"
    member.save()
    notify(
        member_id=member.pk,
        kind="test.note",
        title=Text("知らせ\n改行", "News\nline"),
        body=Text("本文", "Body"),
        url="/contracts/",
    )
    notice, mail = Notice.objects.get(), OutgoingMail.objects.get()
    assert (notice.title.ja, notice.member_id) == ("知らせ\n改行", member.pk)
    assert mail.subject == "News line", "a line break must not reach the header"
    assert "/contracts/" in mail.body
    assert "/notices/" in mail.body


def test_a_sweep_that_fails_for_one_row_handles_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(deadlines.logger, "exception", lambda *_: None)

    def one(n: int) -> None:
        if n == 2:
            raise RuntimeError
        done.append(n)

    assert deadlines.handle("test", [1, 2, 3], one) == 2
    assert done == [1, 3]
