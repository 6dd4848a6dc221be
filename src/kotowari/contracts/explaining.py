"""Why there is money in an escrow."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kotowari.contracts.models import Milestone
from kotowari.contracts.transitions import MILESTONE
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.explaining import Why, explains

HOLDS_MONEY = ("funded", "delivered", "changes_requested")


@explains(accounts.ESCROW)
def escrows(milestone_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Each is held for work that is under way; the milestone's clock ends it."""
    rows = Milestone.objects.filter(pk__in=milestone_ids, state__in=HOLDS_MONEY).select_related("contract__client")
    return {row.pk: _why(row) for row in rows}


def _why(row: Milestone) -> Why:
    [then] = MILESTONE.default_outcomes(row.state)
    words = Text("「{title}」の仮払い({state})。{then}。", "Escrow of “{title}” ({state}): {then}.")
    return Why(
        words.format(title=row.title, state=MILESTONE.states[row.state], then=then.deadline),
        owner=row.contract.client.display_name,
        owner_id=row.contract.client_id,
        until=row.deadline_at,
        url=f"/contracts/{row.contract_id}/",
    )
