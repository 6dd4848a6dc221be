"""What the rooms below say: the bank's statement about our transfers, and names that members register."""

from kotowari.accounts.events import NameRegistered
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.outbox import on
from kotowari.payments.events import BalanceTold, OutgoingSeen, ReturnSeen
from kotowari.payouts import services


@on(OutgoingSeen)
def money_went_out(e: OutgoingSeen) -> None:
    """Settle what the line paid for, or keep the line open with the reason."""
    services.match_outgoing(
        actor=SYSTEM, entry_key=e.entry_key, amount_yen=e.amount_yen, booked_on=e.booked_on, name=e.name
    )


@on(ReturnSeen)
def money_came_back(e: ReturnSeen) -> None:
    """Put back the transfer it is the return of, or keep the line open with the reason."""
    services.match_returned(
        actor=SYSTEM, entry_key=e.entry_key, amount_yen=e.amount_yen, booked_on=e.booked_on, name=e.name
    )


@on(BalanceTold)
def bank_told_its_balance(e: BalanceTold) -> None:  # noqa: ARG001 - it is read from the table, where it may be newer
    """Compare it with the books, now that every line of its file was looked at."""
    services.reconcile(actor=SYSTEM)


@on(NameRegistered)
def name_registered(e: NameRegistered) -> None:
    """Compare the holder of the member's account again."""
    services.compare_holder(actor=SYSTEM, member_id=e.member_id)
