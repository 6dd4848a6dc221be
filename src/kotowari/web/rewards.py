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
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import Decision, explain, policy_version
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.models import Payout
from kotowari.payouts.transitions import PAYOUT
from kotowari.pricing import PayoutTerms, quote_payout
from kotowari.pricing.payouts import AT_EXPIRY_WORDS, PayoutQuote
from kotowari.web import current
from kotowari.web.drawing import Line, Step
from kotowari.web.fields import ChoiceField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, screen, tell

PAGE = 20
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


class MethodForm(KotowariForm):
    """Which method; what is offered has the service's last word."""

    method = ChoiceField(
        Text("出金方法", "Payout method"), choices=[(name, words) for name, words in METHOD_NAMES.items()]
    )


@screen(
    "rewards",
    path="my/rewards/",
    title=Text("報酬", "Rewards"),
    actions=[gates.RECEIVE, gates.CHOOSE_METHOD],
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
    "rewards.journal",
    path="my/rewards/history/<uuid:journal_id>/",
    title=Text("お金の動き", "A movement of money"),
    actions=[gates.RECEIVE],
    parent="rewards",
    members_only=True,
)
def journal(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    """One line of the history, opened: every account that it moved, in words."""
    me = current.member_of(request)
    found = ledger.journal(journal_id)
    if me is None or found is None or not any(_is_mine(line.account.owner_id, me) for line in found.lines):
        raise NotVisible("ledger.journal", journal_id)
    return render(
        request,
        "rewards/journal.html",
        {
            "journal": found,
            "lines": [
                (line.account.of.title, line.amount_yen, _is_mine(line.account.owner_id, me)) for line in found.lines
            ],
            "payout": selectors.payouts_visible_to(me).filter(pk=found.payout_id).first() if found.payout_id else None,
        },
    )


def _is_mine(owner_id: UUID | None, me: Member) -> bool:
    return owner_id == me.pk


def _page(request: HttpRequest, form: MethodForm) -> HttpResponse:
    me = current.member_of(request)
    assert me is not None
    overview = selectors.reward_overview(me.pk)
    terms = PayoutTerms.in_force()
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
            "end_of": clock.end_of,
            "statement": ledger.statement_for(me.pk, cursor=request.GET.get("before"), limit=PAGE),
            "is_first_page": not request.GET.get("before"),
        },
        status=form.status,
    )


def _next_lines(overview: selectors.RewardOverview) -> list[Line]:
    coming = overview.closings[0]
    return [
        Line(Text("未出金の報酬", "Rewards not yet paid out"), coming.gross_yen),
        Line(Text("振込手数料(税込)", "Transfer fee with tax"), -coming.fee_yen),
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
    minima = {"standard": terms.standard_minimum_yen, "threshold": terms.threshold_minimum_yen, "carry_over": 0}
    return [
        MethodChoice(
            name=name,
            title=METHOD_NAMES[name],
            meaning=METHOD_MEANINGS[name].format(minimum=yen(minima[name])),
            is_chosen=name == overview.method,
            quote=quote_payout(
                fixed_on=clock.today(),
                amount_yen=overview.available_yen,
                terms=terms,
                method=name,
                bank_code=bank_code,
                has_account=overview.account is not None,
            )
            if overview.available_yen > 0
            else None,
        )
        for name in terms.methods
    ]
