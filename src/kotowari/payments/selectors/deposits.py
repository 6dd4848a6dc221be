"""Money that came in as a person may see it, where to send it, and the facts that gates ask for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Model, QuerySet, Sum

from kotowari.contracts.gates import MilestoneFacts
from kotowari.contracts.models import Milestone
from kotowari.contracts.selectors import milestone_facts
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.operator import OperatorBankAccount, operator_bank_account
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.payments import gates
from kotowari.payments.models import Cancellation, Deposit, StatementFile

Row = TypeVar("Row", bound=Model)

WAITING = ("in_suspense", "to_send_back")
MOST_TOGETHER = 30
"""How many deposits fund one milestone: more than anybody sends, and fewer than a journal has lines."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """How to send the money for a milestone. `reference` is typed before the sender's name."""

    account: OperatorBankAccount
    amount_yen: int
    reference: str
    deadline_at: datetime | None
    received_yen: int

    @property
    def missing_yen(self) -> int:
        """What is still to be sent."""
        return max(self.amount_yen - self.received_yen, 0)


@dataclass(frozen=True, slots=True)
class SuspenseTotals:
    """How much lies in suspense, for the head of a list."""

    count: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class Matching:
    """A deposit and the milestone that staff want to put it into: what `MATCH` is asked about."""

    deposit: Deposit
    milestone: Milestone

    @property
    def pk(self) -> UUID:
        """The deposit's, which the decision is about."""
        return self.deposit.pk


def _is_operator(actor: Actor | None) -> bool:
    return isinstance(actor, SystemActor) or bool(actor and actor.is_staff)


def deposits_visible_to(actor: Actor) -> QuerySet[Deposit]:
    """Deposits, the newest first: staff and the system all; a client those whose reference certainly names theirs."""
    rows = Deposit.objects.select_related("milestone__contract__client", "statement").order_by("-pk")
    if _is_operator(actor):
        return rows
    return rows.filter(milestone__contract__client_id=actor.pk, is_certain=True)


def suspense_visible_to(actor: Actor) -> QuerySet[Deposit]:
    """Deposits that wait, with reason, owner and clock on each: what waits longest first."""
    return deposits_visible_to(actor).filter(state__in=WAITING).order_by("pk")


def suspense_totals() -> SuspenseTotals:
    """How many deposits wait and how much of them is left."""
    found = Deposit.objects.filter(state__in=WAITING).aggregate(n=Count("id"), yen=Sum("remaining_yen"))
    return SuspenseTotals(found["n"], found["yen"] or 0)


def statements_visible_to(actor: Actor) -> QuerySet[StatementFile]:
    """Imported files, the newest first; for staff and the system."""
    rows = StatementFile.objects.select_related("imported_by").order_by("-pk")
    return rows if _is_operator(actor) else rows.none()


def cancellations_visible_to(actor: Actor) -> QuerySet[Cancellation]:
    """What the bank took back or corrected, the newest first; for staff and the system."""
    rows = Cancellation.objects.select_related("statement", "deposit").order_by("-pk")
    return rows if _is_operator(actor) else rows.none()


def waiting_for(milestone: Milestone) -> QuerySet[Deposit]:
    """Money in suspense that certainly came for this milestone, oldest first: what is put together to fund it."""
    return Deposit.objects.filter(
        milestone=milestone, state="in_suspense", is_certain=True, has_cheques=False
    ).order_by("booked_on", "pk")


def instruction_for(milestone: Milestone) -> Instruction | None:
    """How its client sends the money; None when the operator's account is not set."""
    account = operator_bank_account()
    if account is None or account.problems:
        return None
    received = waiting_for(milestone).aggregate(yen=Sum("remaining_yen"))["yen"] or 0
    return Instruction(account, milestone.client_pays_yen, milestone.reference, milestone.deadline_at, received)


def days_waiting(deposit: Deposit) -> int:
    """How many days ago the bank booked it."""
    return (clock.today() - deposit.booked_on).days


@subject("payments.deposit")
def _deposit(actor: Actor, id: str) -> Deposit:
    return _get(deposits_visible_to(actor), "payments.deposit", id)


@subject("payments.statementfile")
def _statement(actor: Actor, id: str) -> StatementFile:
    return _get(statements_visible_to(actor), "payments.statementfile", id)


@subject("payments.cancellation")
def _cancellation(actor: Actor, id: str) -> Cancellation:
    return _get(cancellations_visible_to(actor), "payments.cancellation", id)


def _get(rows: QuerySet[Row], kind: str, id: str) -> Row:
    row = rows.filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible(kind, id)
    return row


def role_of(actor: Actor | None, deposit: Deposit | None = None) -> gates.Role:
    """Which part an actor has in money that comes in."""
    if isinstance(actor, SystemActor):
        return "system"
    if actor is not None and actor.is_staff:
        return "staff"
    if actor is not None and deposit is not None and deposit.is_certain and deposit.milestone_id is not None:
        assert deposit.milestone is not None
        return "client" if deposit.milestone.contract.client_id == actor.pk else "other"
    return "other"


@facts_for(gates.SEE_DEPOSITS, gates.RECONSIDER, gates.REMIND)
def operator_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.OperatorFacts]:
    """Who acts: no query."""
    return [gates.OperatorFacts(role=role_of(actor)) for _ in subjects]


@facts_for(gates.IMPORT)
def import_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.ImportFacts]:
    """Who acts, and whether the operator's account is set: no query."""
    account = operator_bank_account()
    problems = account.problems if account else ()
    has_account = account is not None and not problems
    return [
        gates.ImportFacts(role=role_of(actor), has_account=has_account, account_problems=problems) for _ in subjects
    ]


@facts_for(gates.SEE_DEPOSIT, gates.SEND_BACK, gates.LAPSE, gates.REOPEN)
def deposit_facts(actor: Actor, deposits: Sequence[Deposit]) -> list[gates.DepositFacts]:
    """Facts of deposits (with milestone and contract read along): no query."""
    return [gates.DepositFacts(**_facts(actor, deposit)) for deposit in deposits]


@facts_for(gates.KNOW_OWN)
def own_money_facts(actor: Actor, deposits: Sequence[Deposit]) -> list[gates.OwnMoneyFacts]:
    """Facts of deposits, and whether each is certainly a client's: no query."""
    return [
        gates.OwnMoneyFacts(**_facts(actor, row), is_a_clients=row.is_certain and row.milestone_id is not None)
        for row in deposits
    ]


@facts_for(gates.MATCH)
def match_facts(actor: Actor, subjects: Sequence[Deposit | Matching]) -> list[gates.MatchFacts]:
    """Facts of deposits, each with the milestone staff chose, if any: one query for any number."""
    chosen = [s.milestone for s in subjects if isinstance(s, Matching)]
    pools = _pools(chosen)
    return [_match_facts(actor, each, pools) for each in subjects]


def _match_facts(actor: Actor, each: Deposit | Matching, pools: dict[UUID, list[tuple[UUID, int]]]) -> gates.MatchFacts:
    deposit = each.deposit if isinstance(each, Matching) else each
    facts = _facts(actor, deposit)
    if not isinstance(each, Matching):
        return gates.MatchFacts(**facts, milestone_state=None, contract_url="", needed_yen=0, pool_yen=0)
    others = [left for pk, left in pools.get(each.milestone.pk, ()) if pk != deposit.pk]
    return gates.MatchFacts(
        **facts,
        milestone_state=each.milestone.state,
        contract_url=f"/contracts/{each.milestone.contract_id}/",
        needed_yen=each.milestone.client_pays_yen,
        pool_yen=deposit.remaining_yen + sum(others[: MOST_TOGETHER - 1]),
    )


def _pools(milestones: Iterable[Milestone]) -> dict[UUID, list[tuple[UUID, int]]]:
    rows = Deposit.objects.filter(
        milestone__in=[m.pk for m in milestones], state="in_suspense", is_certain=True, has_cheques=False
    ).order_by("booked_on", "pk")
    pools: dict[UUID, list[tuple[UUID, int]]] = {}
    for milestone_id, pk, left in rows.values_list("milestone_id", "pk", "remaining_yen"):
        pools.setdefault(milestone_id, []).append((pk, left))
    return pools


def _facts(actor: Actor, deposit: Deposit) -> dict[str, Any]:
    return {
        "role": role_of(actor, deposit),
        "now": clock.now(),
        "state": deposit.state,
        "remaining_yen": deposit.remaining_yen,
        "decide_by": deposit.decide_by,
    }


@facts_for(gates.EXPLAIN_CANCELLATION)
def cancellation_facts(actor: Actor, rows: Sequence[Cancellation]) -> list[gates.CancellationFacts]:
    """Facts of cancellations: no query."""
    return [gates.CancellationFacts(role=role_of(actor), state=row.state) for row in rows]


@facts_for(gates.SEE_INSTRUCTION, gates.LET_BANK_SEND)
def pay_in_facts(actor: Actor, milestones: Sequence[Milestone]) -> list[gates.PayInFacts]:
    """Facts of milestones that money is sent for (with `contract` read along): three queries for any number."""
    account = operator_bank_account()
    more: dict[str, Any] = {
        "has_account": account is not None and not account.problems,
        "is_demo": bool(settings.DEMO or settings.TESTING),
    }
    return [
        gates.PayInFacts(**{name: getattr(facts, name) for name in _MILESTONE_FIELDS}, **more)
        for facts in milestone_facts(actor, milestones)
    ]


_MILESTONE_FIELDS = tuple(MilestoneFacts.__dataclass_fields__)
