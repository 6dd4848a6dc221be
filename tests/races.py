"""Two commands that meet, with real threads on PostgreSQL: one under way and the other waiting, or both at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from kotowari.kernel.errors import InputError, Refused

Call = Callable[[], object]
PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Met:
    """What each of two calls gave or was refused with, and whether the second had to wait for the first."""

    first: object
    second: object
    waited: bool


def refused(outcome: object) -> list[str]:
    """The last words of the codes of a refusal; none for a call that went through."""
    if not isinstance(outcome, Refused):
        return []
    return [blocker.code.rsplit(".", 1)[-1] for blocker in outcome.decision.blockers]


def under_way(first: Call, second: Call) -> Met:
    """The first call has done everything but commit when the second begins; it commits once the second waits or is done."""
    done, go_on, pid = threading.Event(), threading.Event(), []
    found: dict[str, object] = {}

    def run_first() -> None:
        with transaction.atomic():
            found["first"] = _outcome(first)
            done.set()
            assert go_on.wait(PATIENCE_SECONDS)

    def run_second() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid.append(cursor.fetchone()[0])
        found["second"] = _outcome(second)

    threads = [_started(run_first)]
    assert done.wait(PATIENCE_SECONDS)
    threads.append(_started(run_second))
    waited = _waits(pid, threads[1])
    go_on.set()
    _joined(threads)
    return Met(found["first"], found["second"], waited)


def at_once(*calls: Call) -> list[object]:
    """What each call came to, all begun at the same moment from threads of their own."""
    start = threading.Barrier(len(calls))
    found: list[object] = [None] * len(calls)

    def runner(place: int, call: Call) -> Call:
        def run() -> None:
            start.wait(PATIENCE_SECONDS)
            found[place] = _outcome(call)

        return run

    _joined([_started(runner(place, call)) for place, call in enumerate(calls)])
    return found


def _outcome(call: Call) -> object:
    """A refusal is an answer; anything else that is raised is a defect, and is kept so that the test shows it."""
    try:
        with transaction.atomic():
            return call()
    except (Refused, InputError) as no:
        return no


def _started(run: Callable[[], Any]) -> threading.Thread:
    def guarded() -> None:
        try:
            run()
        finally:
            connection.close()

    thread = _Raising(target=guarded)
    thread.start()
    return thread


class _Raising(threading.Thread):
    """A thread whose fault is the test's fault."""

    fault: BaseException | None = None

    def run(self) -> None:
        try:
            super().run()
        except BaseException as error:
            self.fault = error


def _joined(threads: list[Any]) -> None:
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "it waits for ever"
    for thread in threads:
        if thread.fault is not None:
            raise thread.fault


def _waits(pid: list[int], thread: threading.Thread) -> bool:
    """Whether the thread's backend stands at a lock; no, when it comes to its end before."""
    until = time.monotonic() + PATIENCE_SECONDS
    while thread.is_alive() and time.monotonic() < until:
        if pid:
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", pid)
                if cursor.fetchone()[0]:
                    return True
        time.sleep(0.005)
    return False
