"""The search for papers that are missing: through all that ever happened, a step at a time, an hour behind.

The outbox makes papers within seconds. This finds what it left out: deals older than this room, events that could
not be delivered, papers of the operator from before it had a name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kotowari.contracts.models import Contract, Delivery
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.ledger import selectors as ledger
from kotowari.papers import entries
from kotowari.papers.drafting import Wanted, subjects_of, withheld_in
from kotowari.papers.gates import ISSUE
from kotowari.papers.models import Walk
from kotowari.papers.operator import operator_identity
from kotowari.papers.services.issuing import issue_papers

BEHIND = timedelta(hours=1)
STEP = 300
CLIENTS_AT_ONCE = 20
ON_ACCEPTANCE = ("acceptance_note", "invoice", "system_fee_invoice", "client_fee_invoice")
BY_JOURNAL = {
    "deposit_matched": ("receipt",),
    "card_matched": ("receipt",),
    "milestone_accepted": ON_ACCEPTANCE,
    "payout_settled": ("payout_statement",),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One step: up to which row it went, and the papers that the rows call for."""

    through: UUID | None
    wanted: Sequence[Wanted]


def _contracts(after: UUID | None, until: datetime) -> Found:
    rows = Contract.objects.filter(made_at__lte=until)
    ids = list((rows.filter(pk__gt=after) if after else rows).order_by("pk").values_list("pk", flat=True)[:STEP])
    return Found(ids[-1] if ids else None, [Wanted("order", f"contract:{pk}") for pk in ids])


def _deliveries(after: UUID | None, until: datetime) -> Found:
    rows = Delivery.objects.filter(delivered_at__lte=until)
    ids = list((rows.filter(pk__gt=after) if after else rows).order_by("pk").values_list("pk", flat=True)[:STEP])
    return Found(ids[-1] if ids else None, [Wanted("delivery_note", f"delivery:{pk}") for pk in ids])


def _journals(after: UUID | None, until: datetime) -> Found:
    rows = ledger.journals_after(after, until=until, limit=STEP)
    wanted = [
        Wanted(kind, f"payout:{payout_id}" if journal_kind == "payout_settled" else f"milestone:{milestone_id}")
        for _, journal_kind, milestone_id, payout_id in rows
        for kind in BY_JOURNAL.get(journal_kind, ())
    ]
    return Found(rows[-1][0] if rows else None, wanted)


WALKS: dict[str, Callable[[UUID | None, datetime], Found]] = {
    "contracts": _contracts,
    "deliveries": _deliveries,
    "journals": _journals,
}
"""Every list that is walked, in the order of its ids."""


@command(ISSUE)
def walk_on(*, actor: Actor, name: str) -> int:
    """Look at the next rows of one list and issue what is missing; returns how many rows it went through."""
    require(ISSUE, actor)
    if operator_identity() is None:
        return 0  # half of the papers could not be made; going on would pass them by
    walk = _locked(name)
    found = WALKS[name](walk.through, clock.now() - BEHIND)
    if found.through is None:
        return 0
    issued = issue_papers(actor=actor, wanted=found.wanted) if found.wanted else 0
    Walk.objects.filter(pk=name).update(through=found.through)
    audit.record(actor=actor, kind=entries.WALKED, subject=None, name=name, found=issued)
    return STEP


@command(ISSUE)
def sum_up_year(*, actor: Actor, year: int) -> int:
    """Issue what some clients' withholding of a past year calls for; returns how many clients, 0 when all are done."""
    require(ISSUE, actor)
    if operator_identity() is None or clock.now() < clock.start_of(date(year + 1, 1, 1)) + BEHIND:
        return 0
    name = f"year:{year}"
    walk = _locked(name)
    if walk.done_at is not None:
        return 0
    rows = withheld_in(year)
    if walk.through is not None:
        rows = rows.filter(contract__client_id__gt=walk.through)
    clients = list(
        rows.order_by("contract__client_id").values_list("contract__client_id", flat=True).distinct()[:CLIENTS_AT_ONCE]
    )
    issued = 0
    for client_id in clients:
        payees = withheld_in(year).filter(contract__client_id=client_id)
        workers = payees.values_list("contract__worker_id", flat=True).distinct()
        issued += issue_papers(actor=actor, wanted=subjects_of(year, client_id, workers))
    if clients:
        Walk.objects.filter(pk=name).update(through=clients[-1])
    else:
        Walk.objects.filter(pk=name).update(done_at=clock.now())
    audit.record(actor=actor, kind=entries.WALKED, subject=None, name=name, found=issued)
    return len(clients) or 1


def _locked(name: str) -> Walk:
    Walk.objects.bulk_create([Walk(name=name)], ignore_conflicts=True)
    return Walk.objects.select_for_update().get(pk=name)
