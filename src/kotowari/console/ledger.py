"""The books: what the market holds, owes and has earned, and the ways to what looks after them."""

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.kernel.text import Text
from kotowari.ledger import selectors
from kotowari.ledger.accounts import ACCOUNT_CLASSES
from kotowari.payouts.selectors import differences_open, last_reconciliation
from kotowari.web.screens import render


@staff_screen("console.ledger", path="ledger/", title=Text("帳簿", "The books"))
def ledger(request: HttpRequest, staff: Member) -> HttpResponse:  # noqa: ARG001 - a screen takes the staff
    """Balances by class, and how the last check of them came out."""
    totals = selectors.totals_by_class()
    return render(
        request,
        "console/ledger.html",
        {
            "last": selectors.last_complete_run(),
            "overdue_since": selectors.checks_overdue_since(),
            "closed_through": selectors.closed_through(),
            "reconciled": last_reconciliation(),
            "differences": differences_open().count(),
            "totals": [(each, totals.get(name, 0)) for name, each in ACCOUNT_CLASSES.items()],
            "sum_yen": sum(totals.values()),
        },
    )
