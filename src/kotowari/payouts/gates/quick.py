"""Being paid at once (クイック出金): who may, how much, and every reason why not."""

from dataclasses import dataclass
from datetime import date, datetime

from kotowari.accounts.gates.oneself import signed_in
from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts.gates.members import (
    TO_JOBS,
    TO_METHOD,
    TO_REWARDS,
    InFlight,
    RefundFacts,
    account_registered,
    account_works,
    day_in_words,
    not_held,
    still_member,
    takes_part,
)

UNPAID_BY_CLOSINGS = ("carry_over", "quick")
"""Methods under which no closing pays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickFacts(RefundFacts):
    """Who wants to be paid how much at once.

    `free_yen` is what can be asked for: the balance less `promised_yen`, which a closing that is over, and is still
    being made, pays on `promised_on`. `net_yen` is what would arrive of `amount_yen`.
    """

    signed_in: bool
    is_staff: bool = False
    left_at: datetime | None = None
    is_offered: bool
    method: str
    only_with_carry_over: bool
    amount_yen: int
    free_yen: int
    promised_yen: int
    promised_on: date | None
    today: date
    next_pays_on: date
    minimum_yen: int
    net_yen: int
    quick_in_flight: InFlight | None


def is_offered(facts: QuickFacts) -> Blocker | None:
    if facts.is_offered:
        return None
    return Blocker(
        code="not_offered",
        reason=Text(
            "この市場ではクイック出金を行っていません。次の支払日は{day}です。",
            "This market has no quick payout. The next pay date is {day}.",
        ).format(day=day_in_words(facts.next_pays_on)),
        rule="A053",
        resolved_by="operator",
        facts={"next_pays_on": facts.next_pays_on},
        remedy=TO_METHOD,
    )


def method_allows(facts: QuickFacts) -> Blocker | None:
    """Some markets let only those ask whom no closing pays."""
    if not facts.is_offered or not facts.only_with_carry_over or facts.method in UNPAID_BY_CLOSINGS:
        return None
    return Blocker(
        code="closing_pays_already",
        reason=Text(
            "クイック出金は、締めで自動的に支払われない出金方法(キャリーオーバー)を選んでいるときだけ使えます。",
            "A quick payout is only for those whose method no closing pays (carry-over).",
        ),
        rule="A053",
        resolved_by="you",
        facts={"method": facts.method},
        remedy=TO_METHOD,
    )


def none_in_flight(facts: QuickFacts) -> Blocker | None:
    """One at a time, so that a second press or a second window never pays twice."""
    under_way = facts.quick_in_flight
    if under_way is None:
        return None
    return Blocker(
        code="quick_in_flight",
        reason=Text(
            "クイック出金{net}が手続き中で、{day}までに口座へ届きます。届いてから次を申請できます。",
            "A quick payout of {net} is on its way and arrives by {day}. Ask for the next one after that.",
        ).format(net=yen(under_way.net_yen), day=day_in_words(under_way.pays_on)),
        rule="A053",
        resolved_by="time",
        facts={"net_yen": under_way.net_yen, "pays_on": under_way.pays_on},
        remedy=TO_REWARDS,
        clears_at=clock.end_of(under_way.pays_on),
    )


def no_closing_under_way(facts: QuickFacts) -> Blocker | None:
    """What a closing that is over has promised is paid by it. Oldest rewards go first, so the rest waits until it has."""
    if not facts.promised_yen or facts.promised_on is None:
        return None
    return Blocker(
        code="promised_to_closing",
        reason=Text(
            "締めの処理中です。残高のうち{promised}は、この締めで{day}に振り込まれます。クイック出金は、処理が済んでから"
            "残り(いまは{free})について申請できます。",
            "A closing is being made: {promised} of your balance is paid by it on {day}. Once it is done you can ask for "
            "the rest ({free} now).",
        ).format(promised=yen(facts.promised_yen), day=day_in_words(facts.promised_on), free=yen(facts.free_yen)),
        rule="A053",
        resolved_by="time",
        facts={"promised_yen": facts.promised_yen, "pays_on": facts.promised_on, "free_yen": facts.free_yen},
        remedy=TO_REWARDS,
        clears_at=clock.end_of(facts.today),
    )


def enough_there(facts: QuickFacts) -> Blocker | None:
    """No more than there is, and more than nothing."""
    if 0 < facts.amount_yen <= facts.free_yen or facts.promised_yen:
        return None
    if facts.free_yen <= 0:
        return Blocker(
            code="nothing_fixed",
            reason=Text(
                "確定した報酬がまだありません。検収された仕事の報酬から申請できます。",
                "No reward is fixed yet. What is accepted can be asked for.",
            ),
            rule="A053",
            resolved_by="you",
            facts={"free_yen": facts.free_yen},
            remedy=TO_JOBS,
        )
    return Blocker(
        code="more_than_there_is",
        reason=Text(
            "申請できるのは{free}までです({asked}を申請しました)。",
            "No more than {free} can be asked for; you asked for {asked}.",
        ).format(free=yen(facts.free_yen), asked=yen(facts.amount_yen)),
        rule="A053",
        resolved_by="you",
        facts={"free_yen": facts.free_yen, "amount_yen": facts.amount_yen},
        remedy=TO_REWARDS,
    )


def minimum_reached(facts: QuickFacts) -> Blocker | None:
    if not facts.is_offered or not 0 < facts.amount_yen < facts.minimum_yen:
        return None
    return Blocker(
        code="below_minimum",
        reason=Text(
            "クイック出金は{minimum}からです。{amount}では、あと{missing}足りません。",
            "A quick payout starts at {minimum}; {amount} is {missing} short.",
        ).format(
            minimum=yen(facts.minimum_yen),
            amount=yen(facts.amount_yen),
            missing=yen(facts.minimum_yen - facts.amount_yen),
        ),
        rule="A054",
        resolved_by="you",
        facts={
            "amount_yen": facts.amount_yen,
            "minimum_yen": facts.minimum_yen,
            "missing_yen": facts.minimum_yen - facts.amount_yen,
        },
        remedy=TO_JOBS,
    )


def fees_leave_something(facts: QuickFacts) -> Blocker | None:
    if facts.amount_yen <= 0 or facts.net_yen > 0:
        return None
    return Blocker(
        code="fees_take_all",
        reason=Text("手数料を引くと残らないため、申請できません。", "Fees would leave nothing of it."),
        rule="A055",
        resolved_by="you",
        facts={"amount_yen": facts.amount_yen, "net_yen": facts.net_yen},
        remedy=TO_REWARDS,
    )


QUICK = Action(
    "payouts.quick",
    Text("クイック出金を申請する", "Ask to be paid at once"),
    Text("クイック出金できません", "A quick payout cannot be asked for"),
    subject="payouts.amount",
    rules=(
        signed_in,
        takes_part,
        still_member,
        is_offered,
        method_allows,
        not_held,
        none_in_flight,
        no_closing_under_way,
        enough_there,
        minimum_reached,
        fees_leave_something,
        account_registered,
        account_works,
    ),
)
