"""Whether it pays to let rewards come together before they are paid out (A188). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kotowari.pricing.payouts import transfer_fee_yen
from kotowari.pricing.terms import PayoutTerms


@dataclass(frozen=True, slots=True)
class DayToBePaid:
    """A closing to come at which everything could be paid at once.

    `fees_yen` is the fee of that one transfer, `saved_yen` how much less that is than the fees of being paid at every
    closing until then. `at_risk_yen` is what reaches its time limit before that closing.
    """

    closes_on: date
    pays_on: date
    amount_yen: int
    fees_yen: int
    saved_yen: int
    at_risk_yen: int


def days_to_be_paid(
    *,
    balance_yen: int,
    income_yen: int,
    limits: Sequence[tuple[date, int]],
    closings: Sequence[tuple[date, date]],
    terms: PayoutTerms,
    bank_code: str | None = None,
) -> list[DayToBePaid]:
    """What each closing to come would bring if one waited for it, on top of what is there `income_yen` per closing.

    `closings` are closing and pay dates in order, `limits` the last day and amount of each reward. Closings that could
    pay nothing, for less than the minimum or for the fee, are left out.
    """
    found = []
    kept_yen = fees_so_far_yen = 0
    for number, (closes_on, pays_on) in enumerate(closings):
        coming_yen = balance_yen if number == 0 else income_yen
        kept_yen += coming_yen
        whole_yen = balance_yen + income_yen * number
        if (fee_yen := _fee_yen(kept_yen, terms, bank_code)) is not None:
            fees_so_far_yen += fee_yen
            kept_yen = 0
        once_yen = _fee_yen(whole_yen, terms, bank_code)
        if once_yen is None:
            continue
        found.append(
            DayToBePaid(
                closes_on=closes_on,
                pays_on=pays_on,
                amount_yen=whole_yen,
                fees_yen=once_yen,
                saved_yen=fees_so_far_yen - once_yen,
                at_risk_yen=sum(yen for last_on, yen in limits if last_on < closes_on),
            )
        )
    return found


def best_day(days: Sequence[DayToBePaid]) -> DayToBePaid | None:
    """The closing that saves most while nothing reaches its limit; the earliest of those that save the same."""
    safe = [day for day in days if day.at_risk_yen == 0]
    return max(safe, key=lambda day: (day.saved_yen, -day.closes_on.toordinal()), default=None)


def _fee_yen(amount_yen: int, terms: PayoutTerms, bank_code: str | None) -> int | None:
    """The fee of paying so much at a closing; None when it would not be paid."""
    if amount_yen < terms.standard_minimum_yen:
        return None
    fee_yen = transfer_fee_yen(amount_yen, terms, bank_code)
    return fee_yen if fee_yen < amount_yen else None
