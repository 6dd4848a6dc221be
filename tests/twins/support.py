from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.support import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
EARLIER = NOW - timedelta(days=1)


def facts(**given: object) -> gates.TicketFacts:
    return gates.TicketFacts(**{"now": NOW, "number": "QDVF-SNDJ", "url": "/contact/x/", "state": "open", **given})  # type: ignore[arg-type]


OPEN = facts(is_customer=True, due_at=LATER)
CLOSED = facts(is_customer=True, state="closed", reopen_until=LATER)
SILENT = facts(is_system=True, state="answered", closes_at=EARLIER)
OVERDUE = facts(is_system=True, due_at=EARLIER)
CASE = facts(is_staff=True, due_at=LATER)
ANSWERED = facts(is_staff=True, state="answered", closes_at=LATER)
NOT_HERS = {"link_needed": ("is_customer", False)}
NOT_STAFF = {"staff_only": ("is_staff", False), "has_left": ("left_at", EARLIER)}
TWINS = [
    Twin(gates.SEE, OPEN, NOT_HERS),
    Twin(gates.WRITE, OPEN, {**NOT_HERS, "closed": ("state", "closed")}),
    Twin(gates.SETTLE, OPEN, {**NOT_HERS, "closed": ("state", "closed")}),
    Twin(
        gates.REOPEN,
        CLOSED,
        {**NOT_HERS, "not_closed": ("state", "answered"), "too_late": ("reopen_until", NOW)},
    ),
    Twin(gates.LAPSE, SILENT, {"system_only": ("is_system", False), "not_due": ("closes_at", LATER)}),
    Twin(gates.BE_LATE, OVERDUE, {"system_only": ("is_system", False), "not_due": ("due_at", LATER)}),
    Twin(gates.SEE_CASE, CASE, NOT_STAFF),
    Twin(gates.NOTE, CASE, NOT_STAFF),
    Twin(gates.ANSWER, CASE, {**NOT_STAFF, "closed": ("state", "closed")}),
    Twin(gates.CLOSE, ANSWERED, {**NOT_STAFF, "not_answered": ("state", "late"), "closed": ("state", "closed")}),
]
