"""Clocks that wait for a member are moved as soon as they are shut out, and let in again (A185)."""

from uuid import UUID

from django.db.models import Q

from kotowari.accounts.events import LockEnded, MemberRestricted, RestrictionLifted
from kotowari.accounts.restrictions import CAUSES, KEEPS_OUT
from kotowari.contracts import services
from kotowari.contracts.models import Contract
from kotowari.contracts.transitions import MOVES
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.outbox import on


@on(MemberRestricted)
@on(RestrictionLifted)
def restriction_changed(e: MemberRestricted | RestrictionLifted) -> None:
    """A freeze stops what waits for the member; a hold on money alone does not."""
    if set(CAUSES[e.cause].scope) & set(KEEPS_OUT):
        _move_all(e.member_id)


@on(LockEnded)
def lock_ended(e: LockEnded) -> None:
    """What a lock had moved comes forward again when it ends early."""
    _move_all(e.member_id)


def _move_all(member_id: UUID) -> None:
    mine = {side: [state for state, who in MOVES.items() if who == side] for side in ("client", "worker")}
    waiting = (
        Q(client_id=member_id, milestones__state__in=mine["client"])
        | Q(worker_id=member_id, milestones__state__in=mine["worker"])
        | (Q(client_id=member_id) | Q(worker_id=member_id))
        & Q(end_requests__state="open")
        & ~Q(end_requests__asked_by_id=member_id)
    )
    contracts = Contract.objects.filter(waiting, state="active").order_by("pk").distinct()
    for contract_id in list(contracts.values_list("pk", flat=True)):
        services.move_clocks(actor=SYSTEM, contract_id=contract_id)
