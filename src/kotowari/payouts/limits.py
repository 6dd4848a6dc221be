"""The time limits of rewards: when each reward has to have been paid out, with what stopped its clock (A041, A042)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from kotowari.accounts.restrictions import ANY
from kotowari.clocks import stopped_spans
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.spans import RunningClock, Span
from kotowari.ledger import selectors as ledger
from kotowari.ledger.selectors import LotView
from kotowari.payouts.models import REWARD_KINDS, ExpiredReward, Payout
from kotowari.payouts.receiving import Receivers
from kotowari.pricing import PayoutTerms, time_limit


@dataclass(frozen=True, slots=True)
class LimitedLot:
    """A reward and its clock. `last_on` is the last day on which it can be paid out by choice."""

    lot: LotView
    clock: RunningClock

    @property
    def last_on(self) -> date:
        return clock.last_day(self.clock.due_at)


def limited_lots(
    lots: Mapping[UUID, Sequence[LotView]], terms: PayoutTerms, on: date | None = None
) -> dict[UUID, list[LimitedLot]]:
    """The clocks of members' rewards, by member, oldest first: at most four queries for any number."""
    ids = [member_id for member_id, found in lots.items() if found]
    oldest = min((found[0].fixed_at for found in lots.values() if found), default=clock.now())
    stops = _stops(ids, oldest, on)
    back = _came_back(ids)
    return {
        member_id: [
            LimitedLot(lot, time_limit(lot.fixed_at, terms, stops.get(member_id, ()), back.get(member_id)))
            for lot in found
        ]
        for member_id, found in lots.items()
    }


def limits_of(member_id: UUID, terms: PayoutTerms) -> list[LimitedLot]:
    """The clocks of one member's rewards that have not left yet."""
    lots = ledger.open_lots_among([member_id], fixed_before=clock.end_of(clock.today()))
    return limited_lots(lots, terms).get(member_id, [])


def outcome_for(member_id: UUID, to_pay: Receivers) -> str:
    """What becomes of a member's reward at its limit: `paid_out`, `dormant` or `forfeited`.

    An account that cannot be paid counts as none.
    """
    can_be_paid = member_id in to_pay.accounts and to_pay.account_fault(member_id) is None
    if to_pay.terms.at_expiry == "paid_out" and not can_be_paid:
        return to_pay.terms.at_expiry_without_account
    return to_pay.terms.at_expiry


def _stops(ids: Sequence[UUID], since: datetime, on: date | None) -> Mapping[UUID, Sequence[Span]]:
    if not ids or not policy.value("payouts.expiry_pauses_while_locked", on):
        return {}
    return stopped_spans(ids, since, scopes=ANY)


def _came_back(ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When something last came back to each member after it had left: a transfer, or what was forfeited by mistake."""
    found: dict[UUID, datetime] = {}
    transfers = Payout.objects.filter(member_id__in=ids, kind__in=REWARD_KINDS, state__in=("returned", "cancelled"))
    restored = ExpiredReward.objects.filter(member_id__in=ids, state="restored")
    for member_id, moment in (
        *transfers.order_by().values_list("member_id").annotate(at=Max("closed_at")),
        *restored.order_by().values_list("member_id").annotate(at=Max("came_back_at")),
    ):
        found[member_id] = max(moment, found.get(member_id, moment))
    return found
