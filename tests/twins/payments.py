from dataclasses import fields
from datetime import timedelta

from tests.twins import Twin
from tests.twins.contracts import ID, NOW, milestone

from kotowari.kernel.text import Text
from kotowari.payments import gates


def deposit(**changes: object) -> gates.DepositFacts:
    own = {"role": "staff", "now": NOW, "state": "in_suspense", "remaining_yen": 11_000, "decide_by": NOW}
    return gates.DepositFacts(**{**own, **changes})


def matching(**changes: object) -> gates.MatchFacts:
    own = {
        "role": "staff",
        "now": NOW,
        "state": "in_suspense",
        "remaining_yen": 11_000,
        "decide_by": NOW,
        "milestone_state": "awaiting_funding",
        "contract_url": f"/contracts/{ID}/",
        "needed_yen": 11_000,
        "pool_yen": 11_000,
    }
    return gates.MatchFacts(**{**own, **changes})


def pay_in(**changes: object) -> gates.PayInFacts:
    shared = milestone(milestone_state="awaiting_funding")
    own = {f.name: getattr(shared, f.name) for f in fields(shared)}
    return gates.PayInFacts(**{**own, "has_account": True, "is_demo": True, **changes})


STAFF = gates.OperatorFacts(role="staff")
CLOCK = gates.OperatorFacts(role="system")
NOT_STAFF = {"not_your_step": ("role", "other")}
NOT_CLOCK = {"not_your_step": ("role", "staff")}

TWINS = [
    Twin(gates.SEE_DEPOSITS, STAFF, NOT_STAFF),
    Twin(gates.SEE_DEPOSIT, deposit(role="client"), NOT_STAFF),
    Twin(
        gates.IMPORT,
        gates.ImportFacts(role="staff", has_account=True, account_problems=()),
        {**NOT_STAFF, "no_operator_account": ("has_account", False)},
    ),
    Twin(
        gates.IMPORT,
        gates.ImportFacts(role="system", has_account=True, account_problems=(Text("番号", "number"),)),
        {"no_operator_account": ("has_account", False)},
    ),
    Twin(
        gates.MATCH,
        matching(),
        {
            **NOT_STAFF,
            "is_sent_back": ("state", "sent_back"),
            "milestone_not_awaiting": ("milestone_state", "cancelled"),
            "amount_too_small": ("pool_yen", 10_999),
        },
    ),
    Twin(gates.MATCH, matching(state="to_send_back", milestone_state=None), {"is_matched": ("state", "matched")}),
    Twin(gates.SEND_BACK, deposit(), {**NOT_STAFF, "is_sent_back": ("state", "sent_back")}),
    Twin(
        gates.LAPSE,
        deposit(role="system"),
        {
            **NOT_CLOCK,
            "not_in_suspense": ("state", "to_send_back"),
            "not_due": ("decide_by", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(gates.RECONSIDER, CLOCK, NOT_CLOCK),
    Twin(gates.REMIND, CLOCK, NOT_CLOCK),
    Twin(
        gates.EXPLAIN_CANCELLATION,
        gates.CancellationFacts(role="staff", state="open"),
        {**NOT_STAFF, "already_explained": ("state", "applied")},
    ),
    Twin(
        gates.SEE_INSTRUCTION,
        pay_in(),
        {
            "not_your_step": ("role", "worker"),
            "contract_closed": ("state", "ended"),
            "is_funded": ("milestone_state", "funded"),
            "no_operator_account": ("has_account", False),
        },
    ),
    Twin(
        gates.LET_BANK_SEND,
        pay_in(),
        {
            "not_your_step": ("role", "worker"),
            "no_operator_account": ("has_account", False),
            "not_a_demo": ("is_demo", False),
        },
    ),
]
