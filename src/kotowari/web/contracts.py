"""契約: the list, one contract with its milestones, hiring, and ending early."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from kotowari.contracts import gates, selectors, services
from kotowari.contracts.models import Contract, Milestone
from kotowari.contracts.services.ending import REASONS
from kotowari.contracts.services.hiring import costs_of
from kotowari.contracts.terms import written_terms
from kotowari.contracts.transitions import CONTRACT, MILESTONE
from kotowari.foundation import subjects
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import Decision, decide_many, explain
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.messaging.gates import SEND_MESSAGE
from kotowari.payouts.gates import BE_PAID
from kotowari.pricing import PricingTerms
from kotowari.web import contract_drawing as drawing
from kotowari.web import current, paging
from kotowari.web.fields import ChoiceField, LongTextField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, screen, tell

FILTERS: dict[str, Text] = {
    "": Text("すべて", "All"),
    "active": CONTRACT.states["active"],
    "completed": CONTRACT.states["completed"],
    "ended": CONTRACT.states["ended"],
}


class DeliverForm(KotowariForm):
    """What is handed over."""

    message = LongTextField(
        Text("納品の内容", "What you deliver"),
        hint=Text("何を、どこに納めたかを書いてください。", "Say what you deliver and where it is."),
        rows=5,
    )
    links = LongTextField(
        Text("納品物のアドレス", "Addresses of the work"),
        hint=Text("https:// で始まるアドレスを1行に1つ。", "One address per line, beginning with https://."),
        required=False,
        rows=3,
        max_length=8000,
    )


class ChangesForm(KotowariForm):
    """What is to be changed, point by point."""

    points = LongTextField(
        Text("直してほしい点", "What to change"),
        hint=Text(
            "1行に1つずつ書いてください。検収の期限はここで止まります。",
            "One point per line. This stops the acceptance clock.",
        ),
        rows=4,
        max_length=16000,
    )


class EndForm(KotowariForm):
    """Why the contract should end early."""

    reason = ChoiceField(Text("理由", "Reason"), choices=list(REASONS.items()))
    explanation = LongTextField(
        Text("くわしい事情", "Details"),
        hint=Text("相手に伝わります。", "The other side will read it."),
        required=False,
        rows=4,
        max_length=2000,
    )


@screen(
    "contracts",
    path="contracts/",
    title=Text("契約", "Contracts"),
    actions=[gates.SEE_CONTRACT],
    parent="my",
    members_only=True,
)
def contracts(request: HttpRequest) -> HttpResponse:
    """My contracts as client and as worker, the newest first."""
    state = request.GET.get("state", "")
    rows = selectors.contracts_visible_to(current.me())
    if state in CONTRACT.states:
        rows = rows.filter(state=state)
    page = paging.newest_first(selectors.with_milestones(rows), request.GET.get("after"))
    me = current.me()
    return render(
        request,
        "contracts/list.html",
        {
            "page": page,
            "filters": [(key, words, key == state) for key, words in FILTERS.items()],
            "summaries": {c.pk: drawing.summary(c, selectors.role_of(me, c)) for c in page.rows},
        },
    )


@screen(
    "contract",
    path="contracts/<uuid:contract_id>/",
    title=Text("契約の内容", "Contract"),
    actions=[gates.SEE_CONTRACT, BE_PAID],
    parent="contracts",
    members_only=True,
)
def contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """One contract: where each milestone stands, what can be done now, money, terms."""
    return _contract_page(request, contract_id)


def _contract_page(
    request: HttpRequest, contract_id: UUID, forms: dict[tuple[str, UUID], KotowariForm] | None = None
) -> HttpResponse:
    me = current.me()
    found: Contract = subjects.load("contracts.contract", str(contract_id), actor=me)
    rows = selectors.with_milestones(Contract.objects.filter(pk=found.pk).select_related("client", "worker", "job"))
    found = _only(rows)
    role = selectors.role_of(me, found)
    milestones = list(found.milestones.all())
    for milestone in milestones:
        milestone.contract = found
    can = _decisions(me, milestones)
    bound = forms or {}
    status = 422 if any(form.errors for form in bound.values()) else 200
    return render(
        request,
        "contracts/detail.html",
        {
            "contract": found,
            "role": role,
            "other": found.worker if role == "client" else found.client,
            "milestones": [
                {
                    "row": m,
                    "steps": drawing.steps(m, role),
                    "can": can[m.pk],
                    "deliver_form": bound.get(("deliver", m.pk)) or DeliverForm(auto_id=f"f-{m.pk}-%s"),
                    "changes_form": bound.get(("changes", m.pk)) or ChangesForm(auto_id=f"f-{m.pk}-%s"),
                    "state": MILESTONE.states[m.state],
                }
                for m in milestones
            ],
            "sums": drawing.sums(milestones, role),
            "terms": found.terms,
            "open_end": found.end_requests.filter(state="open").first(),
            "can_be_paid": explain(BE_PAID, me) if role == "worker" and not _is_over(milestones) else None,
            "can_end": explain(gates.ASK_END, me, found),
            "can_write": explain(SEND_MESSAGE, me, found.proposal),
        },
        status=status,
    )


def _is_over(milestones: Sequence[Milestone]) -> bool:
    """Whether no reward can come of it any more."""
    return all(milestone.state in MILESTONE.final for milestone in milestones)


def _only(rows: QuerySet[Contract]) -> Contract:
    return rows.get()


def _decisions(me: Any, milestones: Sequence[Milestone]) -> dict[UUID, dict[str, Decision]]:
    actions = {
        "fund": gates.FUND,
        "deliver": gates.DELIVER,
        "accept": gates.ACCEPT,
        "request_changes": gates.REQUEST_CHANGES,
    }
    found: dict[UUID, dict[str, Decision]] = {m.pk: {} for m in milestones}
    for name, action in actions.items():
        for milestone, decision in zip(milestones, decide_many(action, me, milestones), strict=True):
            found[milestone.pk][name] = decision
    return found


def _own_milestone(contract_id: UUID, milestone_id: UUID) -> Milestone:
    milestone: Milestone = subjects.load("contracts.milestone", str(milestone_id), actor=current.me())
    if milestone.contract_id != contract_id:
        raise NotVisible("contracts.milestone", milestone_id)
    return milestone


@screen(
    "milestone.deliver",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/deliver/",
    title=Text("納品する", "Deliver the work"),
    actions=[gates.DELIVER],
    parent="contract",
    methods=["POST"],
    members_only=True,
)
def deliver(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Hand over the work."""
    milestone = _own_milestone(contract_id, milestone_id)
    form = DeliverForm(request.POST, auto_id=f"f-{milestone.pk}-%s")
    if form.is_valid():
        with form.merging():
            services.deliver(
                actor=current.me(),
                milestone_id=milestone.pk,
                message=form.cleaned_data["message"],
                links=form.cleaned_data["links"].splitlines(),
                idempotency_key=form.key,
            )
    if form.errors:
        return _contract_page(request, contract_id, {("deliver", milestone.pk): form})
    tell(request, Text("「{title}」を納品しました。", "“{title}” is delivered.").format(title=milestone.title))
    return redirect("contract", contract_id=contract_id)


@screen(
    "milestone.changes",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/changes/",
    title=Text("修正を依頼する", "Request changes"),
    actions=[gates.REQUEST_CHANGES],
    parent="contract",
    methods=["POST"],
    members_only=True,
)
def request_changes(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """List what is to be changed."""
    milestone = _own_milestone(contract_id, milestone_id)
    form = ChangesForm(request.POST, auto_id=f"f-{milestone.pk}-%s")
    if form.is_valid():
        with form.merging():
            services.request_changes(
                actor=current.me(),
                milestone_id=milestone.pk,
                points=form.cleaned_data["points"].splitlines(),
                idempotency_key=form.key,
            )
    if form.errors:
        return _contract_page(request, contract_id, {("changes", milestone.pk): form})
    tell(request, Text("修正を依頼しました。検収の期限は止まっています。", "Sent. The acceptance clock has stopped."))
    return redirect("contract", contract_id=contract_id)


@screen(
    "milestone.accept",
    path="contracts/<uuid:contract_id>/milestones/<uuid:milestone_id>/accept/",
    title=Text("検収する", "Accept the delivery"),
    actions=[gates.ACCEPT],
    parent="contract",
    methods=["POST"],
    members_only=True,
)
def accept(request: HttpRequest, contract_id: UUID, milestone_id: UUID) -> HttpResponse:
    """Accept the delivery: the reward is fixed."""
    milestone = _own_milestone(contract_id, milestone_id)
    services.accept_delivery(actor=current.me(), milestone_id=milestone.pk, idempotency_key=posted_key(request.POST))
    tell(
        request,
        Text(
            "検収しました。受注者の報酬{amount}が確定しました。", "Accepted. The worker's reward of {amount} is fixed."
        ).format(amount=yen(milestone.worker_receives_yen)),
    )
    return redirect("contract", contract_id=contract_id)


@screen(
    "contract.hire",
    path="proposals/<uuid:proposal_id>/hire/",
    title=Text("採用して契約する", "Hire and make a contract"),
    actions=[gates.HIRE],
    parent="jobs",
    methods=["GET", "POST"],
    members_only=True,
)
def hire(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """What the contract will say and cost, to the yen, and the button that makes it."""
    me = current.me()
    proposal = subjects.load("market.proposal", str(proposal_id), actor=me)
    if request.method == "POST":
        made = services.hire(actor=me, proposal_id=proposal.pk, idempotency_key=posted_key(request.POST))
        tell(request, Text("契約が成立しました。次は仮払いです。", "The contract is made. Next comes the escrow."))
        return redirect("contract", contract_id=made.pk)
    parts = list(proposal.milestones.order_by("position"))
    costs = costs_of(proposal, parts, PricingTerms.in_force())
    decision = explain(gates.HIRE, me, proposal)
    return render(
        request,
        "contracts/hire.html",
        {
            "proposal": proposal,
            "parts": parts,
            "quote": costs.whole,
            "terms": written_terms(proposal, parts, costs.whole),
            "decision": decision,
        },
    )


@screen(
    "contract.end",
    path="contracts/<uuid:contract_id>/end/",
    title=Text("途中終了", "Ending early"),
    actions=[gates.ASK_END, gates.AGREE_END, gates.REFUSE_END, gates.WITHDRAW_END],
    parent="contract",
    methods=["GET", "POST"],
    members_only=True,
)
def end(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Ask to end the contract, answer the other side, or take one's request back."""
    me = current.me()
    found: Contract = subjects.load("contracts.contract", str(contract_id), actor=me)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form.merging():
            services.ask_end(actor=me, contract_id=found.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("途中終了を申し出ました。", "You asked to end the contract."))
            return redirect("contract.end", contract_id=found.pk)
    requests = list(found.end_requests.select_related("asked_by", "contract").order_by("-id"))
    open_request = next((r for r in requests if r.state == "open"), None)
    return render(
        request,
        "contracts/end.html",
        {
            "contract": found,
            "form": form,
            "can_ask": explain(gates.ASK_END, me, found),
            "open_request": open_request,
            "requests": requests,
            "reasons": REASONS,
            "can_agree": open_request and explain(gates.AGREE_END, me, open_request),
            "can_refuse": open_request and explain(gates.REFUSE_END, me, open_request),
            "can_withdraw": open_request and explain(gates.WITHDRAW_END, me, open_request),
            "mine": open_request is not None and open_request.asked_by_id == me.pk,
        },
        status=form.status,
    )


_ANSWERS = {
    "agree": (services.agree_end, Text("途中終了に合意しました。", "You agreed to end the contract.")),
    "refuse": (services.refuse_end, Text("途中終了に同意しませんでした。", "You refused to end the contract.")),
    "withdraw": (services.withdraw_end, Text("申し出を取り下げました。", "You took the request back.")),
}


@screen(
    "contract.end.answer",
    path="contracts/<uuid:contract_id>/end/<uuid:request_id>/<str:answer>/",
    title=Text("途中終了への返事", "Answer to an early end"),
    actions=[gates.AGREE_END, gates.REFUSE_END, gates.WITHDRAW_END],
    parent="contract.end",
    methods=["POST"],
    members_only=True,
)
def answer_end(request: HttpRequest, contract_id: UUID, request_id: UUID, answer: str) -> HttpResponse:
    """Agree, refuse or withdraw."""
    me = current.me()
    asked = subjects.load("contracts.endrequest", str(request_id), actor=me)
    if answer not in _ANSWERS or asked.contract_id != contract_id:
        raise NotVisible("contracts.endrequest", request_id)
    command, words = _ANSWERS[answer]
    command(actor=me, request_id=asked.pk, idempotency_key=posted_key(request.POST))
    tell(request, words)
    return redirect("contract", contract_id=contract_id)
