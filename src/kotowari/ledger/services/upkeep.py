"""Closing the books, and adding the tail of the busiest accounts to their balances."""

from datetime import date

from django.db import connection, transaction

from kotowari.foundation.actors import Actor, name_of
from kotowari.kernel import clock
from kotowari.ledger import selectors
from kotowari.ledger.errors import PeriodClosed
from kotowari.ledger.models import Period, PeriodBalance
from kotowari.ledger.selectors import Month
from kotowari.ledger.services.refusals import typed_errors


def close_period(*, through: date, actor: Actor) -> Period:
    """Close the books through a day that is over (Tokyo): nothing can be dated on or before it any more.

    Waits until journals that are being written have ended; new ones wait meanwhile. Raises `PeriodClosed` when
    they are closed through that day already, `ValueError` for a day that is not over.
    """
    if through >= clock.today():
        raise ValueError(f"{through.isoformat()} is not over yet")
    with transaction.atomic(), connection.cursor() as cursor:
        # Conflicts with every insert: whoever is inside finishes first, whoever comes later sees the closing.
        cursor.execute("LOCK TABLE ledger_journal IN SHARE ROW EXCLUSIVE MODE")
        last = Period.objects.order_by("-closed_through").first()
        if last is not None and last.closed_through >= through:
            raise PeriodClosed(last.closed_through)
        return Period.objects.create(
            closed_through=through, closed_at=clock.now(), actor_id=actor.pk, actor_name=name_of(actor)
        )


def keep_balances() -> int:
    """Count once what every class of accounts stood at when a closed period ended; of how many periods.

    Not while it is closed: counting a month takes seconds in large books, and money would wait for it. What is closed
    does not change, so nothing is lost by counting it afterwards, and whoever is slower finds it there.
    """
    waiting = selectors.without_balances()
    for period in waiting:
        rows = selectors.trial_balance(Month(period.closed_through.replace(day=1), period.closed_through))
        PeriodBalance.objects.bulk_create(
            [PeriodBalance(period=period, account_class=row.of.name, balance_yen=row.closing_yen) for row in rows],
            ignore_conflicts=True,
        )
    return len(waiting)


def roll_up() -> int:
    """Add what was posted to `rollup` accounts since the last time to their balances; how many lines it was.

    Balances read the same before, during and after: readers add the tail themselves.
    """
    with typed_errors(), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_roll_up()")
        row: tuple[int] = cursor.fetchone()
    return row[0]
