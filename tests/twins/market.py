from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.twins import Twin

from kotowari.market import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
ID = UUID(int=7)
MEMBER = gates.MemberFacts(role="member")
OWN = gates.OwnProposal(id=ID, state="sent", sent_at=NOW - timedelta(days=1), decided_at=None)


def job(**changes: object) -> gates.JobFacts:
    usual = {
        "now": NOW,
        "role": "member",
        "job_id": ID,
        "category": "logo",
        "state": "open",
        "apply_until": NOW + timedelta(days=7),
        "closed_at": NOW - timedelta(hours=1),
        "hires_made": 0,
        "hires_wanted": 1,
    }
    return gates.JobFacts(**{**usual, **changes})


def proposal(**changes: object) -> gates.ProposalFacts:
    usual = {
        "now": NOW,
        "role": "worker",
        "proposal_id": ID,
        "job_id": ID,
        "category": "logo",
        "state": "sent",
        "lapses_at": NOW - timedelta(minutes=1),
        "decided_at": None,
    }
    return gates.ProposalFacts(**{**usual, **changes})


def own(state: str) -> tuple[str, gates.OwnProposal]:
    return "own_proposal", gates.OwnProposal(id=ID, state=state, sent_at=NOW, decided_at=NOW)


VISITOR = {"sign_in_needed": ("role", "visitor")}

TWINS = [
    Twin(gates.EDIT_PROFILE, MEMBER, {**VISITOR, "staff_take_no_part": ("role", "staff")}),
    Twin(gates.POST_JOB, MEMBER, {**VISITOR, "staff_take_no_part": ("role", "staff")}),
    Twin(gates.SEE_JOB, job(), {"ended": ("state", "closed")}),
    Twin(gates.SEE_JOB, job(role="client", state="filled"), {"ended": ("role", "visitor")}),
    Twin(gates.SEE_JOB, job(own_proposal=OWN, state="lapsed"), {"ended": ("own_proposal", None)}),
    Twin(
        gates.CLOSE_JOB,
        job(role="client"),
        {
            **VISITOR,
            "not_your_step": ("role", "member"),
            "is_closed": ("state", "closed"),
            "is_filled": ("state", "filled"),
        },
    ),
    Twin(
        gates.LAPSE_JOB,
        job(role="system", apply_until=NOW),
        {
            **VISITOR,
            "not_your_step": ("role", "client"),
            "job_closed": ("state", "closed"),
            "not_due": ("apply_until", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(
        gates.SEND_PROPOSAL,
        job(),
        {
            **VISITOR,
            "staff_take_no_part": ("role", "staff"),
            "own_job": ("role", "client"),
            "job_lapsed": ("state", "lapsed"),
            "job_filled": ("state", "filled"),
            "job_closed": ("state", "closed"),
            "deadline_passed": ("apply_until", NOW),
            "already_sent": ("own_proposal", OWN),
            "already_hired": own("accepted"),
            "was_declined": own("declined"),
        },
    ),
    Twin(
        gates.WITHDRAW_PROPOSAL,
        proposal(),
        {**VISITOR, "not_your_step": ("role", "client"), "is_accepted": ("state", "accepted")},
    ),
    Twin(
        gates.DECLINE_PROPOSAL,
        proposal(role="client"),
        {**VISITOR, "not_your_step": ("role", "worker"), "is_withdrawn": ("state", "withdrawn")},
    ),
    Twin(
        gates.LAPSE_PROPOSAL,
        proposal(role="system"),
        {
            **VISITOR,
            "not_your_step": ("role", "worker"),
            "is_declined": ("state", "declined"),
            "not_due": ("lapses_at", NOW + timedelta(days=1)),
        },
    ),
    Twin(
        gates.MOVE_PROPOSAL_CLOCK,
        proposal(role="system"),
        {**VISITOR, "not_your_step": ("role", "client"), "is_accepted": ("state", "accepted")},
    ),
]
