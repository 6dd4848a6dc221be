"""What a member could do about their rewards: be paid at once, or wait; and what being paid has cost so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Sum

from kotowari.accounts.models import Member
from kotowari.kernel import clock
from kotowari.kernel.gates import Decision, decide
from kotowari.ledger import selectors as ledger
from kotowari.payouts.at_once import facts_and_fees, quick_fees_yen
from kotowari.payouts.gates import QUICK
from kotowari.payouts.limits import LimitedLot
from kotowari.payouts.models import REWARD_KINDS, Payout
from kotowari.payouts.receiving import Receivers
from kotowari.payouts.schedule import next_closings
from kotowari.pricing import DayToBePaid, PayoutTerms, best_day, closing_dates, days_to_be_paid, quick_dates

INCOME_DAYS = 90
CLOSINGS_AHEAD = 24


@dataclass(frozen=True, slots=True)
class QuickOffer:
    """A quick payout of an amount, asked for now: what it costs, what arrives and when, and whether it can be had.

    `free_yen` is the most that can be asked for. Planned for one day, promised by the other.
    """

    decision: Decision
    free_yen: int
    amount_yen: int
    quick_fee_yen: int
    transfer_fee_yen: int
    net_yen: int
    planned_on: date
    promised_on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whether waiting pays: the day that saves most before anything reaches its limit, and the days it was chosen from.

    `income_yen` is what was fixed per closing of late, taken as what comes.
    """

    best: DayToBePaid | None
    days: Sequence[DayToBePaid]
    income_yen: int

    @property
    def pays(self) -> bool:
        """Whether another day than the next closing saves something."""
        return self.best is not None and self.best.saved_yen > 0


@dataclass(frozen=True, slots=True)
class FeesSoFar:
    """What a member's payouts of rewards have cost: for transfers, and for paying at once. Of those not undone."""

    payouts: int
    fee_yen: int
    quick_fee_yen: int


def quick_offer(member: Member, to_pay: Receivers, balance_yen: int, amount_yen: int | None = None) -> QuickOffer:
    """A quick payout of an amount (all that is free) out of a balance: at most four queries."""
    [facts], to_pay = facts_and_fees(member, [amount_yen], (to_pay, balance_yen))
    quick_yen, transfer_yen = quick_fees_yen(to_pay, member.pk, facts.amount_yen) if facts.amount_yen > 0 else (0, 0)
    planned_on, promised_on = quick_dates(clock.today(), to_pay.terms)
    return QuickOffer(
        decision=decide(QUICK, facts),
        free_yen=facts.free_yen,
        amount_yen=facts.amount_yen,
        quick_fee_yen=quick_yen,
        transfer_fee_yen=transfer_yen,
        net_yen=facts.amount_yen - quick_yen - transfer_yen,
        planned_on=planned_on,
        promised_on=promised_on,
    )


def waiting_for(
    member_id: UUID, balance_yen: int, limits: Sequence[LimitedLot], terms: PayoutTerms, bank_code: str | None
) -> Waiting:
    """What waiting would save (A188), as far as the first limit, from what came in during the last 90 days: one query.

    Rewards past their limit have no part in it: the next round deals with them.
    """
    today = clock.today()
    since = today - timedelta(days=INCOME_DAYS)
    closings_then = {closing_dates(since + timedelta(days=n), terms)[0] for n in range(INCOME_DAYS)}
    income_yen = ledger.fixed_since(clock.start_of(since), member_id) // len(closings_then)
    found = days_to_be_paid(
        balance_yen=balance_yen,
        income_yen=income_yen,
        limits=[(each.last_on, each.lot.remaining_yen) for each in limits if each.last_on >= today],
        closings=next_closings(CLOSINGS_AHEAD, terms),
        terms=terms,
        bank_code=bank_code,
    )
    return Waiting(best=best_day(found), days=found, income_yen=income_yen)


def fees_so_far(member_id: UUID) -> FeesSoFar:
    """What all payouts of a member's rewards cost: one query."""
    rows = Payout.objects.filter(member_id=member_id, kind__in=REWARD_KINDS).exclude(
        state__in=("returned", "cancelled")
    )
    found = rows.aggregate(payouts=Count("id"), fee=Sum("fee_yen"), quick=Sum("quick_fee_yen"))
    return FeesSoFar(payouts=found["payouts"], fee_yen=found["fee"] or 0, quick_fee_yen=found["quick"] or 0)
