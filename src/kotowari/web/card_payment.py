"""仮払い by card: to the processor's page and back, and what is known of the payment, said as it is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.foundation import subjects
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.payments import gates, services
from kotowari.payments.card_words import what_helps, why_not_paid
from kotowari.payments.models import CardPayment
from kotowari.payments.transitions import CARD_PAYMENT, CARD_REFUND
from kotowari.web import current
from kotowari.web.forms import posted_key
from kotowari.web.screens import redirect, render, screen

PROCESSORS = {"stripe": Text("Stripe", "Stripe"), "fake": Text("見本カード決済(デモ)", "Sample card payments (demo)")}
TONES = {
    "open": "wait",
    "unknown": "wait",
    "set_aside": "wait",
    "succeeded": "done",
    "declined": "loss",
    "expired": "plain",
    "refunded": "plain",
}
REFUND_TONES = {"succeeded": "done", "failed": "loss", "replaced": "plain"}
DISPUTE_TONES = {"won": "done", "lost": "loss", "unfounded": "plain"}


@screen(
    "milestone.card.start",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/fund/card/",
    title=Text("カードで支払う", "Pay by card"),
    actions=[gates.PAY_BY_CARD],
    parent="milestone.fund",
    methods=["POST"],
    members_only=True,
)
def start(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Record the payment, ask the processor for its page, and show the way there."""
    me = _me(request)
    milestone = subjects.load("contracts.milestone", str(milestone_id), actor=me)
    if milestone.contract_id != contract_id:
        subjects.load("contracts.milestone", "none", actor=me)
    payment = services.start_card_payment(actor=me, milestone_id=milestone.pk, idempotency_key=posted_key(request.POST))
    services.open_card_page(payment_id=payment.pk)
    return redirect("milestone.card", contract_id=contract_id, milestone_id=milestone_id, payment_id=payment.pk)


@screen(
    "milestone.card",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/fund/card/<uuid:payment_id>/",
    title=Text("カードのお支払い", "Card payment"),
    actions=[gates.SEE_CARD, gates.ASK_CARD],
    parent="milestone.fund",
    members_only=True,
)
def show(request: HttpRequest, contract_id: UUID, milestone_id: UUID, payment_id: UUID) -> HttpResponse:
    """Where the payment stands: to be paid, paid, declined and why, or not known and until when."""
    me = _me(request)
    payment = _own(me, contract_id, milestone_id, payment_id)
    return render(
        request,
        "funding/card.html",
        {
            "payment": payment,
            "milestone": payment.milestone,
            "contract": payment.milestone.contract,
            "state": CARD_PAYMENT.states[payment.state],
            "tone": TONES.get(payment.state, "wait"),
            "processor": PROCESSORS.get(payment.processor, payment.processor),
            "why": why_not_paid(payment.code),
            "helps": what_helps(payment.code),
            "is_in_escrow": payment.milestone.card_payment_id == payment.pk and payment.milestone.state != "refunded",
            "refunds": payment.refunds.order_by("pk"),
            "refund_states": CARD_REFUND.states,
            "refund_tones": REFUND_TONES,
            # An open one before a lost one.
            "dispute": payment.disputes.filter(state__in=["opened", "lost"]).order_by("-state", "-pk").first(),
            "can_ask": explain(gates.ASK_CARD, me, payment),
            "can_pay": explain(gates.PAY_BY_CARD, me, payment.milestone),
        },
    )


@screen(
    "milestone.card.back",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/fund/card/<uuid:payment_id>/back/",
    title=Text("カード会社に確かめる", "Ask the card processor"),
    actions=[gates.ASK_CARD],
    parent="milestone.card",
    methods=["GET", "POST"],
    members_only=True,
)
def back(request: HttpRequest, contract_id: UUID, milestone_id: UUID, payment_id: UUID) -> HttpResponse:
    """Back from the processor's page, or asked by hand: find out, and show it. What is known needs no asking."""
    me = _me(request)
    payment = _own(me, contract_id, milestone_id, payment_id)
    try:
        services.ask_about_card(actor=me, payment_id=payment.pk)
    except Refused:
        if request.method == "POST":
            raise
    return redirect("milestone.card", contract_id=contract_id, milestone_id=milestone_id, payment_id=payment_id)


def _me(request: HttpRequest) -> Member:
    me = current.member_of(request)
    assert me is not None, "members only"
    return me


def _own(me: Member, contract_id: UUID, milestone_id: UUID, payment_id: UUID) -> CardPayment:
    """The client's own payment at its own address; staff look at the console."""
    payment: CardPayment = subjects.load("payments.cardpayment", str(payment_id), actor=me)
    milestone = payment.milestone
    is_here = (milestone.contract_id, milestone.pk) == (contract_id, milestone_id)
    if not is_here or milestone.contract.client_id != me.pk:
        subjects.load("payments.cardpayment", "none", actor=me)
    return payment
