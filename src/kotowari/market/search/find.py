"""The newest open jobs that match, from one index, in time that does not depend on how common a word is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.market.search.vector import SHELVES, Filters, quoted, readings_of


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search: ids newest first, and which reading of the query found them (0 is the strictest).

    `more_before` is the running number to go on before, or None at the end.
    """

    ids: tuple[UUID, ...]
    reading: int
    more_before: int | None


@dataclass(frozen=True, slots=True)
class _Stride:
    """A stretch of running numbers and what must stand in the index of a job there; no query: any job."""

    lower: int
    upper: int
    query: str

    def select(self, name: str, min_yen: int, limit: int) -> tuple[str, list[Any]]:
        """The stride as a materialised step of a query, with its values."""
        parts = ["SELECT id, number FROM market_job WHERE state = 'open' AND number BETWEEN %s AND %s"]
        values: list[Any] = [self.lower, self.upper]
        if self.query:
            parts.append("AND search @@ %s::tsquery")
            values.append(self.query)
        if min_yen:
            parts.append("AND budget_max_yen >= %s")
            values.append(min_yen)
        if not self.query:
            parts.append("ORDER BY number DESC LIMIT %s")
            values.append(limit)
        return f"{name} AS MATERIALIZED ({' '.join(parts)})", values


def newest(*, text: str, filters: Filters, limit: int, before: int | None = None, reading: int | None = None) -> Found:
    """Up to `limit` open jobs that match, newest first, with numbers below `before`.

    Without `reading` the strictest reading of `text` that finds anything is taken; a following page passes
    the one of the first page on.
    """
    facts = [quoted(lexeme) for lexeme in filters.lexemes()]
    readings = readings_of(text) if text.strip() else [[]]
    top = _highest_number() if before is None else before - 1
    for choice in range(len(readings)) if reading is None else [reading]:
        if top < 1 or choice >= len(readings):
            break
        rows = _matching(_strides([*readings[choice], *facts], top), filters.min_yen, limit + 1)
        if rows:
            more = rows[limit - 1][1] if len(rows) > limit else None
            return Found(tuple(id for id, _ in rows[:limit]), choice, more)
    return Found((), reading or 0, None)


def _highest_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM market_job WHERE state = 'open'")
        (number,) = cursor.fetchone()
    return number or 0


def _strides(parts: Sequence[str], top: int) -> list[_Stride]:
    """How to go back from the number `top`: the last two small shelves, the last two larger ones, everything.

    A later stride is taken only when the ones before it left room, and then what is asked for is rare among
    the newest; so none of them reads many rows, whether the word stands in one job or in every second one.
    """
    if not parts:
        return [_Stride(1, top, "")]
    found = []
    upper = top
    for level, size in enumerate(SHELVES):
        last = top // size
        lower = max(1, (last - 1) * size)
        shelves = " | ".join(quoted(f"#s{level}:{shelf}") for shelf in {last, max(last - 1, 0)})
        if lower <= upper:
            found.append(_Stride(lower, upper, " & ".join([*parts, f"({shelves})"])))
            upper = lower - 1
    if upper >= 1:
        found.append(_Stride(1, upper, " & ".join(parts)))
    return found


def _matching(strides: Sequence[_Stride], min_yen: int, limit: int) -> list[tuple[UUID, int]]:
    """The first `limit` rows of the strides, newest first.

    The steps are materialised, for otherwise the planner may walk the running number and read the index words
    of every job on the way; and a step that is not needed any more is never begun.
    """
    steps, reads, values = [], [], []
    for i, stride in enumerate(strides):
        step, its_values = stride.select(f"stride{i}", min_yen, limit)
        steps.append(step)
        values += its_values
        reads.append(f"(SELECT id, number FROM stride{i} ORDER BY number DESC LIMIT {limit:d})")  # noqa: S608
    sql = f"WITH {', '.join(steps)} SELECT id, number FROM ({' UNION ALL '.join(reads)}) s LIMIT {limit:d}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(cursor.fetchall(), key=lambda row: -row[1])
