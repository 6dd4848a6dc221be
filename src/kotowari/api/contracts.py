"""Contracts, milestones and their escrow's life, and ending early."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from kotowari.api import drawing
from kotowari.api.calls import Token, caller, key_of
from kotowari.api.paging import page
from kotowari.api.shapes import (
    AskEnd,
    Changes,
    ContractDetail,
    ContractList,
    Deliver,
    EndRequestShape,
    MilestoneShape,
)
from kotowari.contracts import selectors, services
from kotowari.contracts.models import Contract, Milestone
from kotowari.foundation import subjects

router = Router(tags=["contracts"])


@router.get("/contracts", auth=Token("contracts:read"), response=ContractList, summary="My contracts, newest first")
def list_contracts(request: HttpRequest, state: str = "", cursor: str = "", limit: int = 20) -> Any:
    rows = selectors.with_milestones(selectors.contracts_visible_to(caller(request)))
    found, after = page(rows.filter(state=state) if state else rows, cursor, limit)
    return {"items": drawing.contracts(found), "next_cursor": after}


@router.get("/contracts/{id}", auth=Token("contracts:read"), response=ContractDetail, summary="One contract")
def get_contract(request: HttpRequest, id: str) -> Any:
    found = subjects.load("contracts.contract", id, actor=caller(request))
    return drawing.contract_detail(
        selectors.with_milestones(Contract.objects.select_related("client", "worker", "terms")).get(pk=found.pk)
    )


@router.post(
    "/contracts/{id}/end", auth=Token("contracts:write"), response={201: EndRequestShape}, summary="Ask to end early"
)
def ask_end(request: HttpRequest, id: str, body: AskEnd) -> Any:
    found = subjects.load("contracts.contract", id, actor=caller(request))
    asked = services.ask_end(
        actor=caller(request), contract_id=found.pk, **body.model_dump(), idempotency_key=key_of(request)
    )
    return Status(201, drawing.end_request(asked))


@router.post("/end-requests/{id}/agree", auth=Token("contracts:write"), response=EndRequestShape, summary="Agree")
def agree_end(request: HttpRequest, id: str) -> Any:
    return _answer(request, id, services.agree_end)


@router.post("/end-requests/{id}/refuse", auth=Token("contracts:write"), response=EndRequestShape, summary="Refuse")
def refuse_end(request: HttpRequest, id: str) -> Any:
    return _answer(request, id, services.refuse_end)


@router.post(
    "/end-requests/{id}/withdraw", auth=Token("contracts:write"), response=EndRequestShape, summary="Take it back"
)
def withdraw_end(request: HttpRequest, id: str) -> Any:
    return _answer(request, id, services.withdraw_end)


@router.post(
    "/milestones/{id}/deliver", auth=Token("contracts:write"), response=MilestoneShape, summary="Hand over the work"
)
def deliver(request: HttpRequest, id: str, body: Deliver) -> Any:
    services.deliver(
        actor=caller(request),
        milestone_id=_milestone(request, id).pk,
        message=body.message,
        links=body.links,
        idempotency_key=key_of(request),
    )
    return drawing.milestone(_milestone(request, id))


@router.post(
    "/milestones/{id}/accept",
    auth=Token("contracts:write"),
    response=MilestoneShape,
    summary="Accept: the reward is fixed",
)
def accept(request: HttpRequest, id: str) -> Any:
    services.accept_delivery(
        actor=caller(request), milestone_id=_milestone(request, id).pk, idempotency_key=key_of(request)
    )
    return drawing.milestone(_milestone(request, id))


@router.post(
    "/milestones/{id}/request-changes",
    auth=Token("contracts:write"),
    response=MilestoneShape,
    summary="List what is to be changed; stops the acceptance clock",
)
def request_changes(request: HttpRequest, id: str, body: Changes) -> Any:
    services.request_changes(
        actor=caller(request),
        milestone_id=_milestone(request, id).pk,
        points=body.points,
        idempotency_key=key_of(request),
    )
    return drawing.milestone(_milestone(request, id))


def _milestone(request: HttpRequest, id: str) -> Milestone:
    found: Milestone = subjects.load("contracts.milestone", id, actor=caller(request))
    return found


def _answer(request: HttpRequest, id: str, command: Any) -> dict[str, Any]:
    asked = subjects.load("contracts.endrequest", id, actor=caller(request))
    return drawing.end_request(command(actor=caller(request), request_id=asked.pk, idempotency_key=key_of(request)))
