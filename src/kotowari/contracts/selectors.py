"""Rows of contracts as a person may see them, and the facts that gates ask for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, Model, Prefetch, Q, QuerySet

from kotowari.accounts.restrictions import InForce
from kotowari.accounts.selectors import restrictions_on
from kotowari.clocks import stopped_spans
from kotowari.contracts import gates
from kotowari.contracts.models import ChangeRequest, Contract, Delivery, EndRequest, Milestone
from kotowari.contracts.terms import missing_terms
from kotowari.contracts.waits import clocks_of_ends, clocks_of_milestones
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.market.models import Proposal

Row = TypeVar("Row", bound=Model)


def contracts_visible_to(actor: Actor) -> QuerySet[Contract]:
    """The contracts an actor may see: those of which it is a side; the market itself all of them.

    Staff are no exception: they look into a member's contracts at the console, where looking is recorded.
    """
    rows = Contract.objects.select_related("client", "worker", "job")
    if isinstance(actor, SystemActor):
        return rows
    return rows.filter(Q(client_id=actor.pk) | Q(worker_id=actor.pk))


def milestones_visible_to(actor: Actor) -> QuerySet[Milestone]:
    """The milestones of those contracts."""
    rows = Milestone.objects.select_related("contract__client", "contract__worker")
    if isinstance(actor, SystemActor):
        return rows
    return rows.filter(Q(contract__client_id=actor.pk) | Q(contract__worker_id=actor.pk))


def end_requests_visible_to(actor: Actor) -> QuerySet[EndRequest]:
    """The requests to end those contracts."""
    return EndRequest.objects.select_related("contract", "asked_by").filter(contract__in=contracts_visible_to(actor))


def with_milestones(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """Contracts with their milestones, deliveries and change requests read along, in four queries in all."""
    deliveries = Prefetch("deliveries", Delivery.objects.select_related("change_request").order_by("number"))
    return rows.prefetch_related(
        Prefetch("milestones", Milestone.objects.order_by("position").prefetch_related(deliveries))
    )


@subject("contracts.contract")
def _contract(actor: Actor, id: str) -> Contract:
    return _get(contracts_visible_to(actor), "contracts.contract", id)


@subject("contracts.milestone")
def _milestone(actor: Actor, id: str) -> Milestone:
    return _get(milestones_visible_to(actor), "contracts.milestone", id)


@subject("contracts.endrequest")
def _end_request(actor: Actor, id: str) -> EndRequest:
    return _get(end_requests_visible_to(actor), "contracts.endrequest", id)


def _get(rows: QuerySet[Row], kind: str, id: str | UUID) -> Row:
    row = rows.filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible(kind, id)
    return row


def role_of(actor: Actor, contract: Contract) -> gates.Role:
    """Which part an actor has in a contract."""
    if isinstance(actor, SystemActor):
        return "system"
    if actor.pk == contract.client_id:
        return "client"
    if actor.pk == contract.worker_id:
        return "worker"
    return "staff" if actor.is_staff else "other"


def _contract_facts(actor: Actor, contracts: Sequence[Contract]) -> list[dict[str, Any]]:
    ids = {c.pk for c in contracts}
    now = clock.now()
    open_ends = {
        e.contract_id: e
        for e in EndRequest.objects.select_related("contract").filter(contract_id__in=ids, state="open")
    }
    end_clocks = dict(zip(open_ends, clocks_of_ends(list(open_ends.values())), strict=True))
    delivered: dict[UUID, list[str]] = {}
    for contract_id, title in (
        Milestone.objects.filter(contract_id__in=ids, state="delivered")
        .order_by("position")
        .values_list("contract_id", "title")
    ):
        delivered.setdefault(contract_id, []).append(title)
    facts = []
    for c in contracts:
        end = open_ends.get(c.pk)
        facts.append(
            {
                "now": now,
                "role": role_of(actor, c),
                "contract_id": c.pk,
                "state": c.state,
                "open_end": end
                and gates.EndFacts(
                    id=end.pk,
                    asked_by_role="client" if end.asked_by_id == c.client_id else "worker",
                    lapses_at=end_clocks[c.pk].due_at,
                    is_stopped=end_clocks[c.pk].stopped_until(now) is not None,
                ),
                "delivered_titles": tuple(delivered.get(c.pk, ())),
            }
        )
    return facts


@facts_for(gates.SEE_CONTRACT, gates.ASK_END, gates.MOVE_CLOCKS)
def contract_facts(actor: Actor, contracts: Sequence[Contract]) -> list[gates.ContractFacts]:
    """Facts of contracts: two queries for any number, and three for the clocks of open requests to end."""
    return [gates.ContractFacts(**f) for f in _contract_facts(actor, contracts)]


@facts_for(gates.FUND, gates.DELIVER, gates.REQUEST_CHANGES, gates.ACCEPT, gates.LAPSE)
def milestone_facts(actor: Actor, milestones: Sequence[Milestone]) -> list[gates.MilestoneFacts]:
    """Facts of milestones (with `contract` read along): three queries for any number, one for holds, and seven at most for clocks."""
    contracts = {m.contract_id: m.contract for m in milestones}
    shared = dict(zip(contracts, _contract_facts(actor, list(contracts.values())), strict=True))
    changes = dict(
        ChangeRequest.objects.filter(delivery__milestone__in=[m.pk for m in milestones])
        .values_list("delivery__milestone_id")
        .annotate(n=Count("id"))
    )
    held = _held(actor, milestones)
    limit = policy.value("contracts.change_rounds_max")
    now = clock.now()
    return [
        gates.MilestoneFacts(
            **shared[m.contract_id],
            milestone_id=m.pk,
            milestone_state=m.state,
            deadline_at=None if running is None else running.due_at,
            changes_made=changes.get(m.pk, 0),
            changes_max=limit,
            is_stopped=running is not None and running.stopped_until(now) is not None,
            held=held if m.contract.client_id == actor.pk else None,
        )
        for m, running in zip(milestones, clocks_of_milestones(milestones), strict=True)
    ]


def _held(actor: Actor, milestones: Sequence[Milestone]) -> InForce | None:
    """What holds the money of a client who has deliveries to accept; nobody else is asked about."""
    if actor.pk is None or not any(m.state == "delivered" and m.contract.client_id == actor.pk for m in milestones):
        return None
    return next(iter(restrictions_on(actor.pk, "payout")), None)


class AlikeMilestones(NamedTuple):
    """Milestones (`ids`, the text of an array) that a rule of states and clocks cannot tell apart: one's facts for all."""

    facts: gates.MilestoneFacts
    ids: str


def milestones_alike(
    among: str, client_ids: Collection[UUID], since: datetime
) -> tuple[list[AlikeMilestones], Sequence[Milestone]]:
    """Of these milestones (the text of an array), whose clocks run since then, those of these clients.

    First those whose clocks ran on, by what time reads in them; then the others, whose clients were shut out or the
    site down, to be looked at one by one (with `contract` read along). Four queries for any number, five with others.
    """
    stopped = [id for id, spans in stopped_spans(client_ids, since).items() if spans]
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, (now, stopped, among, list(client_ids)))
        rows = cursor.fetchall()
    nothing = UUID(int=0)
    alike = [
        AlikeMilestones(
            gates.MilestoneFacts(
                now=now,
                role="system",
                contract_id=nothing,
                state=contract_state,
                open_end=None,
                delivered_titles=(),
                milestone_id=nothing,
                milestone_state=state,
                deadline_at=deadline_at,
                changes_made=0,
                changes_max=0,
            ),
            ids,
        )
        for contract_state, state, _, is_stopped, deadline_at, ids in rows
        if not is_stopped
    ]
    apart = [id for *_, is_stopped, _, ids in rows if is_stopped for id in ids.strip("{}").split(",")]
    return alike, list(Milestone.objects.select_related("contract").filter(pk__in=apart)) if apart else []


_ALIKE = """
SELECT c.state, m.state, m.deadline_at <= %s, c.client_id = ANY (%s::uuid[]), max(m.deadline_at), array_agg(m.id)::text
FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id
WHERE m.id = ANY (%s::uuid[]) AND c.client_id = ANY (%s::uuid[])
GROUP BY 1, 2, 3, 4
"""


@facts_for(gates.AGREE_END, gates.REFUSE_END, gates.WITHDRAW_END)
def end_request_facts(actor: Actor, requests: Sequence[EndRequest]) -> list[gates.EndRequestFacts]:
    """Facts of requests to end (with `contract` read along): two queries for any number, and six at most for clocks."""
    shared = _contract_facts(actor, [r.contract for r in requests])
    return [
        gates.EndRequestFacts(
            **f, request_state=r.state, asked_by_actor=r.asked_by_id == actor.pk, lapses_at=running.due_at
        )
        for f, r, running in zip(shared, requests, clocks_of_ends(requests), strict=True)
    ]


@facts_for(gates.HIRE)
def hire_facts(actor: Actor, proposals: Sequence[Proposal]) -> list[gates.HireFacts]:
    """Facts of hiring (with `job` and `worker` read along): one query for any number."""
    made = dict(
        Contract.objects.filter(job_id__in={p.job_id for p in proposals}).values_list("job_id").annotate(n=Count("id"))
    )
    return [
        gates.HireFacts(
            is_client=p.job.client_id == actor.pk,
            job_id=p.job_id,
            job_state=p.job.state,
            proposal_state=p.state,
            proposal_lapses_at=p.lapses_at,
            hires_made=made.get(p.job_id, 0),
            hires_wanted=p.job.hires_wanted,
            missing_terms=missing_terms(p.job),
            worker_left=p.worker.left_at is not None,
        )
        for p in proposals
    ]
