"""Holding back transfers that the bank would refuse, until their owner has put the account right."""

from collections.abc import Sequence
from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.payouts import entries, events
from kotowari.payouts.models import BankAccount, Payout
from kotowari.payouts.reasons import Reason
from kotowari.payouts.schedule import hold_lapses_at
from kotowari.payouts.services.naming import names
from kotowari.payouts.services.snapshots import DESTINATION_COLUMNS, point_to
from kotowari.payouts.transitions import PAYOUT
from kotowari.pricing import PayoutTerms, quick_dates


def hold(actor: Actor, faults: Sequence[tuple[Payout, Reason]]) -> None:
    """Take payouts, locked by the caller, out of their run, and tell each owner what is wrong and until when.

    Registering the account again lets a payout go on; at the deadline the money returns to its owner's balance.
    """
    if not faults:
        return
    lapses_at = hold_lapses_at(PayoutTerms.in_force())
    for payout, reason in faults:
        payout.state = PAYOUT.require(payout.state, "hold")
        payout.run_id, payout.lapses_at, payout.reason = None, lapses_at, reason.as_json()
        find_fault(payout, reason)
    Payout.objects.bulk_update([payout for payout, _ in faults], ["state", "run", "lapses_at", "reason"])
    audit.record_many(
        actor=actor,
        kind=entries.HELD,
        entries=[(payout, {"why_ja": reason.text.ja, "why_en": reason.text.en}) for payout, reason in faults],
    )
    emit(
        *(
            events.PayoutHeld(
                **names(payout),
                until=clock.last_day(lapses_at),
                reason_ja=reason.text.ja,
                reason_en=reason.text.en,
            )
            for payout, reason in faults
        )
    )


def waiting_payouts(member_id: UUID) -> list[Payout]:
    """A member's payouts that are not with the bank yet, locked; before the account, as whoever holds one does."""
    rows = Payout.objects.select_for_update(of=("self",)).filter(member_id=member_id, state__in=["requested", "held"])
    return list(rows.order_by("pk"))


def let_go_on(payouts: Sequence[Payout], account: BankAccount) -> None:
    """Point payouts, locked by the caller, to an account; those on hold go on, and a quick one begins its promise anew."""
    for payout in payouts:
        point_to(payout, account)
        if payout.state == "held":
            payout.state = PAYOUT.require("held", "release")
            payout.run_id = payout.lapses_at = payout.reason = None
            if payout.kind == "quick":  # the wait was its owner's
                _, payout.promised_on = quick_dates(clock.today(), PayoutTerms.in_force())
    changed = [*DESTINATION_COLUMNS, "state", "run", "lapses_at", "reason", "promised_on"]
    Payout.objects.bulk_update(payouts, changed)


def find_fault(payout: Payout, reason: Reason) -> None:
    """Let nothing more be sent to a payout's account, unless it was registered again since."""
    BankAccount.objects.filter(pk=payout.account_id, replaced_at__isnull=True).update(
        fault_code=reason.code, fault_text=reason.text.as_dict()
    )
