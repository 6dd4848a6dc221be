"""From what happened to what a paper will say: rows are read together, each paper drafted from them alone."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch

from kotowari.contracts.models import Contract, Delivery, Milestone
from kotowari.papers.drafting import deals, payouts
from kotowari.papers.drafting.deals import Deal
from kotowari.papers.drafting.drafts import Draft, Registrations, Wanted
from kotowari.papers.drafting.years import drafts_of_years, subjects_of, withheld_in
from kotowari.papers.kinds import KINDS
from kotowari.papers.operator import OperatorIdentity, operator_identity
from kotowari.payouts.models import Payout

__all__ = ["Draft", "Wanted", "drafts_for", "subjects_of", "withheld_in"]


def drafts_for(wanted: Sequence[Wanted]) -> list[Draft]:
    """The papers that can be made of those wanted, in their order: a fixed number of queries for any number of deals.

    What did not happen gives no paper; the operator's own papers are left out while the operator has no name.
    """
    operator = operator_identity()
    possible = [each for each in wanted if operator is not None or KINDS[each.kind].issuer != "operator"]
    made = {draft.wanted: draft for draft in _of_deals(possible, operator)}
    if operator is not None:
        made |= {draft.wanted: draft for draft in _of_payouts(possible, operator)}
        of_years = [each for each in possible if each.about == "year"]
        made |= {draft.wanted: draft for draft in drafts_of_years(of_years, operator)}
    return [made[each] for each in possible if each in made]


def _of_deals(wanted: Sequence[Wanted], operator: OperatorIdentity | None) -> list[Draft]:
    ids: dict[str, set[UUID]] = {"contract": set(), "milestone": set(), "delivery": set()}
    for each in wanted:
        if each.about in ids:
            ids[each.about].add(each.id)
    contracts = Contract.objects.select_related("client", "worker", "job", "terms").prefetch_related(
        Prefetch("milestones", Milestone.objects.order_by("position"))
    )
    milestones = Milestone.objects.in_bulk(ids["milestone"]) if ids["milestone"] else {}
    deliveries = (
        {d.pk: d for d in Delivery.objects.select_related("milestone").filter(pk__in=ids["delivery"])}
        if ids["delivery"]
        else {}
    )
    contract_ids = ids["contract"] | {m.contract_id for m in milestones.values()}
    contract_ids |= {d.milestone.contract_id for d in deliveries.values()}
    rows = contracts.in_bulk(contract_ids) if contract_ids else {}
    registrations = Registrations.read({c.worker_id for c in rows.values()})
    of = {pk: Deal(row, registrations, operator) for pk, row in rows.items()}
    found = []
    for each in wanted:
        if each.kind == "order" and each.id in rows:
            found.append(deals.order(of[each.id], each))
        elif each.kind == "delivery_note" and each.id in deliveries:
            delivery = deliveries[each.id]
            found.append(deals.delivery_note(of[delivery.milestone.contract_id], each, delivery))
        elif each.about == "milestone" and each.id in milestones:
            milestone = milestones[each.id]
            if deals.has_happened(each.kind, milestone):
                found.append(deals.OF_MILESTONE[each.kind](of[milestone.contract_id], each, milestone))
    return found


def _of_payouts(wanted: Sequence[Wanted], operator: OperatorIdentity) -> list[Draft]:
    ids = [each.id for each in wanted if each.about == "payout"]
    if not ids:
        return []
    rows = Payout.objects.select_related("member").in_bulk(ids)
    made_of = payouts.rewards_in(ids)
    registrations = Registrations.read({row.member_id for row in rows.values()})
    return [
        payouts.statement(rows[each.id], each, made_of.get(each.id, ()), registrations, operator)
        for each in wanted
        if each.about == "payout" and each.id in rows and payouts.has_happened(rows[each.id])
    ]
