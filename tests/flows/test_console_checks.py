"""Checks of the books in the console: asked for, remembered, alarmed about, taken on, over."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import story
from tests.flows.test_console import page
from tests.flows.test_contract_pages import as_member
from tests.ledger.books import behind_the_ledgers_back
from tests.service.payouts.market import Market

from kotowari.accounts.models import Member
from kotowari.foundation import deadlines, outbox
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.ledger.models import CheckAlarm, CheckRun

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P016")]


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture
def member(market: Market) -> Member:
    return market.staff()


@pytest.fixture
def staff(member: Member) -> Client:
    return as_member(member)


def night() -> None:
    """The round of long work, and what is told of it."""
    deadlines.run_all_long()
    while outbox.deliver_waiting():
        pass


def alter(by: int) -> None:
    with behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_lot SET remaining_yen = remaining_yen + %s", [by])


def test_a_check_is_asked_for_and_what_it_found_stands_there(staff: Client, clock: Any) -> None:
    story.accepted()
    assert "まだ一度も検査していません" in page(staff, "/console/ledger/checks/")
    assert "まだ検査していません" in page(staff, "/console/ledger/")
    assert staff.post("/console/ledger/checks/", {"idempotency_key": "once"}).status_code == 303
    assert staff.post("/console/ledger/checks/", {"idempotency_key": "once"}).status_code == 303
    assert "検査の開始を待っています" in page(staff, "/console/ledger/checks/")
    assert AuditEntry.objects.filter(kind="console.check_asked").count() == 1
    night()
    seen = page(staff, "/console/ledger/checks/")
    assert "すべて正しい状態です" in seen
    assert "tests/ledger/test_sigkill.py" in seen, "L14 says which test shows it"
    assert "最新の封印" in seen
    run = CheckRun.objects.filter(for_day=None).get()
    assert bytes(run.head_digest).hex() in page(staff, f"/console/ledger/checks/{run.pk}/")
    assert "すべて正しい" in page(staff, "/console/ledger/")
    assert staff.get("/console/ledger/checks/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_a_broken_law_is_before_everybody_until_it_is_mended(staff: Client, member: Member, clock: Any) -> None:
    worker = story.accepted()[0].contract.worker
    night()
    assert "成り立っていない決まり" not in page(staff, "/console/")
    alter(-1)
    clock.move(days=1)
    night()
    assert "成り立っていない決まりがあります: lots" in page(staff, "/console/")
    notice = Notice.objects.get(member_id=member.pk, kind="console.alarm_raised")
    assert "lots" in notice.title_text["ja"]
    assert notice.url == "/console/ledger/checks/"
    assert not Notice.objects.filter(member_id=worker.pk, kind__startswith="console.").exists()
    alarm = CheckAlarm.objects.get()
    address = f"/console/ledger/checks/alarms/{alarm.pk}/"
    assert address in page(staff, "/console/ledger/checks/")

    assert "対応を引き受ける" in page(staff, address)
    assert staff.post(address, {"note": " "}).status_code == 422
    assert staff.post(address, {"note": "バックアップと比べています"}).status_code == 303
    assert "バックアップと比べています" in page(staff, address)
    again = staff.post(address, {"note": "私も"})
    assert again.status_code == 409
    assert "すでに確認し、対応しています" in again.content.decode()
    entry = AuditEntry.objects.get(kind="console.alarm_acknowledged")
    assert (entry.actor_id, entry.data["name"]) == (member.pk, "lots")
    assert as_member(worker).post(address, {"note": "見えない"}).status_code == 403

    alter(1)
    clock.move(days=1)
    night()
    assert "成り立っていない決まり" not in page(staff, "/console/")
    assert Notice.objects.filter(member_id=member.pk, kind="console.alarm_mended").count() == 1
    over = staff.post(address, {"note": "もう一度"})
    assert over.status_code == 409
    assert "もう解消しています" in over.content.decode()


def test_silence_is_before_everybody_as_well(staff: Client, member: Member, clock: Any) -> None:
    night()
    clock.move(hours=40)
    assert "帳簿の検査が" in page(staff, "/console/"), "seen even where no worker is left to raise the alarm"
    deadlines.run_all_due()
    outbox.deliver_waiting()
    assert "検査が行われていません" in page(staff, "/console/ledger/checks/")
    assert "検査が止まっています" in page(staff, "/console/ledger/")
    alarm = CheckAlarm.objects.get(name="silence")
    assert "kotowari work" in page(staff, f"/console/ledger/checks/alarms/{alarm.pk}/")
    notice = Notice.objects.get(member_id=member.pk, kind="console.alarm_raised")
    assert notice.title_text["en"] == "The books are not being checked"
    night()
    assert "帳簿の検査が再開しました" in Notice.objects.get(kind="console.alarm_mended").title_text["ja"]


def test_a_long_history_is_paged_with_a_bounded_number_of_queries(
    staff: Client, clock: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(25):
        night()
        clock.move(days=1)
    with django_assert_max_num_queries(16):
        first = page(staff, "/console/ledger/checks/")
    assert first.count("/console/ledger/checks/") > 20
    oldest = CheckRun.objects.order_by("id").first()
    assert f"/console/ledger/checks/{oldest.pk}/" not in first
    cursor = CheckRun.objects.order_by("-id")[19].pk
    assert f"/console/ledger/checks/{oldest.pk}/" in page(staff, "/console/ledger/checks/", after=str(cursor))


def test_from_the_command_line_a_check_can_be_kept_and_tells_the_newest_seal(capsys: Any) -> None:
    import json

    from click.testing import CliRunner

    from kotowari.cli.verify import verify

    story.accepted()
    plain = CliRunner().invoke(verify, ["--json"])
    assert plain.exit_code == 0, plain.output
    laws = {law["name"]: law for law in json.loads(plain.output)}
    assert laws["L13"]["head"] is None
    assert not CheckRun.objects.exists()
    kept = CliRunner().invoke(verify, ["--json", "--record"])
    run = CheckRun.objects.get()
    head = {law["name"]: law for law in json.loads(kept.output)}["L13"]["head"]
    assert head == {"number": 1, "digest": bytes(run.head_digest).hex()}
    assert run.state == "complete"
    alter(-1)
    assert CliRunner().invoke(verify, ["--record"]).exit_code == 1


@pytest.mark.rule("P018")
def test_staff_hear_of_a_clock_behind_the_books_before_members_do(staff: Client, member: Member, clock: Any) -> None:
    story.accepted()
    night()
    assert "時計" not in page(staff, "/console/")
    clock.moment -= timedelta(days=2)
    deadlines.run_all_due()
    while outbox.deliver_waiting():
        pass
    notice = Notice.objects.get(member_id=member.pk, kind="console.alarm_raised")
    assert "お金が動きません" in notice.title_text["ja"]
    staff = as_member(member)
    seen = page(staff, "/console/")
    assert "お金を動かす操作はすべて断られています" in seen
    assert "成り立っていない決まり" not in seen
    assert "時計が戻っているため、お金は動かせません" in page(staff, "/console/ledger/")
    assert "最後の記録より遅れていない" in page(staff, "/console/ledger/checks/")
    clock.moment += timedelta(days=2)
    deadlines.run_all_due()
    while outbox.deliver_waiting():
        pass
    assert "時計" not in page(as_member(member), "/console/")
    assert Notice.objects.filter(member_id=member.pk, kind="console.alarm_mended").count() == 1
