"""The newest open jobs that match, from one index, in time that does not depend on how common a word is."""

from collections.abc import Sequence
from dataclasses import dataclass
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


def newest(*, text: str, filters: Filters, limit: int, before: int | None = None, reading: int | None = None) -> Found:
    """Up to `limit` open jobs that match, newest first, with numbers below `before`.

    Without `reading` the strictest reading of `text` that finds anything is taken; a following page passes
    the one of the first page on.
    """
    facts = [quoted(lexeme) for lexeme in filters.lexemes()]
    readings = readings_of(text) if text.strip() else [[]]
    choices = range(len(readings)) if reading is None else [reading]
    top = _highest_number() if before is None else before - 1
    for choice in choices:
        if choice >= len(readings) or top < 1:
            continue
        rows = _matching([*readings[choice], *facts], filters.min_yen, top, limit + 1)
        if rows:
            more = rows[limit - 1][1] if len(rows) > limit else None
            return Found(tuple(id for id, _ in rows[:limit]), choice, more)
    return Found((), reading or 0, None)


def _highest_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM market_job WHERE state = 'open'")
        row = cursor.fetchone()
    return row[0] or 0 if row else 0


def _matching(parts: Sequence[str], min_yen: int, top: int, limit: int) -> list[tuple[UUID, int]]:
    """Rows from the number `top` downward.

    Stride by stride: first the last two small shelves, then the last two larger ones, then everything. A
    later stride runs only if the ones before it left room, and then the word is rare among the newest, so no
    stride reads many rows. Each is a materialised step, for otherwise the planner may walk the running number
    and read the vector of every row on the way.
    """
    if not parts and not min_yen:
        strides: list[tuple[str, int]] = [("", 0)]
    else:
        strides = [_stride(parts, size, level, top) for level, size in enumerate(SHELVES)]
        strides = [stride for i, stride in enumerate(strides) if i == 0 or strides[i - 1][1] > 1]
        if strides[-1][1] > 1:
            strides.append((" & ".join(parts), 0))
    steps, reads, values = [], [], []
    upper = top
    for i, (query, lower) in enumerate(strides):
        steps.append(
            f"stride{i} AS MATERIALIZED (SELECT id, number FROM market_job WHERE state = 'open'"
            " AND number BETWEEN %s AND %s"
            + (" AND search @@ %s::tsquery" if query else "")
            + (" AND budget_max_yen >= %s" if min_yen else "")
            + (")" if query else " ORDER BY number DESC LIMIT %s)")
        )
        values += [lower, upper, *([query] if query else []), *([min_yen] if min_yen else [])]
        values += [] if query else [limit]
        reads.append(f"(SELECT id, number FROM stride{i} ORDER BY number DESC LIMIT %s)")
        upper = lower - 1
    values += [limit] * len(reads) + [limit]
    sql = f"WITH {', '.join(steps)} SELECT id, number FROM ({' UNION ALL '.join(reads)}) AS strides LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(cursor.fetchall(), key=lambda row: -row[1])


def _stride(parts: Sequence[str], size: int, level: int, top: int) -> tuple[str, int]:
    """The query for the last two shelves of one size, and the lowest number on them."""
    last = top // size
    shelves = [quoted(f"#s{level}:{shelf}") for shelf in (last, last - 1) if shelf >= 0]
    return " & ".join([*parts, f"({' | '.join(shelves)})"]), max(last - 1, 0) * size
