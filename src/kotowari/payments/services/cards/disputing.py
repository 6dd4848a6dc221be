"""What cardholders' banks take back (chargebacks): found out by asking the processor, settled with the money (P021)."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from kotowari.contracts.explaining import HOLDS_MONEY
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.selectors import balance_of
from kotowari.ledger.services import Line, post
from kotowari.payments import entries, events
from kotowari.payments.cards import DisputeAnswer, NoAnswer, Rejected
from kotowari.payments.cards.choice import processor_of
from kotowari.payments.gates import ALLOW_CARDS, ASK_DISPUTE, SETTLE_DISPUTE
from kotowari.payments.models import CardDispute, CardPayment
from kotowari.payments.reasons import read_words
from kotowari.payments.services.cards.covering import reconsider_refunds
from kotowari.payments.services.cards.paying import RELATED, next_question_at
from kotowari.payments.transitions import CARD_DISPUTE

logger = logging.getLogger(__name__)
TRIES = 3
"""How often an answer is asked for anew that somebody else's overtook."""
EVENTS = {"open": "open", "won": "win", "lost": "lose"}


class OvertakenError(Exception):
    """Somebody else kept an answer between this question and its answer."""


def ask_about_dispute(*, actor: Actor, dispute_id: UUID) -> CardDispute:
    """Ask the processor where a dispute stands, now; returns it as it stands then. Raises `Refused`."""
    require(ASK_DISPUTE, actor, CardDispute.objects.get(pk=dispute_id))
    find_out_dispute(dispute_id=dispute_id)
    return CardDispute.objects.get(pk=dispute_id)


def find_out_dispute(*, dispute_id: UUID) -> bool:
    """Ask about a dispute and keep the answer, outside any transaction; whether there was one.

    An answer that is older than what somebody else has kept meanwhile counts for nothing: it is asked for once more.
    """
    try:
        for _ in range(TRIES):
            dispute = CardDispute.objects.get(pk=dispute_id)
            answer = _asked(dispute)
            with suppress(OvertakenError):
                settle_card_dispute(actor=SYSTEM, dispute_id=dispute_id, answer=answer, asked_when=dispute.version)
                return True
        raise NoAnswer("others keep answering")
    except (NoAnswer, Rejected) as lost:
        logger.info("card dispute %s cannot be found out yet (%s)", dispute_id, lost)
        CardDispute.objects.filter(pk=dispute_id, state__in=["heard", "opened"]).update(due_at=next_question_at())
        return False


def _asked(dispute: CardDispute) -> DisputeAnswer | None:
    taker = processor_of(dispute.processor, dispute.account)
    if taker is None:
        raise NoAnswer("not configured")
    answer = taker.ask_dispute(dispute.reference)
    if not _can_be(answer, dispute):
        logger.error("card dispute %s: the processor says what cannot be: %s", dispute.pk, answer)
        raise NoAnswer("not possible")
    return answer


def _can_be(answer: DisputeAnswer | None, dispute: CardDispute) -> bool:
    """Whether an answer fits the dispute; one that was known is not unknown afterwards."""
    if answer is None:
        return dispute.state in ("heard", "unfounded")
    sums = answer.amount_yen > 0 and answer.taken_yen >= 0 and answer.fee_yen >= 0
    return sums and answer.reference == dispute.reference and (answer.outcome != "won" or answer.taken_yen == 0)


@command(SETTLE_DISPUTE)
def settle_card_dispute(
    *, actor: Actor, dispute_id: UUID, answer: DisputeAnswer | None, asked_when: tuple[object, ...]
) -> int:
    """Keep what the processor answered, None when it knows of no such dispute; the books follow the money it names.

    1, or 0 when nothing is new. Raises `OvertakenError` when the dispute is no longer as it was `asked_when` the question
    was put.
    """
    dispute, before = _locked(dispute_id, answer.charge if answer is not None else "")
    require(SETTLE_DISPUTE, actor, dispute)
    if before.version != asked_when:
        raise OvertakenError
    if answer is None:
        return _deny(actor, dispute)
    due_yen = _follow_money(actor, dispute, answer)
    dispute.amount_yen, dispute.reason, dispute.charge = answer.amount_yen, answer.reason[:100], answer.charge[:200]
    dispute.evidence_due_at, dispute.is_answered = answer.evidence_due_at, answer.is_answered
    was, event = dispute.state, EVENTS[answer.outcome]
    if CARD_DISPUTE.may(was, event):
        dispute.state = CARD_DISPUTE.require(was, event)
    _set_clocks(dispute, has_moved=dispute.state != was)
    if dispute.state == "lost":
        _bear(actor, dispute)
    else:
        dispute.cards_allowed_at = None
    dispute.save()
    if _told(dispute) == before.told:
        return 0
    audit.record(
        actor=actor,
        kind=entries.DISPUTE_ANSWERED,
        subject=dispute,
        amount_yen=dispute.amount_yen,
        state=dispute.state,
        taken_yen=dispute.taken_yen,
        fee_yen=dispute.fee_yen,
    )
    if dispute.payment is not None:
        reconsider_refunds(actor, dispute.payment)
    is_news = dispute.payment_id != before.version[0] or (dispute.taken_yen > 0 and not before.taken_yen)
    _tell(dispute, due_yen, has_moved=dispute.state != was, is_news=is_news)
    return 1


class _Before(NamedTuple):
    """A dispute as it stood when it was locked."""

    version: tuple[object, ...]
    told: tuple[object, ...]
    taken_yen: int


def _told(dispute: CardDispute) -> tuple[object, ...]:
    """What there is to say about a dispute beyond its clocks."""
    return (*dispute.version, dispute.taken_yen, dispute.fee_yen, dispute.is_answered, dispute.evidence_due_at)


def _locked(dispute_id: UUID, charge: str) -> tuple[CardDispute, _Before]:
    """The dispute behind the lock of its payment, which may just have become known by its charge; and what it was."""
    dispute = CardDispute.objects.get(pk=dispute_id)
    of_charge = CardPayment.objects.filter(processor=dispute.processor, account=dispute.account, charge=charge)
    payment_id = dispute.payment_id or (charge and of_charge.values_list("pk", flat=True).first())
    payment = lock(CardPayment, payment_id, *RELATED) if payment_id else None
    dispute = lock(CardDispute, dispute_id)
    before = _Before(dispute.version, _told(dispute), dispute.taken_yen)
    if payment is not None:
        dispute.payment = payment
    return dispute, before


def _deny(actor: Actor, dispute: CardDispute) -> int:
    if not CARD_DISPUTE.may(dispute.state, "deny"):
        return 0
    dispute.state = CARD_DISPUTE.require(dispute.state, "deny")
    _set_clocks(dispute, has_moved=True)
    dispute.save(update_fields=["state", "due_at", "closed_at"])
    audit.record(
        actor=actor,
        kind=entries.DISPUTE_ANSWERED,
        subject=dispute,
        amount_yen=0,
        state=dispute.state,
        taken_yen=0,
        fee_yen=0,
    )
    return 1


def _set_clocks(dispute: CardDispute, *, has_moved: bool) -> None:
    now = clock.now()
    if dispute.state == "opened":
        dispute.due_at, dispute.closed_at = now + timedelta(hours=policy.value("payments.dispute_ask_hours")), None
        dispute.decide_by = (dispute.evidence_due_at or dispute.heard_at) + timedelta(
            days=policy.value("payments.dispute_decide_days")
        )
    elif has_moved:
        dispute.due_at, dispute.closed_at = None, now


def _follow_money(actor: Actor, dispute: CardDispute, answer: DisputeAnswer) -> int:
    """Journal what the processor has taken, or given back, since it was asked last; what of that is the client's.

    A loss that a refund had covered, and that is given back after all, is due to the client by bank: the cardholder's
    bank has taken it from there again.
    """
    more_yen, fee_yen = answer.taken_yen - dispute.taken_yen, answer.fee_yen - dispute.fee_yen
    due_yen = max(dispute.covered_yen - answer.taken_yen, 0)
    disputed, losses = accounts.card_disputed(dispute.pk), accounts.card_dispute_losses()
    taken = [Line(disputed, -max(more_yen, 0)), Line(accounts.card_fees(), -max(fee_yen, 0))]
    back_from = losses if dispute.state == "lost" else disputed
    back = [Line(back_from, max(-more_yen, 0) - due_yen), Line(accounts.card_fees(), max(-fee_yen, 0))]
    if due_yen:
        assert dispute.payment is not None, "only a known payment's refund has covered it"
        back.append(Line(accounts.refund_due(dispute.payment.milestone.contract.client_id), due_yen))
    for kind, lines in ((JournalKind.CARD_DISPUTE_OPENED, taken), (JournalKind.CARD_DISPUTE_WON, back)):
        if (moved_yen := sum(line.amount_yen for line in lines)) != 0:
            _post(actor, dispute, kind, [*lines, Line(accounts.card_clearing(dispute.processor), -moved_yen)])
    dispute.taken_yen, dispute.fee_yen = answer.taken_yen, answer.fee_yen
    dispute.covered_yen -= due_yen
    return due_yen


def _bear(actor: Actor, dispute: CardDispute) -> None:
    """What is lost is the operator's expense, and nobody else's."""
    lost_yen = -balance_of(accounts.card_disputed(dispute.pk))
    if lost_yen:
        lines = [Line(accounts.card_disputed(dispute.pk), lost_yen), Line(accounts.card_dispute_losses(), -lost_yen)]
        _post(actor, dispute, JournalKind.CARD_DISPUTE_LOST, lines)


def _post(actor: Actor, dispute: CardDispute, kind: JournalKind, lines: list[Line]) -> None:
    milestone = dispute.payment.milestone if dispute.payment is not None else None
    post(
        kind=kind,
        scope=f"card.{kind}",
        key=f"{dispute.pk}:{dispute.moves}",
        lines=lines,
        actor=actor,
        contract_id=milestone.contract_id if milestone else None,
        milestone_id=milestone.pk if milestone else None,
    )
    dispute.moves += 1


def _tell(dispute: CardDispute, due_yen: int, *, has_moved: bool, is_news: bool) -> None:
    if dispute.state == "opened" and (has_moved or is_news):
        payment = dispute.payment
        works = payment is not None and payment.milestone.card_payment_id == payment.pk
        assert dispute.decide_by is not None, "set with the state"
        emit(
            events.CardDisputeOpened(
                **_names(dispute),
                worker_id=payment.milestone.contract.worker_id
                if works and payment is not None and payment.milestone.state in HOLDS_MONEY
                else None,
                evidence_due_at=dispute.evidence_due_at,
                decide_by=dispute.decide_by,
            )
        )
    elif has_moved:
        emit(events.CardDisputeEnded(**_names(dispute), state=dispute.state, due_yen=due_yen))


def _names(dispute: CardDispute) -> dict[str, Any]:
    milestone = dispute.payment.milestone if dispute.payment is not None else None
    return {
        "dispute_id": dispute.pk,
        "payment_id": dispute.payment_id,
        "contract_id": milestone.contract_id if milestone else None,
        "milestone_id": milestone.pk if milestone else None,
        "client_id": milestone.contract.client_id if milestone else None,
        "title": milestone.title if milestone else "",
        "amount_yen": dispute.amount_yen,
        "taken_yen": dispute.taken_yen,
        "fee_yen": dispute.fee_yen,
    }


@command(ALLOW_CARDS)
def allow_cards_again(*, actor: Actor, dispute_id: UUID, note: str) -> CardDispute:
    """Staff let the client of a lost dispute pay by card again. Raises `InputError` under `note`."""
    dispute = lock(CardDispute, dispute_id)
    require(ALLOW_CARDS, actor, dispute)
    dispute.note, dispute.cards_allowed_at = read_words(note, "note").ja, clock.now()
    dispute.save(update_fields=["note", "cards_allowed_at"])
    audit.record(actor=actor, kind=entries.DISPUTE_CARDS_ALLOWED, subject=dispute, note=dispute.note)
    emit(events.CardsAllowed(**_names(dispute)))
    return dispute
