"""Taking the lock that a command decides under."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from kotowari.kernel.errors import NotVisible

Row = TypeVar("Row", bound=Model)


def lock(model: type[Row], id: UUID | str, *related: str) -> Row:
    """The row, locked until the transaction ends, with `related` rows read along but not locked.

    Raises `NotVisible` when there is none, or when the id is not an id at all.
    """
    rows = model._default_manager.select_for_update(of=("self",))
    if related:
        rows = rows.select_related(*related)
    try:
        return rows.get(pk=id)
    except (model.DoesNotExist, ValueError, TypeError) as error:  # type: ignore[attr-defined]
        raise NotVisible(model._meta.label_lower, id) from error
    except Exception as error:
        if type(error).__name__ == "ValidationError":
            raise NotVisible(model._meta.label_lower, id) from error
        raise


def hold(model: type[Model], id: UUID) -> None:
    """Lock a row until the transaction ends without reading it. Raises `NotVisible` when there is none."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [id])  # noqa: S608 - a table of ours
        if cursor.fetchone() is None:
            raise NotVisible(model._meta.label_lower, id)


def share(model: type[Model], ids: Iterable[UUID], *, skip_locked: bool = False) -> set[UUID]:
    """Keep rows from being changed until the transaction ends, side by side with others who do; which they are.

    Waits for whoever changes one now, or with `skip_locked` leaves it out.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    rest = " SKIP LOCKED" if skip_locked else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR SHARE{rest}",  # noqa: S608 - a table of ours
            [list(ids)],
        )
        return {id for (id,) in cursor.fetchall()}
