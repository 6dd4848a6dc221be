"""From a proposal to a contract."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from kotowari.contracts import entries, events
from kotowari.contracts.gates import HIRE
from kotowari.contracts.models import Contract, ContractTerms, Milestone
from kotowari.contracts.terms import digest_of, written_terms
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import policy_version, require
from kotowari.market.models import Job, Proposal, ProposalMilestone
from kotowari.market.services import mark_accepted
from kotowari.pricing import Allocation, ContractQuote, PricingTerms, allocate, quote_contract

REFERENCE_DIGITS = 7
"""Short enough to be typed before the payer's name in a bank's form."""


@command(HIRE)
def hire(*, actor: Actor, proposal_id: UUID) -> Contract:
    """Accept a proposal: a contract with its written terms and one milestone for each part proposed.

    Prices are fixed here, under the policy in force: a later change of fees does not touch this contract.
    """
    job_id = Proposal.objects.filter(pk=proposal_id).values_list("job_id", flat=True).first()
    lock(Job, job_id or proposal_id)
    proposal = lock(Proposal, proposal_id, "job__client", "worker")
    require(HIRE, actor, proposal)
    parts = list(proposal.milestones.order_by("position"))
    terms = PricingTerms.in_force()
    costs = costs_of(proposal, parts, terms)
    contract = Contract.objects.create(
        proposal=proposal,
        job=proposal.job,
        client_id=proposal.job.client_id,
        worker_id=proposal.worker_id,
        title=proposal.job.title,
        inspection_days=proposal.job.inspection_days,
        pricing_terms=terms.to_dict(),
        policy_version=policy_version(),
    )
    items = written_terms(proposal, parts, costs.whole)
    ContractTerms.objects.create(contract=contract, items=items, digest=digest_of(items))
    Milestone.objects.bulk_create(_milestones(contract, parts, costs.parts))
    mark_accepted(actor=actor, proposal_id=proposal.pk)
    audit.record(actor=actor, kind=entries.CONTRACT_MADE, subject=contract, title=contract.title)
    emit(
        events.ContractMade(
            contract_id=contract.pk,
            client_id=contract.client_id,
            worker_id=contract.worker_id,
            title=contract.title,
        )
    )
    return contract


def costs_of(proposal: Proposal, parts: Sequence[ProposalMilestone], terms: PricingTerms) -> Allocation:
    """What the contract would cost and bring, as a whole and per milestone; read `job` along."""
    prices = [part.price_yen for part in parts]
    return allocate(quote_contract(sum(prices), terms, withholding=proposal.job.has_withholding), prices)


def _milestones(
    contract: Contract, parts: Sequence[ProposalMilestone], shares: Sequence[ContractQuote]
) -> list[Milestone]:
    fund_by = clock.end_of(clock.today() + timedelta(days=policy.value("contracts.funding_deadline_days")))
    return [
        Milestone(
            contract=contract,
            position=part.position,
            title=part.title,
            due_on=part.due_on,
            deadline_at=fund_by,
            reference=reference,
            price_yen=share.price_yen,
            tax_yen=share.tax_yen,
            client_fee_yen=share.client_fee_yen,
            client_fee_tax_yen=share.client_fee_tax_yen,
            system_fee_yen=share.system_fee_yen,
            system_fee_tax_yen=share.system_fee_tax_yen,
            withholding_yen=share.withholding_yen,
            client_pays_yen=share.client_pays_yen,
            worker_receives_yen=share.worker_receives_yen,
        )
        for part, share, reference in zip(parts, shares, _references(len(parts)), strict=True)
    ]


def _references(count: int) -> list[str]:
    """Numbers that nobody else was given; random, so that a slip of one digit hits nobody else's."""
    lowest = 10 ** (REFERENCE_DIGITS - 1)
    found: set[str] = set()
    while len(found) < count:
        candidates = {str(lowest + secrets.randbelow(9 * lowest)) for _ in range(count - len(found))}
        found |= candidates - set(
            Milestone.objects.filter(reference__in=candidates).values_list("reference", flat=True)
        )
    return sorted(found)
