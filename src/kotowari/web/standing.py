"""What stands on every page at the moment: public incidents, so that nobody looks for the fault at home (A014, A039)."""

import threading
import time

from django.conf import settings

from kotowari.incidents.models import Incident
from kotowari.incidents.selectors import going_on

KEPT_SECONDS = 1
SHOWN = 3
_lock = threading.Lock()
_kept: tuple[float, list[Incident]] | None = None


def incidents() -> list[Incident]:
    """Public incidents that are open or being watched, the open ones first; asked for at most once a second."""
    global _kept
    if settings.TESTING:
        return list(going_on()[:SHOWN])
    with _lock:
        if _kept is None or _kept[0] < time.monotonic():
            _kept = (time.monotonic() + KEPT_SECONDS, list(going_on()[:SHOWN]))
        return _kept[1]


def mark() -> str:
    """Stands for what every page says at the moment: a page kept for others is kept together with it."""
    return " ".join(f"{row.pk}:{row.state}:{row.update_due_at.timestamp()}" for row in incidents())
