"""The closing: what was fixed by the end of a day is gathered, member by member, and made ready for the bank.

It goes in steps of `CHUNK` members, each its own transaction that moves the closing's cursor along with the money.
Killed anywhere, it goes on where it stopped; run twice or side by side, each member is gathered once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Sum

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import Blocker, decide, require
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts import entries, events
from kotowari.payouts.gates import CLOSE, RECEIVE, account_registered, account_works, not_held
from kotowari.payouts.models import CarriedOver, Closing
from kotowari.payouts.receiving import Receivers, receivers
from kotowari.payouts.schedule import closing_before
from kotowari.payouts.services.gathering import Gathered, pay_whom_nothing_stops
from kotowari.payouts.services.members import again_after_deadlock, lock_members, lock_set
from kotowari.payouts.services.requesting import Request, request_payouts
from kotowari.payouts.services.runs import earliest_pay_date, gather_closing
from kotowari.payouts.transitions import CLOSING
from kotowari.pricing import PayoutTerms, closing_dates

CHUNK = 4_000
"""Members in one step of rewards: their rows are locked meanwhile, so a step takes about a second."""
ONE_BY_ONE = 200
"""As many in one step, or one batch, of what goes through Python one by one."""

NEEDS_OWNER = {"no_bank_account", "account_unusable"}
"""Reasons of which the owner is told by mail, since nothing but the owner can end them."""


def close(*, actor: Actor, on: date | None = None) -> Closing:
    """Close a day (the last closing that is over), all of it; a closing that was interrupted goes on.

    Earlier closings that were interrupted are finished first, so that each pays what was its own. Raises `Refused`
    for a day that is no closing day or is not over.
    """
    day = on or closing_before(clock.today())
    begin_closing(actor=actor, closes_on=day)
    unfinished = Closing.objects.filter(state="gathering", closes_on__lte=day).order_by("closes_on")
    for closes_on in list(unfinished.values_list("closes_on", flat=True)):
        for step in (gather_rewards, gather_refunds):
            while again_after_deadlock(step, actor=actor, closes_on=closes_on):
                pass
        finish_closing(actor=actor, closes_on=closes_on)
    return Closing.objects.get(closes_on=day)


@command(CLOSE)
def begin_closing(*, actor: Actor, closes_on: date) -> int:
    """Fix a closing with the rules of its day; 0 if that was done before.

    A closing that is made too late for its pay date is paid on the first day on which the bank still can.
    """
    require(CLOSE, actor, closes_on)
    terms = PayoutTerms.in_force(closes_on)
    _, pays_on = closing_dates(closes_on, terms)
    mine = Closing(closes_on=closes_on, pays_on=max(pays_on, earliest_pay_date()), terms=terms.to_dict())
    Closing.objects.bulk_create([mine], ignore_conflicts=True)
    if not Closing.objects.filter(pk=mine.pk).exists():
        return 0
    audit.record(actor=actor, kind=entries.CLOSING_BEGUN, subject=mine, closes_on=closes_on)
    return 1


@command(CLOSE)
def gather_rewards(*, actor: Actor, closes_on: date) -> int:
    """Gather the rewards of the next members; returns how many members were looked at, 0 when all were."""
    closing = _locked(closes_on)
    require(CLOSE, actor, closes_on)
    if closing.state != "gathering":
        return 0
    ends_at = clock.end_of(closes_on)
    found = ledger.rewards_due(fixed_before=ends_at, after=closing.rewards_through, limit=CHUNK)
    if found is None:
        return 0
    lock_set(found.members)
    closing.rewards_through = found.last
    due = ledger.rewards_due(fixed_before=ends_at, among=found.members, limit=CHUNK)
    gathered = pay_whom_nothing_stops(actor, closing, due) if due else Gathered(0, {})
    amounts = gathered.others
    to_pay = receivers(amounts, PayoutTerms.from_dict(closing.terms), cycle=closes_on)
    blockers = {
        member_id: decide(
            RECEIVE,
            to_pay.reward_facts(member_id, amount_yen, closes_on=closes_on, pays_on=closing.pays_on),
        ).blockers
        for member_id, amount_yen in amounts.items()
    }
    _gather(actor, closing, "reward", amounts, blockers, to_pay, gathered.paid)
    return found.size


@command(CLOSE)
def gather_refunds(*, actor: Actor, closes_on: date) -> int:
    """Gather what goes back to the next clients; returns how many were looked at, 0 when all were."""
    closing = _locked(closes_on)
    require(CLOSE, actor, closes_on)
    if closing.state != "gathering":
        return 0
    found = list(ledger.members_with_refund(after=closing.refunds_through, limit=min(CHUNK, ONE_BY_ONE)))
    if not found:
        return 0
    lock_members(found)
    amounts = _refunds_due(found)
    terms = PayoutTerms.from_dict(closing.terms)
    fees = policy.value("payments.refund_transfer_fees", closes_on)
    to_pay = receivers(found, replace(terms, transfer_fees=fees, free_transfers_per_closing=0))
    blockers = {
        member_id: tuple(
            replace(blocker, code=f"{RECEIVE.name}.{blocker.code}")
            for rule in (account_registered, account_works, not_held)
            if (blocker := rule(to_pay.refund_facts(member_id))) is not None
        )
        for member_id in found
        if member_id in amounts
    }
    closing.refunds_through = found[-1]
    _gather(actor, closing, "refund", amounts, blockers, to_pay)
    return len(found)


@command(CLOSE)
def finish_closing(*, actor: Actor, closes_on: date) -> int:
    """Close it for good, and put its payouts into a run; 0 if that was done before."""
    closing = _locked(closes_on)
    require(CLOSE, actor, closes_on)
    if closing.state != "gathering":
        return 0
    closing.state = CLOSING.require(closing.state, "close")
    closing.closed_at = clock.now()
    closing.save(update_fields=["state", "closed_at"])
    gather_closing(actor, closing)
    payouts = closing.payouts.count()
    audit.record(
        actor=actor,
        kind=entries.CLOSED,
        subject=closing,
        closes_on=closes_on,
        payouts=payouts,
        carried_over=closing.carried_over.count(),
    )
    total_yen = closing.payouts.aggregate(yen=Sum("net_yen"))["yen"] or 0
    emit(events.Closed(closing_id=closing.pk, closes_on=closes_on, payouts=payouts, total_yen=total_yen))
    return 1


def _gather(
    actor: Actor,
    closing: Closing,
    kind: str,
    amounts: Mapping[UUID, int],
    blockers: Mapping[UUID, tuple[Blocker, ...]],
    to_pay: Receivers,
    paid_already: int = 0,
) -> None:
    paid = [
        Request(
            member_id=member_id,
            kind=kind,
            method=to_pay.method_of(member_id) if kind == "reward" else "",
            account=to_pay.accounts[member_id],
            gross_yen=amounts[member_id],
            fee_yen=to_pay.fee_that_leaves_something_yen(member_id, amounts[member_id]),
        )
        for member_id, found in blockers.items()
        if not found
    ]
    for start in range(0, len(paid), ONE_BY_ONE):
        request_payouts(actor, closing, paid[start : start + ONE_BY_ONE])
    waiting = {member_id: found for member_id, found in blockers.items() if found}
    _carry_over(closing, kind, amounts, waiting)
    closing.save(update_fields=["rewards_through", "refunds_through"])
    audit.record(
        actor=actor,
        kind=entries.GATHERED,
        subject=closing,
        closes_on=closing.closes_on,
        through=closing.rewards_through if kind == "reward" else closing.refunds_through,
        payouts=paid_already + len(paid),
        carried_over=len(waiting),
    )


def _carry_over(
    closing: Closing, kind: str, amounts: Mapping[UUID, int], waiting: Mapping[UUID, Sequence[Blocker]]
) -> None:
    CarriedOver.objects.bulk_create(
        CarriedOver(
            member_id=member_id,
            closing=closing,
            kind=kind,
            amount_yen=amounts[member_id],
            blockers=[{"code": b.code, "rule": b.rule, **b.reason.as_dict()} for b in found],
        )
        for member_id, found in waiting.items()
    )
    told = []
    for member_id, found in waiting.items():
        reasons = [b.reason for b in found if b.code.rpartition(".")[2] in NEEDS_OWNER]
        if reasons and len(reasons) == len(found):
            told.append(
                events.NotPaid(
                    member_id=member_id,
                    kind=kind,
                    amount_yen=amounts[member_id],
                    closes_on=closing.closes_on,
                    reason_ja="".join(reason.ja for reason in reasons),
                    reason_en=" ".join(reason.en for reason in reasons),
                )
            )
    emit(*told)


def _refunds_due(member_ids: Sequence[UUID]) -> dict[UUID, int]:
    due = {accounts.refund_due(member_id): member_id for member_id in member_ids}
    return {due[account]: yen for account, yen in ledger.balances_of(due).items() if yen > 0}


def _locked(closes_on: date) -> Closing:
    """The closing, locked: whoever else closes the same day waits and goes on from there."""
    return Closing.objects.select_for_update().get(closes_on=closes_on)
