"""What the bank says lies in the operator's account, and what its lines add up to."""

from datetime import date

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from kotowari.payments.models import StatementBalance, StatementLine

_EFFECT = Case(
    When(kind__in=["deposit", "returned"], then=F("amount_yen")),
    When(kind__in=["outgoing", "cancellation"], then=-F("amount_yen")),
    default=Value(0),
)
"""What a line does to the balance, in yen. A cancellation takes back money that came in."""


def balances() -> QuerySet[StatementBalance]:
    """All that the bank ever said; of the newest day first, of one day what was imported last."""
    return StatementBalance.objects.order_by("-to_on", "-id")


def newest_balance() -> StatementBalance | None:
    """What counts now; None while no statement told a balance."""
    return balances().first()


def moved_yen(*, since: StatementBalance | None = None, until: date | None = None) -> int:
    """What the lines of the bank add up to: those that a balance does not contain, up to the end of a day.

    A line that a second file said again counts once. Of the balance's own day those lines are not in it that a later
    file brought.
    """
    rows = StatementLine.objects.filter(twin__isnull=True)
    if since is not None:
        later = Q(booked_on=since.to_on, statement_id__gt=since.statement_id)
        rows = rows.filter(Q(booked_on__gt=since.to_on) | later)
    if until is not None:
        rows = rows.filter(booked_on__lte=until)
    return rows.aggregate(yen=Sum(_EFFECT))["yen"] or 0


def first_line_on() -> date | None:
    """The day of the oldest line that was imported."""
    return StatementLine.objects.order_by("booked_on").values_list("booked_on", flat=True).first()
