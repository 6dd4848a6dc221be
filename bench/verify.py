"""Every invariant of the books over ten million postings, as `kotowari verify` asks them."""

import time

from bench.report import Report, Row
from bench.server import Server, django_on
from bench.size import is_whole, part_of
from bench.verify_data import fill

POSTINGS = 10_000_000
AT_MOST_MINUTES = 5


def run(server: Server) -> Report:
    """Minutes of all invariants, and of each that takes long."""
    report = Report(title="verify: every invariant over ten million postings")
    with server.scratch("verify") as url, django_on(url):
        started = time.perf_counter()
        fill(part_of(POSTINGS))
        made = time.perf_counter() - started
        started = time.perf_counter()
        journals = _sealed()
        sealing = time.perf_counter() - started
        print(f"seals: {sealing:.1f} s", flush=True)
        postings, each = _checked()
        report.notes = [
            server.describe(),
            f"{postings:,} postings of milestones that were funded, accepted, invoiced, sealed and became lots, made in {made:.0f} s; "
            "no payouts, so the invariants of those find nothing to look at",
            f"{journals:,} journals were put under seals in {sealing:.0f} s",
            "one after the other, in seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in each.items()),
        ]
    minutes = sum(each.values()) / 60
    report.rows = [
        Row(
            name=f"all {len(each)} invariants",
            measured=minutes,
            unit="min",
            aim=AT_MOST_MINUTES if is_whole() else None,
            at_most=True,
        ),
        Row(name="postings a second", measured=postings / minutes / 60, unit="postings/s"),
    ]
    return report


def _sealed() -> int:
    from kotowari.ledger import services

    return services.seal(everything=True)


def _checked() -> tuple[int, dict[str, float]]:
    from django.db import connection

    from kotowari.ledger import invariants

    each: dict[str, float] = {}
    wrong = []
    with invariants.of_one_moment():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_posting")
            (postings,) = cursor.fetchone()
        for name in invariants.INVARIANTS:
            started = time.perf_counter()
            result = invariants.check(name)
            each[name] = time.perf_counter() - started
            print(f"{name}: {each[name]:.1f} s", flush=True)
            wrong += [] if result.ok else [f"{name}: {result.detail}"]
    if wrong:
        raise AssertionError("\n".join(wrong))
    return postings, each
