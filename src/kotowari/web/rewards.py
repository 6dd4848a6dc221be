"""報酬: what I have, when and how much of it comes, what stands in the way, and every yen that ever moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.restrictions import InForce
from kotowari.foundation.policy.catalogue.payouts import METHOD_NAMES
from kotowari.kernel import clock
from kotowari.kernel.gates import Decision, decide_many, explain, policy_version
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.gates.members import day_in_words
from kotowari.payouts.models import ExpiredReward, Payout
from kotowari.payouts.rules import QUICK_FEE, TRANSFER_FEE, rule_of, rule_of_stop
from kotowari.payouts.transitions import EXPIRED, PAYOUT
from kotowari.pricing import PayoutTerms, quote_payout
from kotowari.pricing.payouts import AT_EXPIRY_WORDS, RULES_OF_METHODS, PayoutQuote
from kotowari.web import current
from kotowari.web.drawing import Line, Step
from kotowari.web.fields import AmountField, ChoiceField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, screen, tell

LATEST = 5
TONES = {
    "requested": "info",
    "held": "wait",
    "in_file": "info",
    "settled": "done",
    "returned": "wait",
    "cancelled": "plain",
}
METHOD_MEANINGS = {
    "standard": Text(
        "締め日ごとに、最低額{minimum}以上あれば全額を振り込みます。",
        "At each closing everything is paid once it is at least {minimum}.",
    ),
    "threshold": Text(
        "締め日に{minimum}以上たまっていたら全額を振り込みます。振込手数料の回数を減らせます。",
        "At a closing everything is paid once {minimum} has come together: fewer transfer fees.",
    ),
    "carry_over": Text(
        "方式を変えるまで振り込まず、ためておきます。",
        "Nothing is paid until you choose another method; it is kept for you.",
    ),
    "quick": Text(
        "締めでは振り込まず、{minimum}以上で申請したときだけ、{days}営業日以内に振り込みます(利用料{rate}%)。",
        "Closings pay nothing; when you ask for {minimum} or more it arrives within {days} bank days (fee {rate} %).",
    ),
}


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A method and what it would mean for this very balance; without a balance only what it means in general."""

    name: str
    title: Text
    meaning: Text
    is_chosen: bool
    quote: PayoutQuote | None


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A payout that has left the balance, on its rail, until when it arrives or its hold ends."""

    row: Payout
    state: Text
    tone: str
    steps: Sequence[Step]
    until: datetime


class QuickForm(KotowariForm):
    """How much is to be paid at once; nothing means all of it."""

    amount_yen = AmountField(Text("クイック出金する金額", "Amount to be paid at once"), required=False)


class MethodForm(KotowariForm):
    """Which method; what is offered has the service's last word."""

    method = ChoiceField(
        Text("出金方法", "Payout method"), choices=[(name, words) for name, words in METHOD_NAMES.items()]
    )


@screen(
    "rewards",
    path="my/rewards/",
    title=Text("報酬", "Rewards"),
    actions=[gates.RECEIVE, gates.CHOOSE_METHOD, gates.QUICK, gates.REVIVE],
    parent="my",
    members_only=True,
)
def rewards(request: HttpRequest) -> HttpResponse:
    """Balance, what comes when, its lots, its history."""
    return _page(request, MethodForm())


@screen(
    "rewards.method",
    path="my/rewards/method/",
    title=Text("出金方法を選ぶ", "Choose how you are paid"),
    actions=[gates.CHOOSE_METHOD],
    parent="rewards",
    methods=["POST"],
    members_only=True,
)
def choose_method(request: HttpRequest) -> HttpResponse:
    """Take the chosen method; it counts from the next closing on (A051)."""
    me = current.member_of(request)
    assert me is not None
    form = MethodForm(request.POST)
    if form.is_valid():
        with form.merging():
            chosen = services.choose_method(actor=me, method=form.cleaned_data["method"], idempotency_key=form.key)
            tell(
                request,
                Text(
                    "出金方法を「{method}」にしました。次の締めから有効です。",
                    "Your payout method is now “{method}”, from the next closing on.",
                ).format(method=METHOD_NAMES[chosen.method]),
            )
            return redirect("rewards")
    return _page(request, form)


@screen(
    "rewards.quick",
    path="my/rewards/quick/",
    title=Text("クイック出金", "Quick payout"),
    actions=[gates.QUICK],
    parent="rewards",
    methods=["POST"],
    members_only=True,
)
def quick(request: HttpRequest) -> HttpResponse:
    """Pay at once what was calculated on the page of rewards (A053)."""
    me = current.member_of(request)
    form = QuickForm(request.POST)
    if form.is_valid():
        with form.merging():
            payout = services.request_quick_payout(
                actor=me, amount_yen=form.cleaned_data["amount_yen"], idempotency_key=form.key
            )
            assert payout.promised_on is not None, "quick payouts are promised"
            tell(
                request,
                Text(
                    "クイック出金{net}を申請しました。{planned}の振込予定で、おそくとも{promised}に届きます。",
                    "Your quick payout of {net} is planned for {planned} and arrives by {promised} at the latest.",
                ).format(
                    net=yen(payout.net_yen),
                    planned=day_in_words(payout.pays_on),
                    promised=day_in_words(payout.promised_on),
                ),
            )
            return redirect("rewards")
    return _page(request, MethodForm(), form)


@screen(
    "rewards.revive",
    path="my/rewards/expired/<uuid:expired_id>/",
    title=Text("お預かりの報酬を受け取る", "Take back a reward that is kept"),
    actions=[gates.REVIVE],
    parent="rewards",
    methods=["POST"],
    members_only=True,
)
def revive(request: HttpRequest, expired_id: UUID) -> HttpResponse:
    """Take back what was kept since its time limit (A043)."""
    services.revive_reward(
        actor=current.member_of(request), expired_id=expired_id, idempotency_key=posted_key(request.POST)
    )
    tell(
        request,
        Text(
            "残高に戻しました。翌日、登録口座への振込を始めます。",
            "Available again: tomorrow it is paid to your account.",
        ),
    )
    return redirect("rewards")


def _page(request: HttpRequest, form: MethodForm, quick_form: QuickForm | None = None) -> HttpResponse:
    me = current.member_of(request)
    assert me is not None
    quick_form = quick_form or (QuickForm(request.GET) if "amount_yen" in request.GET else QuickForm())
    amount_yen = quick_form.cleaned_data["amount_yen"] if quick_form.is_bound and quick_form.is_valid() else None
    overview = selectors.reward_overview(me.pk)
    terms = PayoutTerms.in_force()
    latest = selectors.own_lines(me, side="own", limit=LATEST)
    offer = selectors.quick_offer(me, overview.to_pay, overview.available_yen, amount_yen)
    return render(
        request,
        "rewards/overview.html",
        {
            "overview": overview,
            "next": overview.closings[0],
            "next_lines": _next_lines(overview),
            "refund_decision": Decision(gates.RECEIVE, tuple(overview.refund_blockers), policy_version()),
            "on_the_way": [_on_the_way(payout, overview.held) for payout in overview.in_flight],
            "done": [(payout, PAYOUT.states[payout.state], TONES[payout.state]) for payout in overview.history[:10]],
            "expiry_days": terms.expiry_days,
            "at_expiry_words": AT_EXPIRY_WORDS,
            "choices": _choices(overview, terms),
            "can_choose": explain(gates.CHOOSE_METHOD, me),
            "method_name": METHOD_NAMES[overview.method],
            "form": form,
            "quick": offer,
            "quick_lines": _quick_lines(offer),
            "quick_form": quick_form,
            "terms": terms,
            "today": clock.today(),
            "kept": _kept(me, overview),
            "expired_states": EXPIRED.states,
            "rule_of": rule_of,
            "rule_of_stop": rule_of_stop,
            "end_of": clock.end_of,
            "latest": latest.lines,
        },
        status=max(form.status, quick_form.status if request.method == "POST" else 200),
    )


def _quick_lines(offer: selectors.QuickOffer) -> list[Line]:
    return [
        Line(Text("クイック出金する報酬", "Paid out at once"), offer.amount_yen, rule="A053"),
        Line(
            Text("クイック出金の利用料(税込)", "Fee of the quick payout with tax"), -offer.quick_fee_yen, rule=QUICK_FEE
        ),
        Line(Text("振込手数料(税込)", "Transfer fee with tax"), -offer.transfer_fee_yen, rule=TRANSFER_FEE),
        Line(Text("口座に届く金額", "Arrives in your account"), offer.net_yen, total=True),
    ]


def _kept(me: Member, overview: selectors.RewardOverview) -> list[tuple[ExpiredReward, Decision]]:
    """What is kept since its time limit, each with whether it can be taken back."""
    rows = [row for row in overview.expired if row.state == "dormant"]
    return list(zip(rows, decide_many(gates.REVIVE, me, rows), strict=True)) if rows else []


def _next_lines(overview: selectors.RewardOverview) -> list[Line]:
    coming = overview.closings[0]
    return [
        Line(
            Text("未出金の報酬", "Rewards not yet paid out"), coming.gross_yen, rule=RULES_OF_METHODS[overview.method]
        ),
        Line(Text("振込手数料(税込)", "Transfer fee with tax"), -coming.fee_yen, rule=TRANSFER_FEE),
        Line(Text("口座に届く金額", "Arrives in your account"), coming.net_yen, total=True),
    ]


def _on_the_way(payout: Payout, held: InForce | None) -> OnTheWay:
    pays_at = clock.end_of(payout.pays_on)
    names = {
        "requested": Text("振込準備", "Being prepared"),
        "in_file": Text("銀行へ依頼", "With the bank"),
        "settled": Text("口座に到着", "In your account"),
    }
    if payout.state == "held":
        steps = [
            Step(
                PAYOUT.states["held"],
                "stopped",
                until=payout.lapses_at,
                then=Text("期限までに口座が直らないと残高に戻ります", "then it goes back to your balance"),
                mover=Text("あなたの口座の確認を待っています", "Waiting for you to put the account right"),
            )
        ]
        until = payout.lapses_at or pays_at
    elif held and payout.state == "requested":
        steps = [
            Step(
                held.words.title,
                "stopped",
                until=held.until,
                then=Text(
                    "終わると、次に銀行へ依頼する分に入ります", "then it goes to the bank with the next transfers"
                ),
                mover=held.words.reason,
            )
        ]
        until = held.until
    else:
        with_bank = payout.state == "in_file"
        steps = [
            Step(names["requested"], "done" if with_bank else "now", at=payout.requested_at),
            Step(names["in_file"], "now" if with_bank else "todo"),
            Step(names["settled"], "todo", until=pays_at),
        ]
        until = pays_at
    return OnTheWay(payout, PAYOUT.states[payout.state], TONES[payout.state], steps, until)


def _choices(overview: selectors.RewardOverview, terms: PayoutTerms) -> list[MethodChoice]:
    bank_code = overview.account.bank_code if overview.account else None
    minima = {
        "standard": terms.standard_minimum_yen,
        "threshold": terms.threshold_minimum_yen,
        "carry_over": 0,
        "quick": terms.quick_minimum_yen,
    }
    return [
        MethodChoice(
            name=name,
            title=METHOD_NAMES[name],
            meaning=METHOD_MEANINGS[name].format(
                minimum=yen(minima[name]), days=terms.quick_bank_days, rate=f"{terms.quick_fee_permille / 10:g}"
            ),
            is_chosen=name == overview.method,
            quote=quote_payout(
                fixed_on=clock.today(),
                amount_yen=overview.available_yen,
                terms=terms,
                method=name,
                bank_code=bank_code,
                has_account=overview.account is not None,
                payouts_before=overview.payouts_before,
            )
            if overview.available_yen > 0
            else None,
        )
        for name in terms.methods
    ]
