"""Many members at once: locked in one order, and a step done again that the database sacrificed to a deadlock."""

import logging
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection

from kotowari.accounts.models import Member

logger = logging.getLogger(__name__)

DEADLOCK = "40P01"
TRIES = 5


def lock_members(ids: Sequence[UUID]) -> None:
    """Nobody changes account or method, or takes money out, while these members are dealt with."""
    list(Member.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def lock_set(members: str) -> None:
    """The same for thousands, as the text of a PostgreSQL array."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM accounts_member WHERE id = ANY (%s::uuid[]) ORDER BY id FOR NO KEY UPDATE) m",
            (members,),
        )


def again_after_deadlock(step: Callable[..., int], **arguments: Any) -> int:
    """A step meets other commands on many members' balances; where the database breaks a knot, it is done again."""
    for attempt in range(1, TRIES + 1):
        try:
            return step(**arguments)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != DEADLOCK or attempt == TRIES:
                raise
            logger.info("%s is done again after a deadlock", step.__name__)
    raise AssertionError("unreachable")
