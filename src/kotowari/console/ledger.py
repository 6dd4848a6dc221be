"""The books: what the market holds, owes and has earned, and whether every law of them holds."""

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console import services
from kotowari.console.gates import CHECK_BOOKS
from kotowari.console.pages import staff_screen
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.ledger import selectors
from kotowari.ledger.accounts import ACCOUNT_CLASSES
from kotowari.web.screens import render


@staff_screen(
    "console.ledger",
    path="ledger/",
    title=Text("帳簿", "The books"),
    actions=[CHECK_BOOKS],
    methods=["GET", "POST"],
)
def ledger(request: HttpRequest, staff: Member) -> HttpResponse:
    """Balances by class; with POST every invariant is checked now."""
    results = services.check_books(actor=staff) if request.method == "POST" else None
    totals = selectors.totals_by_class()
    return render(
        request,
        "console/ledger.html",
        {
            "results": results,
            "wrong": sum(not result.ok for result in results) if results is not None else None,
            "totals": [(each, totals.get(name, 0)) for name, each in ACCOUNT_CLASSES.items()],
            "sum_yen": sum(totals.values()),
            "decision": explain(CHECK_BOOKS, staff),
        },
    )
