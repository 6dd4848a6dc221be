"""Card payments as a person may see them, and the facts that gates ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet, Sum

from kotowari.contracts.gates import MilestoneFacts
from kotowari.contracts.models import Milestone
from kotowari.contracts.selectors import milestone_facts
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.ledger import accounts
from kotowari.ledger.selectors import balance_of, balances_of
from kotowari.payments import gates
from kotowari.payments.cards import processor
from kotowari.payments.models import CardPayment, CardRefund, Deposit, WebhookEvent
from kotowari.payments.models.cards import UNDER_WAY
from kotowari.payments.selectors.deposits import role_of as role_in_deposit
from kotowari.payments.selectors.disputes import against_clients, against_payments

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Claim:
    """A deposit that staff take for the processor's transfer, with the fee it kept back."""

    deposit: Deposit
    processor: str
    fee_yen: int

    @property
    def pk(self) -> UUID:
        """The deposit's, which the decision is about."""
        return self.deposit.pk


@dataclass(frozen=True, slots=True)
class Message:
    """What came in under the processor's name: what `HEAR` is asked about."""

    is_genuine: bool
    pk: None = None


@dataclass(frozen=True, slots=True)
class CardTotals:
    """For the head of the console's list: how many are being found out, are with staff, and what is owed to us."""

    unknown: int
    set_aside: int
    owed_yen: int


def card_payments_visible_to(actor: Actor) -> QuerySet[CardPayment]:
    """Card payments, the newest first: staff and the system all; a client those for its own milestones."""
    rows = CardPayment.objects.select_related("milestone__contract__client", "made_by").order_by("-pk")
    if isinstance(actor, SystemActor) or actor.is_staff:
        return rows
    return rows.filter(milestone__contract__client_id=actor.pk)


def card_refunds_visible_to(actor: Actor) -> QuerySet[CardRefund]:
    """Card refunds, the newest first, of those payments."""
    rows = CardRefund.objects.select_related("payment__milestone__contract__client").order_by("-pk")
    return rows.filter(payment__in=card_payments_visible_to(actor).order_by())


def webhooks_visible_to(actor: Actor) -> QuerySet[WebhookEvent]:
    """The processor's messages, the newest first; for staff and the system."""
    rows = WebhookEvent.objects.order_by("-pk")
    return rows if isinstance(actor, SystemActor) or actor.is_staff else rows.none()


def card_totals() -> CardTotals:
    """Counts of what is not known, and what processors owe."""
    return CardTotals(
        unknown=CardPayment.objects.filter(state="unknown").count()
        + CardRefund.objects.filter(state="unknown").count(),
        set_aside=CardPayment.objects.filter(state="set_aside").count()
        + CardRefund.objects.filter(state="set_aside").count(),
        owed_yen=sum(owed_by_processor(name) for name in accounts.CARD_CLEARINGS),
    )


def owed_by_processor(name: str) -> int:
    """What a processor has taken for us and not transferred yet, in yen; below zero when we owe it."""
    return -balance_of(accounts.card_clearing(name))


def overdue_processor_yen() -> int:
    """How much processors owe that they should have transferred by now."""
    since = clock.now() - timedelta(days=policy.value("payments.card_payout_days"))
    recent = (
        CardPayment.objects.filter(state__in=["succeeded", "refunded"], closed_at__gt=since).aggregate(
            yen=Sum("amount_yen")
        )["yen"]
        or 0
    )
    owed = sum(owed_by_processor(name) for name in accounts.CARD_CLEARINGS)
    return max(owed - recent, 0)


@subject("payments.cardpayment")
def _payment(actor: Actor, id: str) -> CardPayment:
    return _get(card_payments_visible_to(actor), "payments.cardpayment", id)


@subject("payments.cardrefund")
def _refund(actor: Actor, id: str) -> CardRefund:
    return _get(card_refunds_visible_to(actor), "payments.cardrefund", id)


def _get(rows: QuerySet[Row], kind: str, id: str) -> Row:
    row = rows.filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible(kind, id)
    return row


def _role(actor: Actor | None, milestone: Milestone) -> gates.Role:
    if isinstance(actor, SystemActor):
        return "system"
    if actor is not None and actor.pk == milestone.contract.client_id:
        return "client"
    return "staff" if actor is not None and actor.is_staff else "other"


def page_of(payment: CardPayment) -> str:
    """The address of a payment's own page."""
    milestone = payment.milestone
    return f"/contracts/{milestone.contract_id}/milestones/{milestone.pk}/fund/card/{payment.pk}/"


@facts_for(gates.PAY_BY_CARD)
def pay_by_card_facts(actor: Actor, milestones: Sequence[Milestone]) -> list[gates.PayByCardFacts]:
    """Facts of milestones that are paid by card (with `contract` read along): five queries for any number."""
    under_way = {
        row.milestone_id: gates.UnderWay(id=row.pk, state=row.state, due_at=row.due_at)
        for row in CardPayment.objects.filter(milestone__in=[m.pk for m in milestones], state__in=UNDER_WAY)
        if row.due_at is not None
    }
    disputes = against_clients(milestone.contract.client_id for milestone in milestones)
    has_processor, card_max_yen = processor() is not None, policy.value("payments.card_max_yen")
    return [
        gates.PayByCardFacts(
            **{name: getattr(facts, name) for name in _MILESTONE_FIELDS},
            has_processor=has_processor,
            amount_yen=milestone.client_pays_yen,
            card_max_yen=card_max_yen,
            under_way=under_way.get(milestone.pk),
            dispute=disputes.get(milestone.contract.client_id),
        )
        for facts, milestone in zip(milestone_facts(actor, milestones), milestones, strict=True)
    ]


_MILESTONE_FIELDS = tuple(MilestoneFacts.__dataclass_fields__)


@facts_for(gates.SEE_CARDS)
def list_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.OperatorFacts]:
    """Who asks for the list: no query."""
    return [gates.OperatorFacts(role=role_in_deposit(actor)) for _ in subjects]


@facts_for(gates.SEE_CARD, gates.ASK_CARD, gates.SEND_CARD, gates.SETTLE_CARD, gates.LAPSE_CARD, gates.CLOSE_CARD)
def card_facts(actor: Actor, payments: Sequence[CardPayment]) -> list[gates.CardFacts]:
    """Facts of card payments (with milestone and contract read along): no query."""
    return [
        gates.CardFacts(
            role=_role(actor, row.milestone),
            now=clock.now(),
            state=row.state,
            due_at=row.due_at,
            give_up_at=row.give_up_at,
            url=page_of(row),
        )
        for row in payments
    ]


@facts_for(gates.SEND_REFUND)
def send_refund_facts(actor: Actor, refunds: Sequence[CardRefund]) -> list[gates.SendRefundFacts]:
    """Facts of refunds that are to be sent, with what stands against their payments: one query for any number."""
    disputes = against_payments(row.payment_id for row in refunds)
    return [
        gates.SendRefundFacts(
            **{name: getattr(facts, name) for name in _CARD_FIELDS}, dispute=disputes.get(row.payment_id)
        )
        for facts, row in zip(refund_facts(actor, refunds), refunds, strict=True)
    ]


_CARD_FIELDS = tuple(gates.CardFacts.__dataclass_fields__)


@facts_for(gates.SETTLE_REFUND, gates.LAPSE_REFUND, gates.CLOSE_REFUND)
def refund_facts(actor: Actor, refunds: Sequence[CardRefund]) -> list[gates.CardFacts]:
    """Facts of card refunds (with payment, milestone and contract read along): no query."""
    return [
        gates.CardFacts(
            role=_role(actor, row.payment.milestone),
            now=clock.now(),
            state=row.state,
            due_at=row.due_at,
            give_up_at=row.give_up_at,
            url=page_of(row.payment),
        )
        for row in refunds
    ]


@facts_for(gates.REFUND_CARD)
def refund_card_facts(actor: Actor, payments: Sequence[CardPayment]) -> list[gates.RefundCardFacts]:
    """How much of each payment can go back: one query for any number."""
    held = balances_of([accounts.card_held(row.pk) for row in payments])
    return [
        gates.RefundCardFacts(
            role=_role(actor, row.milestone), state=row.state, held_yen=held[accounts.card_held(row.pk)]
        )
        for row in payments
    ]


@facts_for(gates.KNOW_PROCESSOR)
def processor_facts(actor: Actor, subjects: Sequence[Deposit | Claim]) -> list[gates.ProcessorFacts]:
    """Facts of deposits that may be a processor's: two queries for any number."""
    owed = {name: owed_by_processor(name) for name in accounts.CARD_CLEARINGS}
    facts = []
    for each in subjects:
        deposit, fee_yen = (each.deposit, each.fee_yen) if isinstance(each, Claim) else (each, 0)
        facts.append(
            gates.ProcessorFacts(
                role=role_in_deposit(actor, deposit),
                now=clock.now(),
                state=deposit.state,
                remaining_yen=deposit.remaining_yen,
                decide_by=deposit.decide_by,
                owed_yen=owed[each.processor] if isinstance(each, Claim) else max(owed.values()),
                claimed_yen=deposit.remaining_yen + fee_yen,
            )
        )
    return facts


@facts_for(gates.HEAR)
def hear_facts(actor: Actor | None, subjects: Sequence[Message | None]) -> list[gates.HearFacts]:  # noqa: ARG001
    """Whether the message is the processor's, whoever brings it; without one nothing is genuine. No query."""
    return [
        gates.HearFacts(has_processor=processor() is not None, is_genuine=each is not None and each.is_genuine)
        for each in subjects
    ]
