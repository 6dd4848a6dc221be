"""Ending a contract early: asked by one side, agreed by the other, or by silence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from kotowari.contracts import entries, events
from kotowari.contracts.gates import AGREE_END, ASK_END, REFUSE_END, WITHDRAW_END
from kotowari.contracts.models import Contract, EndRequest, Milestone
from kotowari.contracts.services import closing
from kotowari.contracts.services.clocks import keep_in
from kotowari.contracts.transitions import END_REQUEST
from kotowari.contracts.waits import awaited_by_end, clocks_of_ends
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor, SystemActor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

REASONS = {
    "no_longer_needed": Text("依頼する必要がなくなった", "The work is no longer needed"),
    "cannot_do": Text("作業を続けられなくなった", "The work cannot be continued"),
    "no_contact": Text("相手と連絡が取れない", "The other side does not answer"),
    "terms_changed": Text("条件が合わなくなった", "The terms no longer fit"),
    "other": Text("その他", "Other"),
}


@command(ASK_END)
def ask_end(*, actor: Actor, contract_id: UUID, reason: str, explanation: str = "") -> EndRequest:
    """Ask the other side to end the contract; without an answer it ends by itself (A078, P007)."""
    contract = lock(Contract, contract_id, "client", "worker")
    require(ASK_END, actor, contract)
    if reason not in REASONS:
        raise InputError({"reason": [Text("理由を一覧から選んでください。", "Please choose a reason from the list.")]})
    explanation = explanation.strip()
    if reason == "other" and not explanation:
        raise InputError(
            {
                "explanation": [
                    Text(
                        "「その他」のときは理由を書いてください。相手に伝わります。",
                        "With “Other”, please write the reason; the other side will read it.",
                    )
                ]
            }
        )
    assert actor.pk is not None, "the gate lets only the two sides through"
    days = policy.value("contracts.early_end_lapse_days")
    request = EndRequest(
        contract=contract,
        asked_by_id=actor.pk,
        reason=reason,
        explanation=explanation[:2000],
        lapses_at=clock.end_of(clock.today() + timedelta(days=days)),
    )
    [running] = clocks_of_ends([request])
    request.lapses_at, request.stopped_for = running.due_at, running.stopped_for
    request.save(force_insert=True)
    audit.record(actor=actor, kind=entries.END_ASKED, subject=contract, reason=reason)
    emit(events.EndAsked(**_names(request), lapses_at=request.lapses_at))
    return request


@command(AGREE_END)
def agree_end(*, actor: Actor, request_id: UUID) -> EndRequest:
    """Agree: money that is held goes back to the client, what was not funded is cancelled."""
    return _end(actor, request_id, "agree")


@command(AGREE_END)
def lapse_end(*, actor: Actor, request_id: UUID) -> EndRequest:
    """End the contract because nobody answered in time."""
    return _end(actor, request_id, "lapse")


@command(REFUSE_END)
def refuse_end(*, actor: Actor, request_id: UUID) -> EndRequest:
    """Refuse: the contract goes on as agreed."""
    request = lock(EndRequest, request_id, "contract")
    require(REFUSE_END, actor, request)
    _close(request, "refuse")
    audit.record(actor=actor, kind=entries.END_REFUSED, subject=request.contract)
    emit(events.EndRefused(**_names(request)))
    return request


@command(WITHDRAW_END)
def withdraw_end(*, actor: Actor, request_id: UUID) -> EndRequest:
    """Take one's own request back: the contract goes on as agreed."""
    request = lock(EndRequest, request_id, "contract")
    require(WITHDRAW_END, actor, request)
    _close(request, "withdraw")
    audit.record(actor=actor, kind=entries.END_WITHDRAWN, subject=request.contract)
    emit(events.EndWithdrawn(**_names(request)))
    return request


def _end(actor: Actor, request_id: UUID, event: str) -> EndRequest:
    # Milestones, contract, request: the order in which an acceptance takes them, so that neither waits for the other.
    contract_id = EndRequest.objects.filter(pk=request_id).values_list("contract_id", flat=True).first()
    milestones = list(
        Milestone.objects.select_for_update(of=("self",))
        .select_related("contract")
        .filter(contract_id=contract_id or request_id)
        .order_by("pk")
    )
    contract = lock(Contract, contract_id or request_id)
    request = lock(EndRequest, request_id, "contract")
    if event == "lapse":
        keep_in([awaited_by_end(request)])
    require(AGREE_END, actor, request)
    _close(request, event)
    for milestone in milestones:
        if milestone.state == "awaiting_funding":
            closing.cancel(SYSTEM, milestone, event="cancel")
        elif milestone.state in ("funded", "changes_requested"):
            closing.refund(SYSTEM, milestone, event="refund")
    closing.close_contracts([contract.pk], "end")
    audit.record(actor=actor, kind=entries.ENDED, subject=request.contract)
    emit(events.ContractEnded(**_names(request), by_clock=isinstance(actor, SystemActor)))
    return request


def _close(request: EndRequest, event: str) -> None:
    request.state = END_REQUEST.require(request.state, event)
    request.closed_at = clock.now()
    request.save(update_fields=["state", "closed_at"])


def _names(request: EndRequest) -> dict[str, Any]:
    contract = request.contract
    other = contract.worker_id if request.asked_by_id == contract.client_id else contract.client_id
    return {
        "contract_id": contract.pk,
        "request_id": request.pk,
        "asked_by_id": request.asked_by_id,
        "other_id": other,
        "title": contract.title,
    }
