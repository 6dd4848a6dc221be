"""Turning the database's refusals (SQLSTATE class KL) into typed errors."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import DatabaseError

from kotowari.kernel.errors import IdempotencyConflict
from kotowari.ledger.errors import InsufficientFunds, NotReversible, PeriodClosed


@contextmanager
def typed_errors(occurred_at: datetime | None = None) -> Iterator[None]:
    """Raise what the ledger's laws refuse as the error that says so; let everything else through."""
    try:
        yield
    except DatabaseError as error:
        detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None) or ""
        match getattr(error.__cause__, "sqlstate", None):
            case "KL001":
                raise IdempotencyConflict(detail) from error
            case "KL002":
                facts = json.loads(detail)
                raise InsufficientFunds(facts["account"], facts["balance_yen"], facts["change_yen"]) from error
            case "KL003":
                raise PeriodClosed(date.fromisoformat(detail), occurred_at) from error
            case "KL005":
                raise NotReversible(UUID(detail), "it was reversed before") from error
        raise
