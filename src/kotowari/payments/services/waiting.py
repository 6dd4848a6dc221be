"""Deposits and milestones brought together: what covers a price goes into escrow, what is left says why it waits."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from kotowari.contracts.gates import FUND
from kotowari.contracts.models import Milestone
from kotowari.contracts.services import record_funding
from kotowari.contracts.transitions import MILESTONE
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor, SystemActor
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import explain
from kotowari.payments import entries, events, reasons
from kotowari.payments.models import Deposit, DepositMatch
from kotowari.payments.reasons import Reason
from kotowari.payments.selectors import MOST_TOGETHER
from kotowari.payments.transitions import DEPOSIT


def bring_together(actor: Actor, milestone: Milestone, chosen: Deposit | None = None) -> bool:
    """Fund a locked milestone from the deposits that came for it, if they cover its price; whether it was funded.

    A deposit takes part by itself when it names the milestone by seven digits before the name, or names it less
    clearly but brings exactly the price; `chosen` takes part because staff said so. One deposit that is exactly
    the price goes alone; else they are put together, `chosen` first, then the oldest. Afterwards every deposit for
    this milestone that still waits says why.
    """
    waiting = list(_for_milestone(milestone))
    if chosen is not None:
        chosen = next((d for d in waiting if d.pk == chosen.pk), chosen)
    is_funded = False
    if explain(FUND, SYSTEM, milestone).allowed:
        parts = _parts(milestone.client_pays_yen, waiting, chosen)
        if parts:
            _fund(actor, milestone, parts)
            is_funded = True
    for deposit in {d.pk: d for d in [*waiting, *([chosen] if chosen else [])]}.values():
        if deposit.is_waiting:
            keep_waiting(actor, deposit, _reason(deposit, milestone, waiting))
    return is_funded


def _for_milestone(milestone: Milestone) -> QuerySet[Deposit]:
    return (
        Deposit.objects.select_for_update(of=("self",))
        .filter(milestone=milestone, state="in_suspense")
        .order_by("booked_on", "pk")
    )


def _parts(needed_yen: int, waiting: Sequence[Deposit], chosen: Deposit | None) -> list[tuple[Deposit, int]]:
    """Which deposits give how much: nothing when they do not cover it."""
    ready = [d for d in waiting if not d.has_cheques and (d.is_certain or d.remaining_yen == needed_yen)]
    if chosen is not None:
        ready = [chosen, *(d for d in ready if d.pk != chosen.pk)]
    alone = next((d for d in ready if d.remaining_yen == needed_yen), None)
    if alone is not None and (chosen is None or alone.pk == chosen.pk):
        return [(alone, needed_yen)]
    parts: list[tuple[Deposit, int]] = []
    for deposit in [d for d in ready if d.is_certain or (chosen and d.pk == chosen.pk)][:MOST_TOGETHER]:
        taken_yen = min(deposit.remaining_yen, needed_yen - sum(part_yen for _, part_yen in parts))
        if taken_yen:
            parts.append((deposit, taken_yen))
    return parts if sum(part_yen for _, part_yen in parts) == needed_yen else []


def _fund(actor: Actor, milestone: Milestone, parts: Sequence[tuple[Deposit, int]]) -> None:
    (first, _), *rest = parts
    funded = record_funding(
        actor=SYSTEM,
        milestone_id=milestone.pk,
        deposit_id=first.pk,
        occurred_at=clock.now(),
        along=[(deposit.pk, part_yen) for deposit, part_yen in rest],
    )
    milestone.state, milestone.deadline_at = funded.state, funded.deadline_at
    matched_by = None if isinstance(actor, SystemActor) else actor.pk
    DepositMatch.objects.bulk_create(
        DepositMatch(deposit=deposit, milestone=milestone, amount_yen=part_yen, matched_by_id=matched_by)
        for deposit, part_yen in parts
    )
    for deposit, part_yen in parts:
        deposit.remaining_yen -= part_yen
        deposit.milestone, deposit.is_certain = milestone, True
        if not deposit.remaining_yen:
            close(deposit, "match")
        else:
            deposit.save(update_fields=["remaining_yen", "milestone", "is_certain"])
    audit.record_many(
        actor=actor,
        kind=entries.DEPOSIT_MATCHED,
        entries=[(d, {"title": milestone.title, "amount_yen": part_yen}) for d, part_yen in parts],
    )


def _reason(deposit: Deposit, milestone: Milestone, waiting: Iterable[Deposit]) -> Reason:
    if deposit.matches.exists():
        return reasons.too_much(deposit.remaining_yen)
    if not deposit.is_certain:
        return reasons.uncertain_reference(deposit.reference, deposit.remaining_yen, milestone.client_pays_yen)
    if milestone.state != "awaiting_funding":
        return reasons.not_awaiting(MILESTONE.states[milestone.state], deposit.remaining_yen)
    if deposit.has_cheques:
        return reasons.cheques()
    together_yen = sum(d.remaining_yen for d in waiting if d.is_certain and not d.has_cheques)
    return reasons.too_little(milestone.reference, milestone.client_pays_yen - together_yen, milestone.client_pays_yen)


def keep_waiting(actor: Actor, deposit: Deposit, reason: Reason) -> None:
    """Say why a deposit waits, on whom and until when; its sender is told when the words are new and it is known."""
    said = reason.as_json()
    if deposit.reason == said:
        return
    deposit.reason, deposit.waits_for = said, reason.waits_for
    deposit.save(update_fields=["reason", "waits_for"])
    audit.record(
        actor=actor,
        kind=entries.DEPOSIT_WAITS,
        subject=deposit,
        amount_yen=deposit.remaining_yen,
        why_ja=reason.text.ja,
        why_en=reason.text.en,
    )
    if reason.advice is not None and deposit.is_certain and deposit.decide_by is not None:
        emit(
            events.DepositWaits(
                **names(deposit),
                reason_code=reason.code,
                why_ja=reason.text.ja,
                why_en=reason.text.en,
                advice_ja=reason.advice.ja,
                advice_en=reason.advice.en,
                decide_by=deposit.decide_by,
            )
        )


def close(deposit: Deposit, event: str) -> None:
    """A deposit of which nothing is left in suspense comes to its end."""
    deposit.state = DEPOSIT.require(deposit.state, event)
    deposit.remaining_yen, deposit.waits_for = 0, ""
    deposit.reason, deposit.decide_by, deposit.closed_at = None, None, clock.now()
    deposit.save(
        update_fields=[
            "state",
            "remaining_yen",
            "milestone",
            "is_certain",
            "waits_for",
            "reason",
            "decide_by",
            "closed_at",
            "note",
        ]
    )


def names(deposit: Deposit) -> dict[str, Any]:
    """What every event of a deposit with a known sender carries."""
    milestone = deposit.milestone
    assert milestone is not None
    return {
        "deposit_id": deposit.pk,
        "contract_id": milestone.contract_id,
        "milestone_id": milestone.pk,
        "client_id": milestone.contract.client_id,
        "title": milestone.title,
        "amount_yen": deposit.amount_yen,
        "remaining_yen": deposit.remaining_yen,
    }


def last_moment() -> datetime:
    """Until when a deposit that comes in now is kept for an escrow."""
    return clock.end_of(clock.today() + timedelta(days=policy.value("payments.suspense_days")))
