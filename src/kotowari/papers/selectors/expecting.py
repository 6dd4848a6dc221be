"""The papers that a contract has and will have, each there or with the reason why not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kotowari.contracts.models import Contract, Milestone
from kotowari.contracts.selectors import role_of
from kotowari.contracts.transitions import MILESTONE
from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import Decision, decide_many, facts_for
from kotowari.kernel.text import Text
from kotowari.papers import gates
from kotowari.papers.kinds import KINDS
from kotowari.papers.models import Paper
from kotowari.papers.operator import operator_identity

OF_MILESTONE = ("receipt", "delivery_note", "acceptance_note", "invoice", "client_fee_invoice", "system_fee_invoice")
FOR_CLIENT, FOR_WORKER = {"receipt", "client_fee_invoice"}, {"system_fee_invoice"}


@dataclass(frozen=True, slots=True)
class Expected:
    """A paper that a deal has or will have: about a milestone, or about the contract as a whole."""

    kind: str
    contract: Contract
    milestone: Milestone | None
    papers: tuple[Paper, ...]

    @property
    def pk(self) -> str:
        """For programs that ask for the decision: `invoice:<milestone>`."""
        row = self.milestone or self.contract
        return f"{self.kind}:{row.pk}"

    @property
    def title(self) -> Text:
        return KINDS[self.kind].title


@dataclass(frozen=True, slots=True)
class ExpectedPaper:
    """It, and whether it can be opened."""

    expected: Expected
    decision: Decision


def papers_of_contract(actor: Actor, contract: Contract) -> list[ExpectedPaper]:
    """Every paper of a contract that this side has or will have: three queries for any number of milestones."""
    rows = expected_papers(actor, contract)
    decisions = decide_many(gates.OPEN_EXPECTED, actor, rows)
    return [ExpectedPaper(row, decision) for row, decision in zip(rows, decisions, strict=True)]


def expected_papers(actor: Actor, contract: Contract) -> list[Expected]:
    """What there is and what is to come, in the order in which it comes."""
    role = role_of(actor, contract)
    there: dict[tuple[str, UUID], list[Paper]] = {}
    deliveries = {
        str(delivery_id): milestone_id
        for milestone_id, delivery_id in Milestone.objects.filter(contract=contract, deliveries__isnull=False)
        .order_by("deliveries__number")
        .values_list("pk", "deliveries__pk")
    }
    for paper in Paper.objects.filter(contract=contract, replaced_by=None).defer("snapshot").order_by("pk"):
        _, _, about = paper.subject.partition(":")
        owner = deliveries.get(about) or UUID(about)
        there.setdefault((paper.kind, owner), []).append(paper)
    found = [Expected("order", contract, None, tuple(there.get(("order", contract.pk), ())))]
    for milestone in contract.milestones.order_by("position"):
        for kind in OF_MILESTONE:
            if (kind in FOR_CLIENT and role == "worker") or (kind in FOR_WORKER and role == "client"):
                continue
            if not _applies(kind, milestone):
                continue
            found.append(Expected(kind, contract, milestone, tuple(there.get((kind, milestone.pk), ()))))
    return found


@subject("papers.expected")
def _expected(actor: Actor, id: str) -> Expected:
    kind, _, about = id.partition(":")
    contract = (
        Contract.objects.filter(pk=UUID(about)).first()
        if kind == "order"
        else Contract.objects.filter(milestones__pk=UUID(about)).first()
    )
    if contract is None or role_of(actor, contract) not in ("client", "worker", "system"):
        raise NotVisible("papers.expected", id)
    for row in expected_papers(actor, contract):
        if row.pk == id:
            return row
    raise NotVisible("papers.expected", id)


@facts_for(gates.OPEN_EXPECTED)
def expected_facts(actor: Actor, rows: Sequence[Expected]) -> list[gates.ExpectedFacts]:
    """Whether what each paper tells of has happened: no query beyond what the rows hold."""
    named = operator_identity() is not None
    return [
        gates.ExpectedFacts(
            waits_for=KINDS[row.kind].comes,
            happened=_happened(row),
            issued=bool(row.papers),
            ended=_ended(row),
            clears_at=_clears_at(row),
            waits_on=_waits_on(actor, row),
            contract_url=f"/contracts/{row.contract.pk}/",
            operator_named=named or KINDS[row.kind].issuer != "operator",
        )
        for row in rows
    ]


def _applies(kind: str, milestone: Milestone) -> bool:
    fees = {"system_fee_invoice": milestone.system_fee_yen, "client_fee_invoice": milestone.client_fee_yen}
    return fees.get(kind, 1) > 0


def _happened(row: Expected) -> bool:
    m = row.milestone
    if m is None:
        return True
    if row.kind == "receipt":
        return m.funded_at is not None
    if row.kind == "delivery_note":
        return m.delivered_at is not None
    return m.state == "accepted"


def _ended(row: Expected) -> bool:
    return row.milestone is not None and row.milestone.state in MILESTONE.final


def _clears_at(row: Expected) -> datetime | None:
    """Acceptance comes by the clock when nobody answers; delivery and money do not come by themselves."""
    m = row.milestone
    of_acceptance = row.kind not in ("order", "receipt", "delivery_note")
    return m.deadline_at if m is not None and of_acceptance and m.state == "delivered" else None


def _waits_on(actor: Actor, row: Expected) -> Literal["you", "counterparty"]:
    m = row.milestone
    side = "client" if m is None or m.state in ("awaiting_funding", "delivered") else "worker"
    return "you" if role_of(actor, row.contract) == side else "counterparty"
