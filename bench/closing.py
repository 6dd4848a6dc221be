"""The closing of a million members with three rewards each, beside bare SQL that writes the same rows."""

import time
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from bench import bare_closing
from bench.books_data import broken
from bench.closing_data import LOTS, PER_MILESTONE, fill
from bench.report import Report, Row
from bench.server import Server, django_on
from bench.size import part_of

MEMBERS = 1_000_000
ROUNDS = 10
"""The two take turns, a tenth of the members each time, so that the machine's mood is shared."""

UNDER_MB = 500


def run(server: Server) -> Report:
    """Seconds of the whole closing and of the bare SQL, their ratio, and the most memory that the closing held."""
    report = Report(title="Closing: rewards in lots → payouts")
    members = part_of(MEMBERS)
    with server.scratch("closing") as url, django_on(url):
        from django.db import connection

        started = time.perf_counter()
        fill(members)
        bare_closing.prepare()
        made = time.perf_counter() - started
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        Path("/proc/self/clear_refs").write_text("5")
        mine, theirs, resident = _rounds(members)
        peak = _memory_mb("VmHWM")
        report.notes = [
            server.describe(),
            f"{members:,} members with {LOTS} lots each, one in a hundred not to be paid (too little, no account); "
            f"made in {made:.0f} s; {PER_MILESTONE} members to a journal of acceptance",
            f"in turn, {ROUNDS} × a tenth of the members, then the run; bare SQL: the same rows with the same indexes, "
            "CHECKs and foreign keys, one statement a step, nothing asked, no triggers",
            f"resident memory after each turn: {', '.join(f'{each:.0f}' for each in resident)} MB",
            _right(members),
        ]
    report.rows = [
        Row(
            name="the whole closing",
            measured=sum(mine),
            unit="s",
            beside="bare SQL",
            beside_measured=sum(theirs),
            ratio=sum(mine) / sum(theirs),
            aim=2,
            at_most=True,
        ),
        Row(name="members a second", measured=members / sum(mine), unit="members/s"),
        Row(name="most memory of the process", measured=peak, unit="MB", aim=UNDER_MB, at_most=True),
    ]
    return report


def _rounds(members: int) -> tuple[list[float], list[float], list[float]]:
    from kotowari.foundation.actors import SYSTEM
    from kotowari.kernel import clock
    from kotowari.payouts import services
    from kotowari.payouts.models import Closing
    from kotowari.payouts.schedule import closing_before

    closes_on = closing_before(clock.today())
    services.begin_closing(actor=SYSTEM, closes_on=closes_on)
    closing = Closing.objects.get(closes_on=closes_on)
    mine, theirs, resident = [], [], []
    seen = bare_seen = 0
    after: UUID | None = None
    for turn in range(1, ROUNDS + 1):
        goal = members * turn // ROUNDS
        started = time.perf_counter()
        while seen < goal and (done := services.gather_rewards(actor=SYSTEM, closes_on=closes_on)):
            seen += done
        mine.append(time.perf_counter() - started)
        resident.append(_memory_mb("VmRSS"))
        started = time.perf_counter()
        while bare_seen < goal and (step := _bare_step(closing.pk, clock.end_of(closes_on), after)):
            done, after = step
            bare_seen += done
        theirs.append(time.perf_counter() - started)
        print(f"turn {turn}: {mine[-1]:.1f} s, bare {theirs[-1]:.1f} s", flush=True)
    started = time.perf_counter()
    services.close(actor=SYSTEM, on=closes_on)
    mine.append(time.perf_counter() - started)
    started = time.perf_counter()
    _bare_run()
    theirs.append(time.perf_counter() - started)
    print(f"run: {mine[-1]:.1f} s, bare {theirs[-1]:.1f} s", flush=True)
    return mine, theirs, resident


def _bare_step(closing_id: UUID, before: datetime, after: UUID | None) -> tuple[int, UUID] | None:
    from django.db import connection

    from kotowari.payouts.services.closing import CHUNK

    with connection.cursor() as cursor:
        asked = {"closing": closing_id, "before": before, "after": after, "limit": CHUNK}
        cursor.execute(bare_closing.STEP, asked)
        _, last = cursor.fetchone()
    return None if last is None else (CHUNK, last)


def _bare_run() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(bare_closing.RUN, [uuid4()])


def _memory_mb(which: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) / 1024


def _right(members: int) -> str:
    """Both wrote the same, and every invariant but the contracts' holds: these rewards have no contracts."""
    from django.db import connection

    from kotowari.payouts.models import CarriedOver, Payout

    paid, waiting = Payout.objects.count(), CarriedOver.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(net_yen) FROM bare_payouts_payout")
        bare = cursor.fetchone()
        cursor.execute("SELECT count(*), sum(net_yen) FROM payouts_payout WHERE run_id IS NOT NULL")
        if cursor.fetchone() != bare or paid + waiting != members:
            raise AssertionError(f"{paid} paid and {waiting} carried over of {members}; bare SQL: {bare}")
    count, wrong = broken()
    wrong = [words for words in wrong if not words.startswith(("L6:", "L11:"))]
    if wrong:
        raise AssertionError("\n".join(wrong))
    return (
        f"{paid:,} paid, {waiting:,} carried over, as in bare SQL; all invariants hold afterwards but the two of {count} "
        "that ask for contracts and deposits, which this data has none of"
    )
