"""Papers come by what happened: heard from the rooms below, issued within seconds."""

from kotowari.contracts.events import ContractMade, MilestoneAccepted, MilestoneDelivered, MilestoneFunded
from kotowari.contracts.models import Delivery
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.outbox import on
from kotowari.kernel.errors import Refused
from kotowari.papers import services
from kotowari.papers.drafting import Wanted
from kotowari.papers.models import Paper
from kotowari.papers.services.walking import ON_ACCEPTANCE
from kotowari.payouts.events import PayoutReturned, PayoutSettled


def _issue(*wanted: Wanted) -> None:
    services.issue_papers(actor=SYSTEM, wanted=wanted)


@on(ContractMade)
def contract_made(e: ContractMade) -> None:
    """The order with its ten terms."""
    _issue(Wanted("order", f"contract:{e.contract_id}"))


@on(MilestoneFunded)
def funded(e: MilestoneFunded) -> None:
    """The client's receipt."""
    _issue(Wanted("receipt", f"milestone:{e.milestone_id}"))


@on(MilestoneDelivered)
def delivered(e: MilestoneDelivered) -> None:
    """A note for each delivery so far that has none."""
    ids = Delivery.objects.filter(milestone_id=e.milestone_id).order_by("number").values_list("pk", flat=True)
    _issue(*(Wanted("delivery_note", f"delivery:{pk}") for pk in ids))


@on(MilestoneAccepted)
def accepted(e: MilestoneAccepted) -> None:
    """Acceptance note, invoice, and the operator's invoices for its fees."""
    _issue(*(Wanted(kind, f"milestone:{e.milestone_id}") for kind in ON_ACCEPTANCE))


@on(PayoutSettled)
def settled(e: PayoutSettled) -> None:
    """The statement of a transfer that arrived."""
    _issue(Wanted("payout_statement", f"payout:{e.payout_id}"))


@on(PayoutReturned)
def returned(e: PayoutReturned) -> None:
    """A statement that a transfer arrived is taken back when it came back after all."""
    told = Paper.objects.filter(kind="payout_statement", payout_id=e.payout_id, replaced_by=None).first()
    if told is None:
        return
    try:
        services.correct_paper(actor=SYSTEM, paper_id=told.pk, reason=e.reason_ja)
    except Refused as refused:
        if {b.code for b in refused.decision.blockers} != {"papers.correct.nothing_to_correct"}:
            raise  # it says so already: heard twice
