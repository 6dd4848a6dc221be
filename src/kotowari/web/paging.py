"""Long lists, a page at a time, by cursor: what was added meanwhile never shifts what is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db import models
from django.http import HttpRequest

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=models.Model)
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; `after` is the cursor of the next page, None on the last one."""

    rows: Sequence[Row]
    after: str | None = None
    is_first: bool = True


def newest_first(rows: "models.QuerySet[ModelRow]", cursor: str | None, size: int = PAGE_SIZE) -> Page[ModelRow]:
    """The page of a list, newest first, that follows a cursor (ids are ordered by time).

    A cursor that is none of ours is read as no cursor: the list begins again.
    """
    start = id_or_none(cursor)
    ordered = rows.order_by("-pk")
    found = list((ordered.filter(pk__lt=start) if start else ordered)[: size + 1])
    shown = found[:size]
    return Page(shown, after=str(shown[-1].pk) if len(found) > size else None, is_first=start is None)


def address(request: HttpRequest | None, **changes: str | None) -> str:
    """The current address with some of its query changed (None removes); "" is never left hanging."""
    if request is None:
        return ""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return request.path + (f"?{query.urlencode()}" if query else "")


def id_or_none(cursor: str | None) -> UUID | None:
    """The row of a cursor; none at the beginning of a list, and for a cursor that is none of ours."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        return None
