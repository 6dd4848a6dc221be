"""Processor time: what a busy machine cannot hide. Seconds that processes worked, as Linux counts them."""

from collections.abc import Iterable
from pathlib import Path


def seconds(pids: Iterable[int]) -> float:
    """How long these processes have worked so far, all their threads together; 0 where it cannot be seen."""
    total = 0
    for pid in pids:
        for seen in Path("/proc").glob(f"{pid}/task/*/schedstat"):
            try:
                total += int(seen.read_text().split()[0])
            except OSError:  # the thread has ended meanwhile
                continue
    return total / 1e9


def children(pid: int) -> list[int]:
    """The processes that this one has started, and theirs."""
    found = []
    for listed in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in listed.read_text().split():
            found += [int(child), *children(int(child))]
    return found


def backends() -> list[int]:
    """The server processes of PostgreSQL that work on Django's database now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]
