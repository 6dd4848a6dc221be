"""The newest open jobs that match, from one index, in time that does not depend on how common a word is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.market.search.vector import SHELVES, Filters, quoted, readings_of

SMALL_SHELVES = 4
LARGE_SHELVES = 24
"""How many shelves are gone through one by one, at least, before all that is left is asked at once."""


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

    There must be something to look for: words, or filters that are in the index. Without `reading` the strictest reading of `text` that finds anything is taken; a following page passes
    the one of the first page on.
    """
    facts = [quoted(lexeme) for lexeme in filters.lexemes()]
    readings = readings_of(text) if text.strip() else [[]]
    assert facts or text.strip(), "the newest of all jobs are no search"
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


def _strides(parts: Sequence[str], top: int) -> list[tuple[str, int, int]]:
    """How to go back from the number `top`: (what is asked, lowest, highest number), newest first.

    What is common is found on the first shelves, each of which holds a bounded number of jobs. What is not on
    them is rare among the newest. Several lexemes are then asked of all that is left: the index intersects them
    from the rarest on, and few jobs remain to be read. A single lexeme has nothing to intersect, and may have been
    common long ago; it is followed shelf by shelf much further.
    """
    asked = " & ".join(parts)
    small, large = SHELVES
    found: list[tuple[str, int, int]] = []
    upper = top
    while upper >= 0 and (len(found) < SMALL_SHELVES or (len(parts) == 1 and (upper + 1) % large)):
        found.append(_on_shelf(asked, 0, small, upper))
        upper = found[-1][1] - 1
    while upper >= 0 and len(parts) == 1 and upper > top - LARGE_SHELVES * large:
        found.append(_on_shelf(asked, 1, large, upper))
        upper = found[-1][1] - 1
    return [*found, (asked, 0, upper)] if upper >= 0 else found


def _on_shelf(asked: str, level: int, size: int, upper: int) -> tuple[str, int, int]:
    shelf = upper // size
    return f"{asked} & {quoted(f'#s{level}:{shelf}')}", shelf * size, upper


SQL = """
SELECT found.id, found.number
FROM (VALUES {strides}) AS stride (query, lower, upper)
CROSS JOIN LATERAL (
    SELECT id, number FROM market_job
    WHERE state = 'open' AND search @@ stride.query::tsquery AND budget_max_yen >= %s
        AND number + 0 BETWEEN stride.lower AND stride.upper
    ORDER BY number + 0 DESC LIMIT %s
) AS found
LIMIT %s
"""
# The shelves are taken in the order in which they stand, and none after the limit is reached. `number + 0` keeps
# the planner from walking the running number, which would read the index words of every job on the way.


def _matching(strides: Sequence[tuple[str, int, int]], min_yen: int, limit: int) -> list[tuple[UUID, int]]:
    """The first `limit` rows of the strides, newest first."""
    values: list[Any] = [value for stride in strides for value in stride]
    sql = SQL.format(strides=", ".join(["(%s, %s, %s)"] * len(strides)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, min_yen, limit, limit])
        return sorted(cursor.fetchall(), key=lambda row: -row[1])
