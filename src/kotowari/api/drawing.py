"""Rows of the rooms as the shapes of the API."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kotowari.contracts.models import Contract, EndRequest, Milestone
from kotowari.contracts.waits import clocks_of_ends, clocks_of_milestones
from kotowari.kernel import clock
from kotowari.kernel.spans import RunningClock
from kotowari.kernel.text import Text
from kotowari.market.models import Job, Proposal
from kotowari.market.selectors import JobCard, clocks_of_proposals, proposal_counts


def job(card: JobCard) -> dict[str, Any]:
    """A job as lists show it (`JobShape`)."""
    return {
        "id": card.id,
        "title": card.title,
        "state": card.state,
        "kind": card.kind,
        "category": card.category,
        "client": card.client_username,
        "pay": {
            name: getattr(card.pay, name)
            for name in ("price_min_yen", "price_max_yen", "reaches_min_yen", "reaches_max_yen")
        },
        "hires_wanted": card.hires_wanted,
        "hires_made": card.hires_made,
        "apply_until": card.apply_until,
        "due_on": card.due_on,
        "stays_inside": card.stays_inside,
        "posted_at": card.posted_at,
        "url": card.url,
    }


def job_detail(row: Job, card: JobCard) -> dict[str, Any]:
    """A job with its text and terms (`JobDetail`)."""
    own = ("description", "work_place", "delivery_place", "rights", "inspection_days", "payment_due_days")
    return {**job(card), **{name: getattr(row, name) for name in own}, "proposals": proposal_counts(row)}


def proposals(rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals with their milestones (`ProposalShape`): three queries more, for the clocks that stand still."""
    return [_proposal(row, running) for row, running in zip(rows, clocks_of_proposals(rows), strict=True)]


def proposal(row: Proposal) -> dict[str, Any]:
    """A proposal with its milestones (`ProposalShape`)."""
    return proposals([row])[0]


def _clock(running: RunningClock | None, column: str) -> dict[str, Any]:
    """When a wait ends as things stand, and whether its clock stands still now; nothing of one that is over."""
    if running is None:
        return {"stopped": False}
    return {column: running.due_at, "stopped": running.stopped_until(clock.now()) is not None}


def _proposal(row: Proposal, running: RunningClock | None) -> dict[str, Any]:
    return {
        "id": row.pk,
        "job_id": row.job_id,
        "worker": row.worker.username,
        "state": row.state,
        "message": row.message,
        "milestones": [{"title": m.title, "price_yen": m.price_yen, "due_on": m.due_on} for m in row.milestones.all()],
        "sent_at": row.sent_at,
        "lapses_at": row.lapses_at,
        **_clock(running, "lapses_at"),
        "decline_reason": row.decline_reason,
    }


def milestone(row: Milestone) -> dict[str, Any]:
    """A milestone with its deliveries (`MilestoneShape`)."""
    return _milestone(row, clocks_of_milestones([row])[0])


def _milestone(row: Milestone, running: RunningClock | None) -> dict[str, Any]:
    own = [
        "contract_id",
        "position",
        "title",
        "state",
        "due_on",
        "deadline_at",
        "price_yen",
        "tax_yen",
        "client_fee_yen",
        "system_fee_yen",
        "withholding_yen",
        "client_pays_yen",
        "worker_receives_yen",
    ]
    deliveries = sorted(row.deliveries.all(), key=lambda d: d.number)
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in own},
        **_clock(running, "deadline_at"),
        "deliveries": [
            {
                "number": d.number,
                "message": d.message,
                "links": d.links,
                "delivered_at": d.delivered_at,
                "changes_requested": d.change_request.items if hasattr(d, "change_request") else [],
            }
            for d in deliveries
        ],
    }


def contracts(rows: Sequence[Contract]) -> list[dict[str, Any]]:
    """Contracts with their milestones (`ContractShape`): four queries more, for the clocks that stand still."""
    milestones = []
    for row in rows:
        for each in row.milestones.all():
            each.contract = row
            milestones.append(each)
    running = dict(zip((m.pk for m in milestones), clocks_of_milestones(milestones), strict=True))
    return [_contract(row, running) for row in rows]


def _contract(row: Contract, running: Mapping[UUID, RunningClock | None]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "state": row.state,
        "client": row.client.username,
        "worker": row.worker.username,
        "job_id": row.job_id,
        "made_at": row.made_at,
        "closed_at": row.closed_at,
        "milestones": [_milestone(m, running[m.pk]) for m in row.milestones.all()],
    }


def contract_detail(row: Contract) -> dict[str, Any]:
    """A contract with its written terms (`ContractDetail`)."""
    return {
        **contracts([row])[0],
        "terms": [
            {
                "number": item["number"],
                "title": str(Text.from_dict(item["title"])),
                "value": str(Text.from_dict(item["value"])),
            }
            for item in row.terms.items
        ],
        "terms_sha256": row.terms.digest,
        "end_requests": [
            end_request(r) for r in row.end_requests.select_related("asked_by", "contract").order_by("pk")
        ],
    }


def end_request(row: EndRequest) -> dict[str, Any]:
    """A request to end a contract early (`EndRequestShape`)."""
    running = clocks_of_ends([row])[0] if row.state == "open" else None
    return {
        "id": row.pk,
        "asked_by": row.asked_by.username,
        "reason": row.reason,
        "state": row.state,
        "lapses_at": row.lapses_at,
        **_clock(running, "lapses_at"),
    }
