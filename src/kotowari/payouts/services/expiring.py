"""Time limits of rewards: warned of, then paid out, kept or forfeited, member by member, once a day (A041–A043).

A round goes in steps of `CHUNK` members, each its own transaction that moves the round's cursor along with the money:
killed anywhere, it goes on where it stopped. Members are locked as a closing and a quick payout lock them, and amounts
are read under that lock: of a time limit and a payout one wins, and the other finds what is left.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import Event, emit
from kotowari.kernel import clock
from kotowari.kernel.gates import decide, require
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Entry, Line, Taking, post_many, take_from_lots_many
from kotowari.payouts import entries, events
from kotowari.payouts.gates import EXPIRE, RECEIVE
from kotowari.payouts.limits import LimitedLot, limited_lots, outcome_for
from kotowari.payouts.models import ExpiredReward, ExpiryRound, ExpiryWarning
from kotowari.payouts.receiving import Receivers, receivers
from kotowari.payouts.services.members import lock_members
from kotowari.payouts.services.naming import names
from kotowari.payouts.services.requesting import Request, request_at_once
from kotowari.payouts.services.runs import next_pay_date
from kotowari.pricing import PayoutTerms, closing_dates

CHUNK = 200

Limits = Mapping[UUID, Sequence[LimitedLot]]


@command(EXPIRE)
def expire_rewards(*, actor: Actor, day: date) -> int:
    """Deal with the time limits of the next members; returns how many were looked at, 0 when all were.

    A limit has come when its last day is over at the beginning of `day`. By the rules of `day`.
    """
    require(EXPIRE, actor)
    round_ = _locked(day)
    if round_.done_at is not None:
        return 0
    terms = PayoutTerms.in_force(day)
    warning_days = sorted(policy.value("payouts.expiry_warning_days", day))
    ahead_days = max(warning_days, default=0)
    horizon = clock.end_of(day + timedelta(days=ahead_days - terms.expiry_days))
    found = list(ledger.members_with_reward(fixed_before=horizon, after=round_.through, limit=CHUNK))
    if not found:
        round_.done_at = clock.now()
        round_.save(update_fields=["done_at"])
        audit.record(actor=actor, kind=entries.LIMITS_DONE, subject=None, day=day)
        return 0
    lock_members(found)
    limits = limited_lots(ledger.open_lots_among(found, fixed_before=horizon), terms, day)
    to_pay = receivers(found, terms, cycle=closing_dates(day, terms)[0])
    expired = _expire(actor, day, limits, to_pay)
    warned = _warn(day, limits, to_pay, warning_days)
    round_.through = found[-1]
    round_.save(update_fields=["through"])
    audit.record(
        actor=actor,
        kind=entries.LIMITS_LOOKED_AT,
        subject=None,
        day=day,
        through=round_.through,
        expired=expired,
        warned=warned,
    )
    return len(found)


def _locked(day: date) -> ExpiryRound:
    """The round of a day, locked; whoever else goes through the same day waits and goes on from there."""
    ExpiryRound.objects.bulk_create([ExpiryRound(day=day)], ignore_conflicts=True)
    return ExpiryRound.objects.select_for_update().get(day=day)


def _expire(actor: Actor, day: date, limits: Limits, to_pay: Receivers) -> int:
    """Pay out, keep or forfeit what reached its limit; of how many members."""
    begins_at = clock.start_of(day)
    amounts = {
        member_id: amount_yen
        for member_id, lots in limits.items()
        if (amount_yen := sum(each.lot.remaining_yen for each in lots if each.clock.due_at <= begins_at))
    }
    by_outcome: dict[str, dict[UUID, int]] = defaultdict(dict)
    for member_id, amount_yen in amounts.items():
        outcome = outcome_for(member_id, to_pay)
        if outcome == "paid_out" and member_id in to_pay.held:
            continue  # what is held waits for the end of the hold
        by_outcome[outcome][member_id] = amount_yen
    _pay_out(actor, day, by_outcome["paid_out"], to_pay)
    _put_away(actor, day, "dormant", by_outcome["dormant"])
    _put_away(actor, day, "forfeited", by_outcome["forfeited"])
    return sum(map(len, by_outcome.values()))


def _pay_out(actor: Actor, day: date, amounts: Mapping[UUID, int], to_pay: Receivers) -> None:
    """To the registered account, whatever the amount and the method (A043)."""
    if not amounts:
        return
    payouts = request_at_once(
        actor,
        [
            Request(
                member_id=member_id,
                kind="expiry",
                method=to_pay.method_of(member_id),
                account=to_pay.accounts[member_id],
                gross_yen=amount_yen,
                fee_yen=to_pay.fee_that_leaves_something_yen(member_id, amount_yen),
            )
            for member_id, amount_yen in amounts.items()
        ],
        pays_on=next_pay_date(),
    )
    emit(*(events.PaidAtLimit(**names(payout), expired_on=day - timedelta(days=1)) for payout in payouts))


def _put_away(actor: Actor, day: date, state: str, amounts: Mapping[UUID, int]) -> None:
    """Out of the balance, into what is kept for its owner, or forfeited."""
    if not amounts:
        return
    rows = [
        ExpiredReward(member_id=member_id, expired_on=day - timedelta(days=1), amount_yen=amount_yen, state=state)
        for member_id, amount_yen in amounts.items()
    ]
    for row, posted in zip(rows, post_many([_journal(row) for row in rows], actor=actor), strict=True):
        row.journal_id = posted.id
    ExpiredReward.objects.bulk_create(rows)
    take_from_lots_many([Taking(row.member_id, row.amount_yen, row.pk) for row in rows])
    audit.record_many(
        actor=actor,
        kind=entries.REWARD_KEPT if state == "dormant" else entries.REWARD_FORFEITED,
        entries=[(row, {"amount_yen": row.amount_yen, "expired_on": row.expired_on}) for row in rows],
    )
    emit(
        *(
            events.RewardExpired(
                member_id=row.member_id, state=state, amount_yen=row.amount_yen, expired_on=row.expired_on
            )
            for row in rows
        )
    )


def _journal(row: ExpiredReward) -> Entry:
    kept = row.state == "dormant"
    target = accounts.dormant(row.member_id) if kept else accounts.forfeiture_income()
    return Entry(
        kind=JournalKind.REWARD_DORMANT if kept else JournalKind.REWARD_FORFEITED,
        scope="reward.expire",
        key=f"{row.expired_on}:{row.member_id}",
        lines=[Line(accounts.available(row.member_id), -row.amount_yen), Line(target, row.amount_yen)],
        payout_id=row.pk,
    )


def _warn(day: date, limits: Limits, to_pay: Receivers, warning_days: Sequence[int]) -> int:
    """Tell owners of limits that come near, each reward once for each of the days; how many members."""
    begins_at = clock.start_of(day)
    due = {
        (each.lot.id, days_before): (member_id, each)
        for member_id, lots in limits.items()
        for each in lots
        if each.clock.due_at > begins_at
        and (days_before := next((n for n in warning_days if (each.last_on - day).days <= n), None)) is not None
    }
    known = set(
        ExpiryWarning.objects.filter(lot_id__in={lot_id for lot_id, _ in due}).values_list("lot_id", "days_before")
    )
    new = {key: found for key, found in due.items() if key not in known}
    ExpiryWarning.objects.bulk_create(
        ExpiryWarning(member_id=member_id, lot_id=lot_id, days_before=days_before, last_on=each.last_on)
        for (lot_id, days_before), (member_id, each) in new.items()
    )
    by_member: dict[UUID, list[LimitedLot]] = defaultdict(list)
    for member_id, each in new.values():
        by_member[member_id].append(each)
    emit(*_warnings(day, by_member, to_pay))
    return len(by_member)


def _warnings(day: date, by_member: Mapping[UUID, Sequence[LimitedLot]], to_pay: Receivers) -> Iterable[Event]:
    closes_on, pays_on = closing_dates(day, to_pay.terms)
    balances = ledger.fixed_before(clock.end_of(closes_on), member_ids=by_member)
    for member_id, lots in by_member.items():
        last_on = min(each.last_on for each in lots)
        available_yen = balances.get(member_id, 0)
        facts = to_pay.reward_facts(member_id, available_yen, closes_on=closes_on, pays_on=pays_on)
        yield events.LimitNear(
            member_id=member_id,
            amount_yen=sum(each.lot.remaining_yen for each in lots),
            rewards=len(lots),
            last_on=last_on,
            days_left=(last_on - day).days,
            outcome=outcome_for(member_id, to_pay),
            has_account=member_id in to_pay.accounts,
            proposes_quick=proposes_quick(to_pay.terms, available_yen, paid_by_closing=decide(RECEIVE, facts).allowed),
        )


def proposes_quick(terms: PayoutTerms, available_yen: int, *, paid_by_closing: bool) -> bool:
    """Whether asking for a quick payout saves what no closing would pay (A056)."""
    return terms.quick_offered and available_yen >= terms.quick_minimum_yen and not paid_by_closing
