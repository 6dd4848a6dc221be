"""The desk: what waits for staff, with counts and clocks, the most urgent first."""

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console import selectors
from kotowari.console.pages import staff_screen
from kotowari.foundation import policy
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.ledger.events import CLOCK
from kotowari.web.screens import render


@staff_screen("console", title=Text("運営", "Console"))
def desk(request: HttpRequest, staff: Member) -> HttpResponse:  # noqa: ARG001 - every screen of staff takes both
    """Every queue."""
    alarms = ledger.alarms_open()
    found = selectors.queues(alarms_since=[alarm.told_at for alarm in alarms if alarm.state == "open"])
    return render(
        request,
        "console/home.html",
        {
            "waiting": [q for q in found if q.count],
            "quiet": [q for q in found if not q.count],
            "alarms": alarms,
            "clock_law": CLOCK,
            "needs_factor": policy.value("console.second_factor_required"),
            "overdue_since": ledger.checks_overdue_since(),
        },
    )
