"""Clocks of proposals are moved as soon as their client is shut out, and let in again (A185)."""

from uuid import UUID

from kotowari.accounts.events import LockEnded, MemberRestricted, RestrictionLifted
from kotowari.accounts.restrictions import CAUSES, KEEPS_OUT
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.outbox import on
from kotowari.market import services
from kotowari.market.models import Proposal


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
    waiting = Proposal.objects.filter(job__client_id=member_id, state="sent").order_by("pk")
    for proposal_id in list(waiting.values_list("pk", flat=True)):
        services.move_proposal_clock(actor=SYSTEM, proposal_id=proposal_id)
