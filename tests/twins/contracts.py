from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.twins import Twin

from kotowari.accounts.restrictions import InForce
from kotowari.contracts import gates
from kotowari.kernel.text import Text

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
ID = UUID(int=7)
HOLD = InForce(id=ID, cause="not_me", since=NOW, until=NOW + timedelta(days=14))
END = gates.EndFacts(id=ID, asked_by_role="worker", lapses_at=NOW + timedelta(days=7))
CONTRACT = {
    "now": NOW,
    "role": "client",
    "contract_id": ID,
    "state": "active",
    "open_end": None,
    "delivered_titles": (),
}


def contract(**changes: object) -> gates.ContractFacts:
    return gates.ContractFacts(**{**CONTRACT, **changes})


def milestone(**changes: object) -> gates.MilestoneFacts:
    own = {
        "milestone_id": ID,
        "milestone_state": "delivered",
        "deadline_at": NOW - timedelta(minutes=1),
        "changes_made": 0,
        "changes_max": 3,
    }
    return gates.MilestoneFacts(**{**CONTRACT, **own, **changes})


def request(**changes: object) -> gates.EndRequestFacts:
    own = {"request_state": "open", "asked_by_actor": False, "lapses_at": NOW - timedelta(minutes=1)}
    return gates.EndRequestFacts(**{**CONTRACT, **own, **changes})


HIRE_FACTS = gates.HireFacts(
    is_client=True,
    job_id=ID,
    job_state="open",
    proposal_state="sent",
    proposal_lapses_at=None,
    hires_made=0,
    hires_wanted=1,
    missing_terms=(),
    worker_left=False,
)
CLOSED = {"contract_closed": ("state", "completed"), "not_your_step": ("role", "other")}

TWINS = [
    Twin(gates.SEE_CONTRACT, contract(), {"not_your_step": ("role", "other")}),
    Twin(
        gates.HIRE,
        HIRE_FACTS,
        {
            "not_your_job": ("is_client", False),
            "job_not_open": ("hires_made", 1),
            "proposal_withdrawn": ("proposal_state", "withdrawn"),
            "terms_incomplete": ("missing_terms", (Text("納品場所", "place"),)),
            "worker_left": ("worker_left", True),
        },
    ),
    Twin(
        gates.FUND,
        milestone(milestone_state="awaiting_funding"),
        {**CLOSED, "is_funded": ("milestone_state", "funded")},
    ),
    Twin(
        gates.DELIVER,
        milestone(role="worker", milestone_state="funded"),
        {
            "contract_closed": ("state", "ended"),
            "not_your_step": ("role", "client"),
            "is_awaiting_funding": ("milestone_state", "awaiting_funding"),
        },
    ),
    Twin(
        gates.REQUEST_CHANGES,
        milestone(),
        {**CLOSED, "is_accepted": ("milestone_state", "accepted"), "no_changes_left": ("changes_made", 3)},
    ),
    Twin(
        gates.ACCEPT,
        milestone(),
        {**CLOSED, "is_changes_requested": ("milestone_state", "changes_requested"), "held": ("held", HOLD)},
    ),
    Twin(gates.ACCEPT, milestone(role="system"), {"not_due": ("deadline_at", NOW + timedelta(days=1))}),
    Twin(
        gates.LAPSE,
        milestone(role="system", milestone_state="funded"),
        {
            "not_your_step": ("role", "client"),
            "contract_closed": ("state", "ended"),
            "is_delivered": ("milestone_state", "delivered"),
            "not_due": ("deadline_at", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(
        gates.ASK_END,
        contract(),
        {
            "not_your_step": ("role", "staff"),
            "contract_closed": ("state", "ended"),
            "end_requested": ("open_end", END),
            "delivery_unanswered": ("delivered_titles", ("下書き",)),
        },
    ),
    Twin(
        gates.MOVE_CLOCKS,
        contract(role="system"),
        {"not_your_step": ("role", "client"), "contract_closed": ("state", "completed")},
    ),
    Twin(
        gates.AGREE_END,
        request(),
        {
            "already_answered": ("request_state", "refused"),
            "not_your_step": ("role", "staff"),
            "not_your_answer": ("asked_by_actor", True),
            "delivery_unanswered": ("delivered_titles", ("下書き",)),
        },
    ),
    Twin(gates.AGREE_END, request(role="system"), {"not_due": ("lapses_at", NOW + timedelta(days=1))}),
    Twin(
        gates.REFUSE_END,
        request(),
        {
            "not_your_step": ("role", "system"),
            "already_answered": ("request_state", "agreed"),
            "not_your_answer": ("asked_by_actor", True),
        },
    ),
    Twin(
        gates.WITHDRAW_END,
        request(asked_by_actor=True),
        {
            "not_your_step": ("role", "staff"),
            "already_answered": ("request_state", "agreed"),
            "not_your_answer": ("asked_by_actor", False),
        },
    ),
]
