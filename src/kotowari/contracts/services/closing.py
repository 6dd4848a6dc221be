"""How milestones close without being accepted, and contracts with their last milestone."""

from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.contracts import entries, events
from kotowari.contracts.models import Contract, EndRequest, Milestone
from kotowari.contracts.transitions import CONTRACT, END_REQUEST, MILESTONE
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post


def names(milestone: Milestone) -> dict[str, Any]:
    """What every event of a milestone carries."""
    return {
        "contract_id": milestone.contract_id,
        "milestone_id": milestone.pk,
        "client_id": milestone.contract.client_id,
        "worker_id": milestone.contract.worker_id,
        "title": milestone.title,
    }


def cancel(actor: Actor, milestone: Milestone, *, event: str) -> None:
    """Close a milestone into which no money has come."""
    _close(milestone, MILESTONE.require(milestone.state, event))
    audit.record(actor=actor, kind=entries.CANCELLED, subject=milestone, title=milestone.title)
    emit(events.MilestoneCancelled(**names(milestone), by_clock=isinstance(actor, SystemActor)))


def refund(actor: Actor, milestone: Milestone, *, event: str) -> None:
    """Close a funded milestone; its whole escrow goes back where it came from: to the card, else owed to the client."""
    card_payment_id, client_id = milestone.card_payment_id, milestone.contract.client_id
    goes_to = accounts.card_held(card_payment_id) if card_payment_id else accounts.refund_due(client_id)
    post(
        kind=JournalKind.MILESTONE_REFUNDED,
        scope="milestone.close",
        key=str(milestone.pk),
        lines=[
            Line(accounts.escrow(milestone.pk), -milestone.client_pays_yen),
            Line(goes_to, milestone.client_pays_yen),
        ],
        occurred_at=clock.now(),
        actor=actor,
        contract_id=milestone.contract_id,
        milestone_id=milestone.pk,
    )
    _close(milestone, MILESTONE.require(milestone.state, event))
    audit.record(
        actor=actor,
        kind=entries.REFUNDED,
        subject=milestone,
        title=milestone.title,
        amount_yen=milestone.client_pays_yen,
    )
    emit(
        events.MilestoneRefunded(
            **names(milestone),
            amount_yen=milestone.client_pays_yen,
            by_clock=isinstance(actor, SystemActor),
            card_payment_id=card_payment_id,
        )
    )


def _close(milestone: Milestone, state: str) -> None:
    milestone.state = state
    milestone.deadline_at = None
    milestone.closed_at = clock.now()
    milestone.save(update_fields=["state", "deadline_at", "closed_at"])


def close_done_contracts(contracts: str) -> None:
    """Close those contracts whose last milestone has closed: completed if any was accepted, else ended.

    `contracts` is the text of an array of ids. Locked in id order and after their milestones; only then are the
    milestones read, so that two last ones cannot miss each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_ACTIVE, (contracts,))
        (held,) = cursor.fetchone()
        cursor.execute(
            _CLOSE_DONE,
            {
                "contracts": held,
                "final": sorted(MILESTONE.final),
                "completed": CONTRACT.require("active", "complete"),
                "ended": CONTRACT.require("active", "end"),
                "withdrawn": END_REQUEST.require("open", "withdraw"),
                "now": clock.now(),
            },
        )


_HOLD_ACTIVE = """
WITH held AS MATERIALIZED (
    SELECT id FROM contracts_contract WHERE id = ANY (%s::uuid[]) AND state = 'active' ORDER BY id FOR UPDATE
)
SELECT coalesce(array_agg(id), '{}')::text FROM held
"""
_CLOSE_DONE = """
WITH done AS MATERIALIZED (
    SELECT contract_id, bool_or(state = 'accepted') AS has_accepted FROM contracts_milestone
    WHERE contract_id = ANY (%(contracts)s::uuid[])
    GROUP BY contract_id HAVING bool_and(state = ANY (%(final)s))
), dropped AS (
    UPDATE contracts_endrequest SET state = %(withdrawn)s, closed_at = %(now)s
    WHERE contract_id = ANY (ARRAY(SELECT contract_id FROM done)) AND state = 'open'
)
UPDATE contracts_contract c SET closed_at = %(now)s, state = CASE WHEN d.has_accepted THEN %(completed)s ELSE %(ended)s END
FROM done d WHERE c.id = d.contract_id
"""


def close_contracts(ids: list[UUID], event: str) -> None:
    """Close contracts, and drop what was still asked of them."""
    now = clock.now()
    Contract.objects.filter(pk__in=ids).update(state=CONTRACT.require("active", event), closed_at=now)
    EndRequest.objects.filter(contract_id__in=ids, state="open").update(
        state=END_REQUEST.require("open", "withdraw"), closed_at=now
    )
