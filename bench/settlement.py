"""Accept → reward fixed → fee taken, through the service from several processes, beside what PostgreSQL can do at all."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import psycopg

from bench.report import Report, compared
from bench.server import Server, django_on, pgbench, run_pgbench
from bench.settlement_data import CLIENTS, WORKERS, fill
from bench.two_legs import ACCOUNTS, TWO_LEGS, TWO_LEGS_SCRIPT, transfer_for

PROCESSES = 4
SECONDS = 2
ROUNDS = 6
MILESTONES = 24_000
IN_BATCHES, ONE_BY_ONE = 800, 200
"""How many of them each process may take in one round; who is through earlier is timed until then."""

BATCH = 200
"""As many at once as the clock takes (`contracts.tasks.AT_ONCE`)."""

SCALE = 20


def run(server: Server) -> Report:
    """Journals a second of the service, in batches and one by one, beside TPC-B and a plain two-leg transfer."""
    program = pgbench()
    if program is None:
        raise SystemExit("pgbench is not on this machine; it comes with PostgreSQL's server programs.")
    report = Report(title="Settlement: accept → reward fixed → fee taken")
    with server.scratch("tpcb") as beside, server.scratch("settlement") as url, django_on(url):
        run_pgbench(program, beside, "-i", "-q", "-s", str(SCALE))
        with psycopg.connect(beside, autocommit=True) as connection:
            connection.execute(TWO_LEGS)
        script = Path(os.environ["KOTOWARI_DATA"]) / "two_legs.sql"
        script.write_text(TWO_LEGS_SCRIPT)
        started = time.perf_counter()
        ids = fill(MILESTONES)
        made = time.perf_counter() - started
        rates = _rounds(program, url, beside, script, ids)
        report.notes = [
            server.describe(),
            f"{MILESTONES:,} delivered milestones of {WORKERS:,} workers and {CLIENTS} clients, made in {made:.1f} s",
            f"{PROCESSES} processes, {ROUNDS} × {SECONDS} s each in turn; batches of {BATCH} as the clock makes them",
            "every journal credits the same fee account and the same tax account: what is measured is the hot one, for "
            "which 0.4 of TPC-B would do",
            f"TPC-B: {program} -c 4 -j 2 -M prepared, scale {SCALE}; two-leg transfer: {ACCOUNTS:,} accounts",
            _books(),
        ]
    batches, single = rates["batches"], rates["one by one"]
    report.rows = [
        compared("by the clock, in batches", "journals/s", batches, "TPC-B", rates["TPC-B"], aim=0.5),
        compared("by the clock, in batches", "journals/s", batches, "two legs", rates["two legs"], aim=1.5),
        compared(
            "by the clock, in batches", "journals/s", batches, "two legs, no Python", rates["two legs, no Python"]
        ),
        compared("by people, one by one", "journals/s", single, "TPC-B", rates["TPC-B"]),
        compared("by people, one by one", "journals/s", single, "two legs", rates["two legs"]),
    ]
    return report


def _rounds(program: Path, url: str, beside: str, script: Path, ids: Sequence[UUID]) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {}
    common = ("-c", "4", "-j", "2", "-M", "prepared", "-n", "-T", str(SECONDS))
    # Processes of their own, begun before anything is timed; each has a part of the milestones that nobody else has.
    crew = [_Hand(url, beside, ids[number::PROCESSES]) for number in range(PROCESSES)]
    try:
        for _ in range(ROUNDS):
            found = {
                "TPC-B": _tps(run_pgbench(program, beside, *common)),
                "batches": _together(crew, "batches"),
                "two legs": _together(crew, "two legs"),
                "one by one": _together(crew, "one by one"),
                "two legs, no Python": _tps(run_pgbench(program, beside, *common, "-f", str(script))),
            }
            for name, rate in found.items():
                rates.setdefault(name, []).append(rate)
    finally:
        for hand in crew:
            hand.dismiss()
    return rates


def _tps(said: str) -> float:
    return next(float(line.split()[2]) for line in said.splitlines() if line.startswith("tps = "))


def _together(crew: Sequence["_Hand"], what: str) -> float:
    for hand in crew:
        hand.line.send(what)
    done = [hand.line.recv() for hand in crew]
    return sum(count / seconds for count, seconds in done)


class _Hand:
    """A process that settles when told to."""

    def __init__(self, url: str, beside: str, ids: Sequence[UUID]) -> None:
        self.line, theirs = multiprocessing.Pipe()
        spawn = multiprocessing.get_context("spawn")
        self.process = spawn.Process(target=_work, args=(theirs, url, beside, list(ids)))
        self.process.start()
        assert self.line.recv() == "ready"

    def dismiss(self) -> None:
        self.line.send("")
        self.process.join(20)
        if self.process.is_alive():
            self.process.kill()


def _work(line: Connection, url: str, beside: str, ids: list[UUID]) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "kotowari.config.settings"
    import django

    django.setup()
    from django.db import connection

    connection.ensure_connection()
    transfer = transfer_for(beside)
    line.send("ready")
    while what := line.recv():
        mine = _take(ids, {"batches": IN_BATCHES, "one by one": ONE_BY_ONE}.get(what, 0))
        ways: dict[str, Callable[[], int]] = {
            "batches": lambda mine=mine: _accept_batch(mine),
            "one by one": lambda mine=mine: _accept_one(mine),
            "two legs": transfer,
        }
        way, count, started = ways[what], 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS and (done := way()):
            count += done
        line.send((count, time.perf_counter() - started))
    connection.close()


def _accept_batch(ids: list[UUID]) -> int:
    from kotowari.contracts.services import accept_due_deliveries
    from kotowari.foundation.actors import SYSTEM

    batch = _take(ids, min(BATCH, len(ids)))
    if not batch:
        return 0
    count = accept_due_deliveries(actor=SYSTEM, milestone_ids=batch)
    if count != len(batch):
        raise AssertionError(f"{count} of {len(batch)} were accepted")
    return count


def _accept_one(ids: list[UUID]) -> int:
    from kotowari.accounts.models import Member
    from kotowari.contracts.models import Milestone
    from kotowari.contracts.services import accept_delivery

    if not ids:
        return 0
    (milestone_id,) = _take(ids, 1)
    client = Member.objects.get(pk=Milestone.objects.values_list("contract__client_id", flat=True).get(pk=milestone_id))
    accept_delivery(actor=client, milestone_id=milestone_id)
    return 1


def _take(ids: list[UUID], count: int) -> list[UUID]:
    taken = ids[:count]
    del ids[:count]
    return taken


def _books() -> str:
    """Every invariant of the ledger after all that; anything broken makes the measurement worthless."""
    from kotowari.ledger.invariants import check_all

    results = check_all()
    broken = [f"{result.name}: {result.detail}" for result in results if not result.ok]
    if broken:
        raise AssertionError("\n".join(broken))
    return f"all {len(results)} invariants of the books hold afterwards"
