"""What is always true of the books, asked of the whole live database.

Tests, `kotowari verify`, the nightly job, the restore drill and the console all run these. Each is one
statement and therefore sees one moment. Rooms above add what only they can know (`register_invariant`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.text import Text

MAX_VIOLATIONS = 20
"""As many are told in words; the rest only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: how many things it looked at, how many are wrong, and the first of those in words."""

    checked: int
    wrong: int
    violations: list[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    name: str
    title: Text
    check: Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class Result:
    """`violations` holds the first `MAX_VIOLATIONS` of `wrong`."""

    name: str
    title: Text
    ok: bool
    checked: int
    wrong: int
    violations: list[str]

    @property
    def detail(self) -> str:
        """One line for a list of results."""
        if self.ok:
            return str(Text("{title}({n}件)", "{title} ({n} checked)").format(title=self.title, n=f"{self.checked:,}"))
        words = Text("{title}:{n}件中{wrong}件が違反 {first}", "{title}: {wrong} of {n} are wrong: {first}")
        first = "; ".join(self.violations)
        return str(words.format(title=self.title, n=f"{self.checked:,}", wrong=f"{self.wrong:,}", first=first))


INVARIANTS: dict[str, Invariant] = {}


def register_invariant(name: str, title: Text, check: Callable[[], Finding]) -> None:
    """Add an invariant. Raises `ValueError` when the name is taken."""
    if name in INVARIANTS:
        raise ValueError(f"invariant {name} is registered twice")
    INVARIANTS[name] = Invariant(name, title, check)


def by_query(sql: str, parameters: list[Any] | None = None) -> Callable[[], Finding]:
    """A check that is one query: a row per wrong thing, in words, from the table `wrong`, and how many from `seen`.

    `sql` is the WITH clause that makes `wrong (words)` and `seen (n)`.
    """

    def check() -> Finding:
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH {sql} SELECT (SELECT n FROM seen), (SELECT count(*) FROM wrong), "  # noqa: S608 - our own text
                "ARRAY(SELECT words FROM wrong ORDER BY words LIMIT %s)",
                [*(parameters or []), MAX_VIOLATIONS],
            )
            checked, wrong, violations = cursor.fetchone()
        return Finding(checked or 0, wrong, violations)

    return check


def check(name: str) -> Result:
    """Check one invariant."""
    invariant = INVARIANTS[name]
    found = invariant.check()
    return Result(name, invariant.title, found.wrong == 0, found.checked, found.wrong, found.violations)


def check_all() -> list[Result]:
    """Check every invariant, in the order of their names; all of one moment unless a transaction is open already."""
    with of_one_moment():
        return [check(name) for name in in_order()]


def in_order() -> list[str]:
    """The names of all invariants: L2 before L10, then those with names of their own."""
    return sorted(INVARIANTS, key=_in_order)


# Every law reads whole tables: in the order they lie in, several times faster than in that of an index. One that holds
# hands no row from process to process.
_READS_EVERYTHING = """
SET LOCAL work_mem = '128MB';
SET LOCAL random_page_cost = 4;
SET LOCAL enable_indexscan = off;
SET LOCAL enable_memoize = off;
SET LOCAL parallel_tuple_cost = 0;
"""


@contextmanager
def of_one_moment() -> Iterator[None]:
    """Let everything that is checked be of one moment, unless a transaction is open already."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(_READS_EVERYTHING)
        yield


def _in_order(name: str) -> tuple[str, int, str]:
    numbered = _NUMBERED.match(name)
    return (numbered[1], int(numbered[2]), name) if numbered else (name, 0, name)


_NUMBERED = re.compile(r"([A-Z]+)(\d+)\b")


def nothing_overdue(name: str, title: Text, *waits: str) -> None:
    """Register a law (L15): of these waits none is overdue by more than the policy's grace, so every clock is heard.

    Each of `waits` is a query of `(words, due_at)` for what still waits.
    """

    def check() -> Finding:
        limit = clock.now() - timedelta(hours=policy.value("ledger.overdue_hours"))
        return by_query(
            f"""
            waits AS ({" UNION ALL ".join(waits)}), wrong AS (
                SELECT words || ' waits since ' || due_at AS words FROM waits WHERE due_at < %s
            ), seen AS (SELECT count(*) AS n FROM waits)
            """,  # noqa: S608 - our own text
            [limit],
        )()

    register_invariant(name, title, check)
