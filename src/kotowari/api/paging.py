"""Cursors of lists: what was added meanwhile never shifts what is read."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text

Row = TypeVar("Row", bound=Model)
LARGEST_PAGE = 100


def page(rows: "QuerySet[Row]", cursor: str, limit: int) -> tuple[list[Row], str | None]:
    """Rows, newest first, after a cursor, and the cursor of the next page. Raises `InputError` for a foreign one."""
    limit = min(max(limit, 1), LARGEST_PAGE)
    ordered = rows.order_by("-pk")
    after = cursor_id(cursor)
    if after is not None:
        ordered = ordered.filter(pk__lt=after)
    found = list(ordered[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None


def cursor_id(cursor: str) -> UUID | None:
    """The row after which a list goes on; none at its beginning. Raises `InputError` for a foreign cursor."""
    if not cursor:
        return None
    try:
        return UUID(cursor)
    except ValueError as error:
        raise InputError(
            {
                "cursor": [
                    Text(
                        "cursor には、前のページの next_cursor をそのまま入れてください。",
                        "Give the next_cursor of the page before, unchanged.",
                    )
                ]
            }
        ) from error
