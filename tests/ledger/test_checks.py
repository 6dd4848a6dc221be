"""A run of the checks is remembered, breaks are told once and until they are mended, and silence is told as well."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests.ledger import books
from tests.ledger.books import behind_the_ledgers_back

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, OutboxEvent
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.text import Text
from kotowari.ledger import invariants, selectors, services, tasks
from kotowari.ledger.invariants import Finding
from kotowari.ledger.models import CheckAlarm, CheckResult, CheckRun
from kotowari.ledger.services import checking

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P016")]


def told() -> list[tuple[str, str, bool | None]]:
    rows = OutboxEvent.objects.filter(kind__startswith="ledger.alarm").order_by("id")
    return [(row.kind, row.payload["name"], row.payload.get("is_change")) for row in rows]


def alter(by: int, *, line_no: int = 1) -> None:
    with behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_posting SET amount_yen = amount_yen + %s WHERE line_no = %s", [by, line_no])


def test_a_run_keeps_what_every_law_answered_and_the_newest_seal(clock):
    books.receive(100)
    results = services.check_and_record(actor=SYSTEM)
    run = CheckRun.objects.get()
    assert (run.state, run.laws, run.broken) == ("complete", len(results), 0)
    assert run.head_number == 1
    assert bytes(run.head_digest).hex() == selectors.head().digest
    kept = {result.name: (result.checked, result.wrong) for result in CheckResult.objects.filter(run=run)}
    assert kept == {result.name: (result.checked, 0) for result in results}
    assert told() == []
    assert AuditEntry.objects.filter(kind="ledger.books_checked", data__broken=0).count() == 1


def test_a_break_is_told_once_again_when_it_changes_and_when_it_is_mended(clock):
    books.receive(100)
    alter(1)
    services.check_and_record(actor=SYSTEM)
    names = {"L1", "L2", "L3", "L7"}
    assert {name for _, name, _ in told()} == names
    assert len(told()) == len(names)
    clock.move(days=1)
    services.check_and_record(actor=SYSTEM)
    assert len(told()) == len(names), "nobody is told the same twice"

    alarm = CheckAlarm.objects.get(name="L2")
    services.acknowledge(alarm=alarm, actor=SYSTEM, note="調べています")
    alter(1)
    clock.move(days=1)
    services.check_and_record(actor=SYSTEM)
    assert ("ledger.alarm_raised", "L2", True) in told()
    alarm.refresh_from_db()
    assert alarm.state == "open", "what was acknowledged was another break"
    assert alarm.raised_at < alarm.told_at

    alter(-2)
    clock.move(days=1)
    services.check_and_record(actor=SYSTEM)
    assert {(kind, name) for kind, name, _ in told()[-len(names) :]} == {("ledger.alarm_mended", n) for n in names}
    assert selectors.alarms_open() == []
    laws = {law.name: law for law in selectors.laws(selectors.last_complete_run())}
    assert laws["L2"].since == kernel_clock.now(), "in order since it was mended"
    assert laws["L4"].since == kernel_clock.now() - timedelta(days=3), "in order since the first run"


def test_a_law_that_cannot_be_asked_is_an_alarm_and_stops_no_other(monkeypatch):
    def fails() -> Finding:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return Finding(0, 0, [])

    invariants.register_invariant("A1", Text("試験", "Test"), fails)
    results = services.check_and_record(actor=SYSTEM)
    broken = [result for result in results if not result.ok]
    assert [result.name for result in broken] == ["A1"]
    assert "could not be asked: DataError" in broken[0].violations[0]
    assert CheckRun.objects.get().laws == len(invariants.INVARIANTS)


def test_the_nightly_run_comes_once_a_day_from_its_hour_on(clock):
    today = kernel_clock.today()
    clock.set(kernel_clock.start_of(today) + timedelta(hours=3, minutes=59))
    assert tasks.check_the_books() == 1, "the night before was not checked"
    assert tasks.check_the_books() == 0
    clock.move(minutes=1)
    assert tasks.check_the_books() == 1
    assert tasks.check_the_books() == 0
    clock.move(hours=23, minutes=59)
    assert tasks.check_the_books() == 0
    clock.move(minutes=1)
    assert tasks.check_the_books() == 1
    days = [today - timedelta(days=1), today, today + timedelta(days=1)]
    assert list(CheckRun.objects.order_by("id").values_list("for_day", flat=True)) == days
    assert not CheckRun.objects.exclude(state="complete").exists()


@pytest.mark.django_db(transaction=True)
def test_several_workers_run_it_once():
    outcomes = books.at_once([tasks.check_the_books] * 4)
    assert all(outcome.error is None for outcome in outcomes)
    tasks.check_the_books()
    assert CheckRun.objects.filter(state="complete", for_day=kernel_clock.today()).count() <= 1
    assert not CheckRun.objects.filter(state="interrupted").exists()


def test_a_run_that_died_half_way_says_so_and_is_done_again(clock, monkeypatch):
    services.ask_nightly_check()

    def dies() -> list[str]:
        raise SystemExit

    monkeypatch.setattr(invariants, "in_order", dies)
    with pytest.raises(SystemExit):
        services.run_waiting_check()
    monkeypatch.undo()
    assert CheckRun.objects.get().state == "running", "who dies says nothing"
    assert selectors.run_under_way() is not None

    clock.move(minutes=1)
    assert tasks.check_the_books() == 0, "found dead; asked for again in the next round"
    assert CheckRun.objects.get().state == "interrupted"
    assert AuditEntry.objects.filter(kind="ledger.check_interrupted").count() == 1
    assert tasks.check_the_books() == 1
    assert CheckRun.objects.get(state="complete").for_day == kernel_clock.today()


def test_a_run_that_always_dies_is_not_tried_all_night(clock):
    for _ in range(checking.TRIES_A_DAY):
        run = services.ask_nightly_check()
        CheckRun.objects.filter(pk=run.pk).update(state="running", begun_at=kernel_clock.now())
        CheckRun.objects.filter(pk=run.pk).update(state="interrupted", ended_at=kernel_clock.now())
    assert services.ask_nightly_check() is None
    clock.move(days=1)
    assert services.ask_nightly_check() is not None


def test_silence_is_an_alarm_told_once_and_ended_by_a_run(clock):
    tasks.tell_silence()
    services.check_and_record(actor=SYSTEM)
    clock.move(hours=36)
    tasks.tell_silence()
    assert told() == []
    clock.move(minutes=1)
    tasks.tell_silence()
    tasks.tell_silence()
    assert told() == [("ledger.alarm_raised", "silence", False)]
    assert [alarm.name for alarm in selectors.alarms_open()] == ["silence"]
    assert tasks.check_the_books() == 1
    assert told()[-1] == ("ledger.alarm_mended", "silence", None)
    assert selectors.checks_overdue_since() is None


@pytest.mark.rule("P018")
def test_a_clock_behind_the_books_is_an_alarm_at_once_told_daily_and_ended_when_it_is_right(clock, settings):
    books.receive(100)
    ahead = clock.moment
    tasks.watch_clock()
    clock.moment -= timedelta(minutes=4)
    tasks.watch_clock()
    assert told() == [], "machines differ by a little"
    clock.moment -= timedelta(days=3)
    assert not invariants.check("clock").ok
    for _ in range(2):
        tasks.watch_clock()
    assert told() == [("ledger.alarm_raised", "clock", False)]
    services.check_and_record(actor=SYSTEM)
    assert len(told()) == 1, "the nightly check finds the same"
    clock.move(hours=24)
    tasks.watch_clock()
    assert len(told()) == 2
    clock.moment -= timedelta(days=30)
    tasks.watch_clock()
    assert len(told()) == 3, "set back further still, it is told again"
    settings.BOOKS_AHEAD_UNTIL = ahead
    tasks.watch_clock()
    assert told()[-1] == ("ledger.alarm_mended", "clock", None)
    assert selectors.alarms_open() == []
    settings.BOOKS_AHEAD_UNTIL = None
    clock.moment = ahead
    tasks.watch_clock()
    assert len(told()) == 4


def test_one_who_asks_while_a_run_waits_gets_that_run():
    first = services.ask_check(actor=SYSTEM)
    assert services.ask_check(actor=SYSTEM) == first
    assert services.run_waiting_check() == first
    assert services.run_waiting_check() is None
    assert services.ask_check(actor=SYSTEM) != first


def test_runs_and_alarms_move_only_as_their_tables_say():
    run = services.ask_check(actor=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckRun.objects.filter(pk=run.pk).update(
            state="complete", begun_at=kernel_clock.now(), ended_at=kernel_clock.now()
        )
    alarm = CheckAlarm.objects.create(name="L1", title=Text("試験", "Test").as_dict(), wrong=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckAlarm.objects.create(name="L1", title=Text("試験", "Test").as_dict(), wrong=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckAlarm.objects.filter(pk=alarm.pk).update(state="acknowledged", acknowledged_at=kernel_clock.now())
    CheckAlarm.objects.filter(pk=alarm.pk).update(state="mended", mended_at=kernel_clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckAlarm.objects.filter(pk=alarm.pk).update(state="open", mended_at=None)
