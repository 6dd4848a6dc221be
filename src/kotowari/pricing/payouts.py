"""When a reward is paid out, what that costs, and what becomes of one that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

from kotowari.foundation.policy.closing_dates import nominal_dates
from kotowari.kernel import calendar, clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.money import MAX_YEN, portion, yen
from kotowari.kernel.spans import RunningClock, Span, running_clock
from kotowari.kernel.text import Text
from kotowari.pricing.contracts import QuoteLine
from kotowari.pricing.terms import AtExpiry, Method, PayoutTerms

METHOD_WORDS: dict[str, Text] = {
    "standard": Text("随時出金", "standard method"),
    "threshold": Text("まとめて出金", "threshold method"),
    "carry_over": Text("キャリーオーバー", "carry-over"),
    "quick": Text("クイック出金", "quick payout"),
}
AT_EXPIRY_WORDS: dict[str, Text] = {
    "paid_out": Text("登録口座へ自動的に支払われます", "it is paid automatically to the registered account"),
    "dormant": Text("期限なく預かり続けます", "it is kept for the worker without a limit"),
    "forfeited": Text("失効し、受け取れなくなります", "it is forfeited"),
}


@dataclass(frozen=True, slots=True)
class PayoutQuote:
    """A payout of rewards fixed on one day.

    Where nothing is paid at the closing, `pays_on` is None, `reason` says why, nothing is deducted and the whole
    amount stays available. `pays_on` of a quick payout is the latest day, which is promised; `planned_on` the day for
    which it is planned, and otherwise the same.
    """

    method: Method
    amount_yen: int
    closes_on: date | None
    pays_on: date | None
    planned_on: date | None
    transfer_fee_yen: int
    quick_fee_yen: int
    net_yen: int
    expires_on: date
    at_expiry: AtExpiry
    reason: Text | None
    rule: str
    policy_version: str
    lines: tuple[QuoteLine, ...]

    def as_json(self) -> dict[str, Any]:
        """The figures by name, with the words in the active language."""
        return {
            "method": self.method,
            "amount_yen": self.amount_yen,
            "closes_on": self.closes_on and self.closes_on.isoformat(),
            "pays_on": self.pays_on and self.pays_on.isoformat(),
            "planned_on": self.planned_on and self.planned_on.isoformat(),
            "transfer_fee_yen": self.transfer_fee_yen,
            "quick_fee_yen": self.quick_fee_yen,
            "net_yen": self.net_yen,
            "expires_on": self.expires_on.isoformat(),
            "at_expiry": self.at_expiry,
            "reason": None if self.reason is None else str(self.reason),
            "rule": self.rule,
            "policy_version": self.policy_version,
            "lines": [line.as_json() for line in self.lines],
        }


def quote_payout(
    *,
    fixed_on: date,
    amount_yen: int,
    terms: PayoutTerms,
    method: Method | None = None,
    bank_code: str | None = None,
    requested_on: date | None = None,
    has_account: bool = True,
    payouts_before: int = 0,
) -> PayoutQuote:
    """What becomes of rewards fixed on a day, under a method (the default one).

    `requested_on` is the day a quick payout is asked for (the day the reward was fixed). Without a bank the
    transfer fee is that of any other bank; `payouts_before` are those since the last closing. Raises `InputError` for an amount or method that cannot be.
    """
    method = _checked_method(method or terms.default_method, terms)
    if not 1 <= amount_yen <= MAX_YEN:
        text = Text("金額は1円以上{most}以下にしてください。", "The amount must be from one yen to {most}.")
        raise InputError({"amount_yen": [text.format(most=yen(MAX_YEN))]})
    asked_on = requested_on or fixed_on
    if asked_on < fixed_on:
        text = Text("申請の日は報酬の確定日({day})以降にしてください。", "It cannot be asked for before {day}.")
        raise InputError({"requested_on": [text.format(day=fixed_on)]})
    closes_on, pays_on = _dates(method, fixed_on, asked_on, terms)
    fee_yen = transfer_fee_yen(amount_yen, terms, bank_code, payouts_before)
    quick_yen = quick_fee_yen(amount_yen, terms) if method == "quick" else 0
    held = _why_carried_over(method, amount_yen, amount_yen - fee_yen - quick_yen, terms)
    reason, rule = held or (None, RULES_OF_METHODS[method])
    if held:
        pays_on, fee_yen, quick_yen = None, 0, 0
    return PayoutQuote(
        method=method,
        amount_yen=amount_yen,
        closes_on=closes_on,
        pays_on=pays_on,
        planned_on=quick_dates(asked_on, terms)[0] if pays_on and method == "quick" else pays_on,
        transfer_fee_yen=fee_yen,
        quick_fee_yen=quick_yen,
        net_yen=amount_yen - fee_yen - quick_yen,
        expires_on=expires_on(fixed_on, terms),
        at_expiry=terms.at_expiry if has_account else terms.at_expiry_without_account,
        reason=reason,
        rule=rule,
        policy_version=terms.policy_version,
        lines=_lines(method, amount_yen, quick_yen, fee_yen, paid=pays_on is not None, terms=terms),
    )


def closing_dates(fixed_on: date, terms: PayoutTerms) -> tuple[date, date]:
    """The closing that takes in a reward, and the bank day on which it is paid."""
    if terms.closings[0].closes_day == "daily":
        days = terms.closings[0].pays_bank_days_later
        return fixed_on, calendar.add_bank_days(fixed_on, days, terms.closed_days)
    closes_on, nominal_on = nominal_dates(fixed_on, terms.closings)
    pays_on = calendar.shift(nominal_on, terms.holiday_shift, terms.closed_days)
    if pays_on <= closes_on:
        # So long a rest before the pay date that the bank day before it lies within the closing.
        pays_on = calendar.shift(nominal_on, "next", terms.closed_days)
    return closes_on, pays_on


def is_closing(day: date, terms: PayoutTerms) -> bool:
    """Whether rewards are gathered at the end of this day."""
    return closing_dates(day, terms)[0] == day


def quick_dates(asked_on: date, terms: PayoutTerms) -> tuple[date, date]:
    """The day for which a quick payout is planned, and the promised one: the latest (A053)."""
    planned_on, promised_on = (
        calendar.add_bank_days(asked_on, days, terms.closed_days)
        for days in (terms.quick_planned_bank_days, terms.quick_bank_days)
    )
    return planned_on, promised_on


def quick_fee_yen(amount_yen: int, terms: PayoutTerms) -> int:
    """What paying this amount at once costs, tax included, beside the transfer (A055)."""
    return portion(amount_yen, terms.quick_fee_permille, 1000)


def transfer_fee_yen(amount_yen: int, terms: PayoutTerms, bank_code: str | None = None, payouts_before: int = 0) -> int:
    """What one transfer of this amount to this bank costs the worker (A052), after so many since the last closing."""
    if payouts_before < terms.free_transfers_per_closing:
        return 0
    for row in terms.transfer_fees:
        to_this_bank = row.bank_code is None or row.bank_code == bank_code
        if to_this_bank and (row.below_yen is None or amount_yen < row.below_yen):
            return row.fee_yen
    raise AssertionError("the last transfer fee has no condition")


def expires_on(fixed_on: date, terms: PayoutTerms) -> date:
    """The last day on which a reward can be paid out by choice (A041)."""
    return fixed_on + timedelta(days=terms.expiry_days)


def time_limit(
    fixed_at: datetime, terms: PayoutTerms, stops: Sequence[Span] = (), came_back_at: datetime | None = None
) -> RunningClock:
    """The clock of a reward: `expiry_days` from the day it was fixed, standing still in `stops` (A042).

    What came back to its owner after it had left, out of a transfer that was sent back, say, starts its time anew.
    """
    since = max(fixed_at, came_back_at) if came_back_at else fixed_at
    due_at = clock.end_of(expires_on(clock.tokyo(since).date(), terms))
    return running_clock(since=since, due_at=due_at, spans=stops)


def latest_pay_date(received_on: date, within_days: int = 60) -> date:
    """The last day for payment of work received on a day, which counts as the first (フリーランス法4条)."""
    return received_on + timedelta(days=within_days - 1)


RULES_OF_METHODS: dict[str, str] = {"standard": "A046", "threshold": "A047", "carry_over": "A048", "quick": "A053"}


def _checked_method(method: str, terms: PayoutTerms) -> Method:
    offered = tuple(dict.fromkeys((*terms.methods, *(("quick",) if terms.quick_offered else ()))))
    for known in get_args(Method):
        if method == known and method in offered:
            return known  # type: ignore[no-any-return]
    text = Text(
        "この方式は選べません。{offered} のどれかにしてください。", "This method is not offered: use one of {offered}."
    )
    raise InputError({"method": [text.format(offered=", ".join(offered))]})


def _dates(method: Method, fixed_on: date, asked_on: date, terms: PayoutTerms) -> tuple[date | None, date | None]:
    if method == "carry_over":
        return None, None
    if method == "quick":
        return asked_on, quick_dates(asked_on, terms)[1]
    return closing_dates(fixed_on, terms)


def _why_carried_over(method: Method, amount_yen: int, net_yen: int, terms: PayoutTerms) -> tuple[Text, str] | None:
    if method == "carry_over":
        text = Text(
            "キャリーオーバー方式を選んでいる間は、額にかかわらず繰り延べます。",
            "Under carry-over nothing is paid out, whatever the amount, until another method is chosen.",
        )
        return text, "A048"
    minimum_yen, rule = {
        "standard": (terms.standard_minimum_yen, "A046"),
        "threshold": (terms.threshold_minimum_yen, "A047"),
        "quick": (terms.quick_minimum_yen, "A054"),
    }[method]
    if amount_yen < minimum_yen:
        text = Text(
            "{amount}は{method}の最低額{minimum}に満たないため、次回以降に繰り延べます。",
            "{amount} is less than the {minimum} that the {method} needs; it is carried over.",
        )
        text = text.format(amount=yen(amount_yen), method=METHOD_WORDS[method], minimum=yen(minimum_yen))
        return text, rule
    if net_yen < 1:
        text = Text(
            "手数料を引くと残らないため、次回以降に繰り延べます。",
            "Fees would leave nothing of it; it is carried over.",
        )
        return text, "A052"
    return None


def _lines(
    method: Method, amount_yen: int, quick_yen: int, fee_yen: int, *, paid: bool, terms: PayoutTerms
) -> tuple[QuoteLine, ...]:
    lines = [QuoteLine("amount", Text("未出金の報酬", "Available reward"), amount_yen, RULES_OF_METHODS[method])]
    if not paid:
        words = Text("繰り延べる額", "Carried over")
        return (*lines, QuoteLine("carried_over", words, amount_yen, RULES_OF_METHODS[method]))
    if method == "quick":
        rate = f"{terms.quick_fee_permille / 10:g}"
        words = Text("クイック出金の利用料({rate}%)を差し引く", "Fee of the quick payout, taken off: {rate} %").format(
            rate=rate
        )
        lines.append(QuoteLine("quick_fee", words, -quick_yen, "A055"))
    words = Text("振込手数料を差し引く", "Transfer fee, taken off")
    lines.append(QuoteLine("transfer_fee", words, -fee_yen, "A052"))
    net_yen = amount_yen - quick_yen - fee_yen
    return (*lines, QuoteLine("net", Text("口座に届く額", "Arrives in the account"), net_yen, "A052"))
