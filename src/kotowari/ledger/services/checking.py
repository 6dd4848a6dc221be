"""Asking every law of the books, remembering what each answered, and the alarms that follow from it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from django.db import connection, transaction

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor, SystemActor, name_of
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.ledger import entries, events, invariants
from kotowari.ledger.models import CheckAlarm, CheckResult, CheckRun, Seal
from kotowari.ledger.selectors.checks import checks_overdue_since
from kotowari.ledger.services.sealing import seal
from kotowari.ledger.transitions import CHECK_ALARM, CHECK_RUN

_KEY = 0x6B6F_746F_0003
"""Ours alone among advisory locks: "koto", 3."""
TRIES_A_DAY = 3
"""A nightly run that takes its process down with it is begun again, but not all night long."""
SILENT = Text("帳簿の検査が行われている", "The books are being checked")


class Answer(NamedTuple):
    """What a law answered, and how long it took."""

    result: invariants.Result
    milliseconds: int


def ask_check(*, actor: Actor) -> CheckRun:
    """Ask for a run now; the next round of long work begins it. One that waits already is the same."""
    waiting = CheckRun.objects.filter(state="waiting").order_by("id").first()
    if waiting is not None:
        return waiting
    return CheckRun.objects.create(asked_by_id=actor.pk, asked_by_name=name_of(actor))


def ask_nightly_check() -> CheckRun | None:
    """Ask for the run of the last Tokyo day whose hour has come; None when it was asked for already, or keeps failing.

    So a night that nobody was there to check is caught up with at once, not in the next night.
    """
    day = clock.tokyo(clock.now() - timedelta(hours=policy.value("ledger.check_after_hours"))).date()
    of_day = CheckRun.objects.filter(for_day=day)
    if of_day.exclude(state="interrupted").exists() or of_day.count() >= TRIES_A_DAY:
        return None
    run = CheckRun(for_day=day, asked_by_name=name_of(SYSTEM))
    CheckRun.objects.bulk_create([run], ignore_conflicts=True)
    return CheckRun.objects.filter(pk=run.pk).first()


def run_waiting_check() -> CheckRun | None:
    """Run the check that waits longest; None when none waits, or one is under way elsewhere.

    A run whose process ended half-way is marked as interrupted first: nobody else can hold the lock then.
    """
    with _alone(wait=False) as is_alone:
        if not is_alone:
            return None
        _interrupt_dead()
        run = CheckRun.objects.filter(state="waiting").order_by("id").first()
        if run is not None:
            _conduct(run)
        return run


def check_and_record(*, actor: Actor) -> list[invariants.Result]:
    """Run the checks here and now, keep what came of it, and return it; waits for one that is under way."""
    with _alone(wait=True):
        _interrupt_dead()
        run = CheckRun.objects.create(asked_by_id=actor.pk, asked_by_name=name_of(actor))
        return [answer.result for answer in _conduct(run)]


def tell_silence() -> int:
    """Raise the alarm when no run has come to its end for too long; returns whether it did."""
    since = checks_overdue_since()
    if since is None:
        return 0
    with transaction.atomic():
        return int(_raise(events.SILENCE, SILENT, 1, [f"{since.isoformat()}"]))


def watch_clock() -> None:
    """Raise the alarm as soon as the clock stands behind the books, tell it daily while it does, and end it after (P018).

    Nobody waits for the night: until then members would be refused, and staff hear of it from them.
    """
    found = invariants.check(events.CLOCK)
    standing = CheckAlarm.objects.filter(name=events.CLOCK).exclude(state="mended")
    if found.ok and not standing.exists():
        return
    with transaction.atomic():
        alarm = standing.select_for_update().first()
        if alarm is None:
            if not found.ok:
                _raise(found.name, found.title, found.wrong, found.violations)
        elif found.ok:
            _mend(alarm)
        elif abs(clock.now() - alarm.told_at) >= clock.DAY:
            alarm.told_at = clock.now()
            alarm.save(update_fields=["told_at"])
            emit(_raised(alarm, is_change=False))


def acknowledge(*, alarm: CheckAlarm, actor: Actor, note: str) -> None:
    """Record that somebody looks into an alarm, whose row the caller has locked, and what they say."""
    alarm.state = CHECK_ALARM.require(alarm.state, "acknowledge")
    alarm.acknowledged_at, alarm.note = clock.now(), note
    alarm.acknowledged_by_id, alarm.acknowledged_by_name = actor.pk, name_of(actor)
    alarm.save(update_fields=["state", "acknowledged_at", "note", "acknowledged_by_id", "acknowledged_by_name"])


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Hold the one right to check, on this connection: whoever dies lets it go with it."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", (_KEY,))
            is_mine = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", (_KEY,))
            (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (_KEY,))


def _interrupt_dead() -> None:
    with transaction.atomic():
        for run in CheckRun.objects.select_for_update().filter(state="running"):
            run.state = CHECK_RUN.require(run.state, "interrupt")
            run.ended_at = clock.now()
            run.save(update_fields=["state", "ended_at"])
            audit.record(actor=SYSTEM, kind=entries.CHECK_INTERRUPTED, subject=run)


def _conduct(run: CheckRun) -> list[Answer]:
    """From waiting to complete: two short transactions that write, and between them a long one that only reads."""
    seal(everything=True)
    run.state, run.begun_at = CHECK_RUN.require(run.state, "begin"), clock.now()
    run.save(update_fields=["state", "begun_at"])
    with invariants.of_one_moment():
        head = Seal.objects.order_by("-number").first()
        answers = [_answer(name) for name in invariants.in_order()]
    with transaction.atomic():
        broken = [answer.result for answer in answers if not answer.result.ok]
        CheckResult.objects.bulk_create(
            CheckResult(
                run=run,
                name=result.name,
                checked=result.checked,
                wrong=result.wrong,
                violations=result.violations,
                milliseconds=milliseconds,
            )
            for result, milliseconds in answers
        )
        run.state, run.ended_at = CHECK_RUN.require(run.state, "complete"), clock.now()
        run.laws, run.broken = len(answers), len(broken)
        run.head_number, run.head_digest = (head.number, head.digest) if head else (None, None)
        run.save(update_fields=["state", "ended_at", "laws", "broken", "head_number", "head_digest"])
        _settle_alarms(broken)
        actor = SYSTEM if run.asked_by_id else SystemActor(run.asked_by_name)
        audit.record(actor=actor, kind=entries.BOOKS_CHECKED, subject=run, laws=run.laws, broken=run.broken)
    return answers


def _answer(name: str) -> Answer:
    """One law; that it cannot be asked is told like a violation, and stops no other."""
    started = time.perf_counter()
    try:
        with transaction.atomic():
            result = invariants.check(name)
    except Exception as error:
        title = invariants.INVARIANTS[name].title
        result = invariants.Result(name, title, False, 0, 1, [f"could not be asked: {type(error).__name__}: {error}"])
    return Answer(result, round((time.perf_counter() - started) * 1000))


def _settle_alarms(broken: Sequence[invariants.Result]) -> None:
    """Raise what broke, tell again what broke otherwise than before, and let go what was mended."""
    standing = {alarm.name: alarm for alarm in CheckAlarm.objects.select_for_update().exclude(state="mended")}
    for result in broken:
        alarm = standing.pop(result.name, None)
        if alarm is None:
            _raise(result.name, result.title, result.wrong, result.violations)
        elif (alarm.wrong, alarm.violations) != (result.wrong, result.violations):
            if alarm.state == "acknowledged":
                alarm.state = CHECK_ALARM.require(alarm.state, "change")
            alarm.wrong, alarm.violations, alarm.told_at = result.wrong, result.violations, clock.now()
            alarm.save(update_fields=["state", "wrong", "violations", "told_at"])
            emit(_raised(alarm, is_change=True))
    for alarm in standing.values():
        _mend(alarm)


def _raise(name: str, title: Text, wrong: int, violations: list[str]) -> bool:
    """Raise an alarm and tell of it, unless it stands already; whether it did."""
    alarm = CheckAlarm(name=name, title=title.as_dict(), wrong=wrong, violations=violations)
    CheckAlarm.objects.bulk_create([alarm], ignore_conflicts=True)
    is_new = CheckAlarm.objects.filter(pk=alarm.pk).exists()
    if is_new:
        emit(_raised(alarm, is_change=False))
    return is_new


def _mend(alarm: CheckAlarm) -> None:
    """Let an alarm go, its row locked, and tell of it."""
    alarm.state, alarm.mended_at = CHECK_ALARM.require(alarm.state, "mend"), clock.now()
    alarm.save(update_fields=["state", "mended_at"])
    emit(
        events.AlarmMended(
            alarm_id=alarm.pk,
            name=alarm.name,
            title_ja=alarm.words.ja,
            title_en=alarm.words.en,
            raised_at=alarm.raised_at,
        )
    )


def _raised(alarm: CheckAlarm, *, is_change: bool) -> events.AlarmRaised:
    return events.AlarmRaised(
        alarm_id=alarm.pk,
        name=alarm.name,
        title_ja=alarm.words.ja,
        title_en=alarm.words.en,
        wrong=alarm.wrong,
        first=alarm.violations[0] if alarm.violations else "",
        is_change=is_change,
    )
