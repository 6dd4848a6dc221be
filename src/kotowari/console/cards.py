"""カード払い: what is not known and until when, what staff have to find out, what is disputed, what we were told."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.gates import decide_many, explain
from kotowari.kernel.text import Text
from kotowari.payments import gates, selectors, services
from kotowari.payments.card_words import why_not_paid
from kotowari.payments.models import CardPayment, CardRefund
from kotowari.payments.transitions import CARD_DISPUTE, CARD_PAYMENT, CARD_REFUND
from kotowari.web import paging
from kotowari.web.card_payment import DISPUTE_TONES, PROCESSORS, REFUND_TONES, TONES
from kotowari.web.drawing import Tab
from kotowari.web.fields import ChoiceField, LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

VIEWS = {
    "under_way": Text("進行中", "Under way"),
    "set_aside": Text("担当者の確認待ち", "With staff"),
    "refunds": Text("返金", "Refunds"),
    "disputes": Text("係争", "Disputes"),
    "": Text("すべての支払い", "All payments"),
    "webhooks": Text("カード会社の知らせ", "Messages of the processor"),
}
OUTCOMES = (
    ("succeeded", Text("カードに返金されていた", "The card was refunded")),
    ("failed", Text("返金されていない(銀行振込で返す)", "It was not (it goes by bank)")),
)


class CloseForm(KotowariForm):
    """What staff found at the processor."""

    note = LongTextField(
        Text("確認した内容", "What you found"),
        hint=Text(
            "カード会社の管理画面で、請求がないことを確かめてから閉じます。",
            "Make sure at the processor that nothing was charged.",
        ),
        max_length=500,
        rows=2,
    )


class CloseRefundForm(KotowariForm):
    """What became of a refund."""

    outcome = ChoiceField(Text("返金の結果", "What became of it"), choices=OUTCOMES)
    note = LongTextField(Text("確認した内容", "What you found"), max_length=500, rows=2)


@staff_screen(
    "console.cards",
    path="cards/",
    title=Text("カード払い", "Card payments"),
    actions=[gates.SEE_CARDS],
)
def cards(request: HttpRequest, staff: Member) -> HttpResponse:
    """The payments, refunds, disputes and messages, and how much processors owe."""
    shown = request.GET.get("show", "under_way")
    shown = shown if shown in VIEWS else "under_way"
    after = request.GET.get("after")
    context: dict[str, object] = {"rows": None, "refunds": None, "disputes": None, "webhooks": None}
    if shown == "webhooks":
        context["webhooks"] = paging.newest_first(selectors.webhooks_visible_to(staff), after)
    elif shown == "disputes":
        context["disputes"] = paging.newest_first(selectors.card_disputes_visible_to(staff), after)
    elif shown == "refunds":
        context["refunds"] = paging.newest_first(selectors.card_refunds_visible_to(staff), after)
    else:
        rows = selectors.card_payments_visible_to(staff)
        states = {"under_way": ["recorded", "sent", "open", "unknown"], "set_aside": ["set_aside"]}.get(shown)
        context["rows"] = paging.newest_first(rows.filter(state__in=states) if states else rows, after)
        if shown == "set_aside":
            waiting = selectors.card_refunds_visible_to(staff).filter(state="set_aside")
            context["refunds"] = paging.newest_first(waiting, after)
    return render(
        request,
        "console/cards.html",
        {
            **context,
            "shown": shown,
            "tabs": [
                Tab(words, paging.address(request, show=key, after=None), key == shown) for key, words in VIEWS.items()
            ],
            "totals": selectors.card_totals(),
            "overdue_yen": selectors.overdue_processor_yen(),
            "can_see": explain(gates.SEE_CARDS, staff),
            "states": CARD_PAYMENT.states,
            "refund_states": CARD_REFUND.states,
            "dispute_states": CARD_DISPUTE.states,
            "tones": TONES,
            "refund_tones": REFUND_TONES,
            "dispute_tones": DISPUTE_TONES,
            "processors": PROCESSORS,
        },
    )


@staff_screen(
    "console.card",
    path="cards/<uuid:payment_id>/",
    title=Text("カードのお支払い", "Card payment"),
    actions=[gates.SEE_CARD, gates.ASK_CARD, gates.CLOSE_CARD],
    parent="console.cards",
    methods=["GET", "POST"],
)
def one(request: HttpRequest, staff: Member, payment_id: UUID) -> HttpResponse:
    """One payment with its refunds and messages; with POST it is closed as not paid."""
    payment: CardPayment = subjects.load("payments.cardpayment", str(payment_id), actor=staff)
    form = CloseForm(request.POST) if request.method == "POST" else CloseForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            services.close_card_payment(
                actor=staff, payment_id=payment.pk, note=form.cleaned_data["note"], idempotency_key=form.key
            )
            tell(request, Text("支払いなしで閉じました。", "Closed as not paid."))
            return redirect("console.card", payment_id=payment.pk)
    return _drawn(request, staff, payment, form, CloseRefundForm())


@staff_screen(
    "console.card.ask",
    path="cards/<uuid:payment_id>/ask/",
    title=Text("カード会社に確かめる", "Ask the card processor"),
    actions=[gates.ASK_CARD],
    parent="console.card",
    methods=["POST"],
)
def ask(request: HttpRequest, staff: Member, payment_id: UUID) -> HttpResponse:
    """Ask the processor now."""
    payment: CardPayment = subjects.load("payments.cardpayment", str(payment_id), actor=staff)
    after = services.ask_about_card(actor=staff, payment_id=payment.pk)
    is_known = after.state not in ("unknown", "set_aside")
    words = Text("カード会社に確かめました:{state}", "The processor was asked: {state}")
    tell(request, words.format(state=CARD_PAYMENT.states[after.state]), "done" if is_known else "wait")
    return redirect("console.card", payment_id=payment_id)


@staff_screen(
    "console.card.refund",
    path="cards/refunds/<uuid:refund_id>/",
    title=Text("カード返金の結果を決める", "Decide what became of a card refund"),
    actions=[gates.CLOSE_REFUND],
    parent="console.cards",
    methods=["POST"],
)
def close_refund(request: HttpRequest, staff: Member, refund_id: UUID) -> HttpResponse:
    """Record what staff found out about a refund."""
    refund: CardRefund = subjects.load("payments.cardrefund", str(refund_id), actor=staff)
    form = CloseRefundForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.close_card_refund(
                actor=staff,
                refund_id=refund.pk,
                outcome=form.cleaned_data["outcome"],
                note=form.cleaned_data["note"],
                idempotency_key=form.key,
            )
            tell(request, Text("返金の結果を記録しました。", "What became of the refund is recorded."))
            return redirect("console.card", payment_id=refund.payment_id)
    return _drawn(request, staff, refund.payment, CloseForm(), form)


def _drawn(
    request: HttpRequest, staff: Member, payment: CardPayment, form: CloseForm, refund_form: CloseRefundForm
) -> HttpResponse:
    refunds = list(payment.refunds.select_related("payment__milestone__contract__client").order_by("pk"))
    return render(
        request,
        "console/card.html",
        {
            "payment": payment,
            "state": CARD_PAYMENT.states[payment.state],
            "tone": TONES.get(payment.state, "wait"),
            "processor": PROCESSORS.get(payment.processor, payment.processor),
            "why": why_not_paid(payment.code) if payment.code else None,
            "refunds": list(zip(refunds, decide_many(gates.CLOSE_REFUND, staff, refunds), strict=True)),
            "refund_states": CARD_REFUND.states,
            "refund_tones": REFUND_TONES,
            "disputes": payment.disputes.order_by("pk"),
            "dispute_states": CARD_DISPUTE.states,
            "dispute_tones": DISPUTE_TONES,
            "webhooks": payment.webhooks.order_by("-pk")[:20],
            "can_ask": explain(gates.ASK_CARD, staff, payment),
            "can_close": explain(gates.CLOSE_CARD, staff, payment),
            "form": form,
            "refund_form": refund_form,
        },
        status=max(form.status, refund_form.status),
    )
