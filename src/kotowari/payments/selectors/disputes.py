"""Disputes of cardholders as staff may see them, what stands against whom, and the facts that gates ask for."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import F, QuerySet

from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.payments import gates
from kotowari.payments.models import CardDispute
from kotowari.payments.selectors.deposits import role_of


def card_disputes_visible_to(actor: Actor) -> QuerySet[CardDispute]:
    """Disputes, the newest first, for staff and the system: what a client needs of one stands at the payment."""
    rows = CardDispute.objects.select_related("payment__milestone__contract__client").order_by("-pk")
    return rows if isinstance(actor, SystemActor) or actor.is_staff else rows.none()


def open_disputes_of(client_id: UUID) -> QuerySet[CardDispute]:
    """The disputes of a client's card payments that are not decided, what should be decided first first."""
    rows = CardDispute.objects.filter(state="opened", payment__milestone__contract__client_id=client_id)
    return rows.select_related("payment__milestone").order_by("decide_by")


def against_clients(client_ids: Iterable[UUID]) -> dict[UUID, gates.Standing]:
    """What keeps each of these clients from paying by card: an open dispute before a lost one. One query."""
    rows = CardDispute.objects.filter(
        payment__milestone__contract__client_id__in=set(client_ids),
        state__in=["opened", "lost"],
        cards_allowed_at__isnull=True,
    )
    named = rows.values_list("payment__milestone__contract__client_id", "state", "decide_by")
    return _worst(named)


def against_payments(payment_ids: Iterable[UUID]) -> dict[UUID, gates.Standing]:
    """What of each of these card payments its cardholder's bank has taken, or has for good and uncovered. One query."""
    rows = CardDispute.objects.filter(
        payment__in=set(payment_ids), state__in=["opened", "lost"], taken_yen__gt=F("covered_yen")
    )
    return _worst(rows.values_list("payment_id", "state", "decide_by"))


def _worst(rows: Iterable[tuple[UUID, str, object]]) -> dict[UUID, gates.Standing]:
    """Of several the open one that ends last; a lost one where none is open."""
    found: dict[UUID, gates.Standing] = {}
    for id, state, decide_by in rows:
        each = gates.Standing(state=state, until=decide_by if state == "opened" else None)  # type: ignore[arg-type]
        other = found.get(id)
        if other is None or other.until is None or (each.until is not None and each.until > other.until):
            found[id] = each
    return found


def page_of_dispute(dispute: CardDispute) -> str:
    """The address of a dispute's page in the console."""
    return f"/console/cards/disputes/{dispute.pk}/"


@subject("payments.carddispute")
def _dispute(actor: Actor, id: str) -> CardDispute:
    row = card_disputes_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("payments.carddispute", id)
    return row


@facts_for(gates.SEE_DISPUTE, gates.ASK_DISPUTE, gates.SETTLE_DISPUTE, gates.ALLOW_CARDS)
def dispute_facts(actor: Actor, disputes: Sequence[CardDispute]) -> list[gates.DisputeFacts]:
    """Facts of disputes: no query."""
    return [
        gates.DisputeFacts(
            role=role_of(actor),
            state=row.state,
            cards_allowed=row.cards_allowed_at is not None,
            url=page_of_dispute(row),
        )
        for row in disputes
    ]
