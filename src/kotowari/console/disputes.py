"""カードの係争: what a cardholder's bank takes back, until when to answer and where, and who bears it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.payments import gates, services
from kotowari.payments.card_words import why_disputed
from kotowari.payments.models import CardDispute
from kotowari.payments.transitions import CARD_DISPUTE, CARD_REFUND
from kotowari.web.card_payment import DISPUTE_TONES, PROCESSORS, REFUND_TONES
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

DASHBOARDS = {"stripe": "https://dashboard.stripe.com/disputes/{reference}"}
"""Where a processor takes evidence; the demo's gateway does so on the payment's own page."""


class AllowForm(KotowariForm):
    """Why the client may pay by card again."""

    note = LongTextField(Text("確認した内容", "What you found"), max_length=500, rows=2)


@staff_screen(
    "console.dispute",
    path="cards/disputes/<uuid:dispute_id>/",
    title=Text("カードの係争", "Card dispute"),
    actions=[gates.SEE_DISPUTE, gates.ASK_DISPUTE, gates.ALLOW_CARDS],
    parent="console.cards",
    methods=["GET", "POST"],
)
def one(request: HttpRequest, staff: Member, dispute_id: UUID) -> HttpResponse:
    """One dispute with its money, clocks and messages; with POST its client may pay by card again."""
    dispute: CardDispute = subjects.load("payments.carddispute", str(dispute_id), actor=staff)
    form = AllowForm(request.POST) if request.method == "POST" else AllowForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            services.allow_cards_again(
                actor=staff, dispute_id=dispute.pk, note=form.cleaned_data["note"], idempotency_key=form.key
            )
            tell(request, Text("カード払いを再び認めました。", "Cards are allowed again."))
            return redirect("console.dispute", dispute_id=dispute.pk)
    refunds = dispute.payment.refunds.order_by("pk") if dispute.payment else []
    return render(
        request,
        "console/dispute.html",
        {
            "dispute": dispute,
            "payment": dispute.payment,
            "state": CARD_DISPUTE.states[dispute.state],
            "tone": DISPUTE_TONES.get(dispute.state, "wait"),
            "why": why_disputed(dispute.reason),
            "processor": PROCESSORS.get(dispute.processor, dispute.processor),
            "answer_url": _where_to_answer(dispute),
            "refunds": refunds,
            "refund_states": CARD_REFUND.states,
            "refund_tones": REFUND_TONES,
            "webhooks": dispute.webhooks.order_by("-pk")[:20],
            "can_ask": explain(gates.ASK_DISPUTE, staff, dispute),
            "can_allow": explain(gates.ALLOW_CARDS, staff, dispute),
            "form": form,
        },
        status=form.status,
    )


def _where_to_answer(dispute: CardDispute) -> str:
    if dispute.processor == "fake":
        return dispute.payment.hosted_url if dispute.payment else ""
    return DASHBOARDS.get(dispute.processor, "").format(reference=dispute.reference)


@staff_screen(
    "console.dispute.ask",
    path="cards/disputes/<uuid:dispute_id>/ask/",
    title=Text("カード会社に係争を確かめる", "Ask the processor about a dispute"),
    actions=[gates.ASK_DISPUTE],
    parent="console.dispute",
    methods=["POST"],
)
def ask(request: HttpRequest, staff: Member, dispute_id: UUID) -> HttpResponse:
    """Ask the processor now."""
    dispute: CardDispute = subjects.load("payments.carddispute", str(dispute_id), actor=staff)
    after = services.ask_about_dispute(actor=staff, dispute_id=dispute.pk)
    words = Text("カード会社に確かめました:{state}", "The processor was asked: {state}")
    tell(request, words.format(state=CARD_DISPUTE.states[after.state]), "wait" if after.due_at else "done")
    return redirect("console.dispute", dispute_id=dispute_id)
