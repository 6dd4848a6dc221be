"""Jobs and proposals."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from kotowari.api import drawing
from kotowari.api.calls import Token, Visitor, caller, caller_or_none, key_of, uuid_of
from kotowari.api.shapes import (
    ContractDetail,
    Decline,
    JobDetail,
    JobList,
    NewJob,
    NewProposal,
    ProposalShape,
)
from kotowari.contracts import services as contracts
from kotowari.foundation import subjects
from kotowari.kernel.gates import require
from kotowari.market import gates, selectors, services
from kotowari.market.models import Proposal
from kotowari.market.postings import Posting
from kotowari.market.services import ProposedMilestone

router = Router(tags=["jobs"])


@router.get("/jobs", auth=Visitor(), response=JobList, summary="Search open jobs, newest first")
def list_jobs(
    request: HttpRequest,
    q: str = "",
    category: str = "",
    kind: str = "",
    min_yen: int = 0,
    stays_inside: bool = False,
    cursor: str = "",
    limit: int = 20,
) -> Any:
    found = selectors.search_jobs(
        caller_or_none(request),
        query=q,
        category=category,
        kind=kind,
        min_yen=min_yen,
        stays_inside=stays_inside,
        cursor=cursor,
        limit=limit,
    )
    return {"items": [drawing.job(card) for card in found.cards], "next_cursor": found.next_cursor}


@router.post("/jobs", auth=Token("jobs:write"), response={201: JobDetail}, summary="Post a job")
def post_job(request: HttpRequest, body: NewJob) -> Any:
    job = services.post_job(
        actor=caller(request), posting=Posting(**body.model_dump()), idempotency_key=key_of(request)
    )
    return Status(201, _detail(request, job.pk))


@router.get("/jobs/{id}", auth=Visitor(), response=JobDetail, summary="One job")
def get_job(request: HttpRequest, id: str) -> Any:
    return _detail(request, uuid_of("market.job", id))


@router.post("/jobs/{id}/close", auth=Token("jobs:write"), response=JobDetail, summary="End a posting")
def close_job(request: HttpRequest, id: str) -> Any:
    job = services.close_job(actor=caller(request), job_id=uuid_of("market.job", id), idempotency_key=key_of(request))
    return _detail(request, job.pk)


@router.get(
    "/jobs/{id}/proposals", auth=Token("jobs:read"), response=list[ProposalShape], summary="Proposals that I may see"
)
def list_proposals(request: HttpRequest, id: str) -> Any:
    job = subjects.load("market.job", str(uuid_of("market.job", id)), actor=caller(request))
    rows = selectors.proposals_visible_to(caller(request)).filter(job=job)[:200]
    return drawing.proposals(list(rows))


@router.post(
    "/jobs/{id}/proposals", auth=Token("jobs:write"), response={201: ProposalShape}, summary="Propose to do a job"
)
def propose(request: HttpRequest, id: str, body: NewProposal) -> Any:
    made = services.send_proposal(
        actor=caller(request),
        job_id=uuid_of("market.job", id),
        message=body.message,
        milestones=[ProposedMilestone(**m.model_dump()) for m in body.milestones],
        idempotency_key=key_of(request),
    )
    return Status(201, drawing.proposal(_proposal(request, str(made.pk))))


@router.post(
    "/proposals/{id}/accept",
    auth=Token("jobs:write"),
    response={201: ContractDetail},
    summary="Hire: makes a contract with its written terms",
)
def accept_proposal(request: HttpRequest, id: str) -> Any:
    made = contracts.hire(actor=caller(request), proposal_id=_proposal(request, id).pk, idempotency_key=key_of(request))
    return Status(201, drawing.contract_detail(made))


@router.post("/proposals/{id}/decline", auth=Token("jobs:write"), response=ProposalShape, summary="Decline, saying why")
def decline(request: HttpRequest, id: str, body: Decline) -> Any:
    services.decline_proposal(
        actor=caller(request),
        proposal_id=_proposal(request, id).pk,
        reason=body.reason,
        note=body.note,
        idempotency_key=key_of(request),
    )
    return drawing.proposal(_proposal(request, id))


@router.post("/proposals/{id}/withdraw", auth=Token("jobs:write"), response=ProposalShape, summary="Take it back")
def withdraw(request: HttpRequest, id: str) -> Any:
    services.withdraw_proposal(
        actor=caller(request), proposal_id=_proposal(request, id).pk, idempotency_key=key_of(request)
    )
    return drawing.proposal(_proposal(request, id))


def _proposal(request: HttpRequest, id: str) -> Proposal:
    found: Proposal = subjects.load("market.proposal", id, actor=caller(request))
    return found


def _detail(request: HttpRequest, id: Any) -> dict[str, Any]:
    reader = caller_or_none(request)
    row = subjects.load("market.job", str(id), actor=reader)
    require(gates.SEE_JOB, reader, row)
    return drawing.job_detail(row, selectors.job_cards(reader, [row.pk])[0])
