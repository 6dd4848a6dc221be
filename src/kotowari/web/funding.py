"""仮払い: by bank or by card; where to send the money, what has come so far, and the demo's bank."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.contracts.gates import FUND
from kotowari.contracts.models import Milestone
from kotowari.contracts.selectors import role_of
from kotowari.contracts.transitions import MILESTONE
from kotowari.foundation import subjects
from kotowari.foundation.operator import OperatorBankAccount
from kotowari.kernel.gates import explain
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments import gates, selectors, services
from kotowari.payments.services.demo import MORE_YEN
from kotowari.payments.transitions import CARD_PAYMENT
from kotowari.payouts.destinations import bank_directory
from kotowari.web import contract_drawing, current
from kotowari.web.card_payment import TONES
from kotowari.web.fields import ChoiceField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, screen, tell

WAYS = (
    ("exact", Text("ちょうどの金額を、振込番号を付けて", "Exactly what is needed, with the reference")),
    ("too_little", Text("半分だけ(不足)", "Only half of it (too little)")),
    ("too_much", Text("{more}多く(超過)", "{more} more (too much)").format(more=yen(MORE_YEN))),
    ("no_reference", Text("振込番号を付けずに", "Without the reference")),
)


class DemoForm(KotowariForm):
    """How the demo's bank sends it."""

    way = ChoiceField(Text("振り込み方", "How it is sent"), choices=WAYS)


@screen(
    "milestone.fund",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/fund/",
    title=Text("仮払いする", "Fund the escrow"),
    actions=[FUND, gates.SEE_INSTRUCTION, gates.PAY_BY_CARD],
    parent="contract",
    members_only=True,
)
def fund(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """The transfer to make, until when, and what has arrived."""
    return _page(request, _own_milestone(request, contract_id, milestone_id), DemoForm(initial={"way": "exact"}))


@screen(
    "milestone.fund.demo",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/fund/demo/",
    title=Text("銀行が入金する(デモ)", "The bank sends it (demo)"),
    actions=[gates.LET_BANK_SEND],
    parent="milestone.fund",
    methods=["POST"],
    members_only=True,
    demo_only=True,
)
def send(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """The demo's bank writes a statement with this transfer, and it is imported."""
    milestone = _own_milestone(request, contract_id, milestone_id)
    form = DemoForm(request.POST)
    file = None
    if form.is_valid():
        with form.merging():
            file = services.let_bank_send(
                actor=current.member_of(request),
                milestone_id=milestone.pk,
                way=form.cleaned_data["way"],
                idempotency_key=form.key,
            )
    if file is None:
        return _page(request, milestone, form)
    milestone.refresh_from_db(fields=["state"])
    if file.matched_count or (milestone.state == "funded" and file.suspense_count):
        tell(request, Text("入金を確認し、仮払いに充てました。", "The money has arrived and is in escrow."))
    else:
        tell(request, Text("入金は仮受金になりました。", "The money has arrived and waits in suspense."), "wait")
    if milestone.state != "awaiting_funding" and not file.suspense_count:
        return redirect("contract", contract_id=contract_id)
    return redirect("milestone.fund", contract_id=contract_id, milestone_id=milestone_id)


def _own_milestone(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> Milestone:
    me = current.member_of(request)
    milestone: Milestone = subjects.load("contracts.milestone", str(milestone_id), actor=me)
    if milestone.contract_id != contract_id:
        return subjects.load("contracts.milestone", "none", actor=me)  # type: ignore[no-any-return]
    return milestone


def _page(request: HttpRequest, milestone: Milestone, form: DemoForm) -> HttpResponse:
    me = current.member_of(request)
    assert me is not None
    role = role_of(me, milestone.contract)
    decision = explain(gates.SEE_INSTRUCTION, me, milestone)
    instruction = selectors.instruction_for(milestone) if decision.allowed else None
    return render(
        request,
        "funding/fund.html",
        {
            "milestone": milestone,
            "contract": milestone.contract,
            "role": role,
            "state": MILESTONE.states[milestone.state],
            "decision": decision,
            "instruction": instruction,
            "bank": instruction and _names(instruction.account),
            "steps": contract_drawing.steps(milestone, role),
            "sums": contract_drawing.sums([milestone], role),
            "arrived": list(selectors.deposits_visible_to(me).filter(milestone=milestone)[:20])
            if role == "client"
            else [],
            "can_pay_by_card": explain(gates.PAY_BY_CARD, me, milestone) if role == "client" else None,
            "cards": list(selectors.card_payments_visible_to(me).filter(milestone=milestone)[:20])
            if role == "client"
            else [],
            "card_states": CARD_PAYMENT.states,
            "card_tones": TONES,
            "can_send": explain(gates.LET_BANK_SEND, me, milestone) if role == "client" else None,
            "form": form,
        },
        status=form.status,
    )


def _names(account: OperatorBankAccount) -> tuple[str, str]:
    """Bank and branch as people say them; the directory knows what the installation does not tell."""
    bank = bank_directory().bank(account.bank_code)
    branch = bank_directory().branch(account.bank_code, account.branch_code)
    return (
        account.bank_name or (bank.display_name if bank else ""),
        account.branch_name or (branch.display_name if branch else ""),
    )
