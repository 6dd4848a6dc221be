from datetime import UTC, datetime

from tests.twins import Twin

from kotowari.kernel.text import Text
from kotowari.papers import gates

OWN = gates.OwnFacts(signed_in=True)
PAPER = gates.PaperFacts(role="staff", is_of_operator=True)
EXPECTED = gates.ExpectedFacts(
    waits_for=Text("納品されると発行されます", "It comes when delivered"), happened=True, issued=True
)
HAPPENED = gates.ExpectedFacts(waits_for=EXPECTED.waits_for, happened=False, issued=True)

TWINS = [
    Twin(gates.LIST, OWN, {"sign_in_needed": ("signed_in", False)}),
    Twin(
        gates.REGISTER,
        OWN,
        {
            "sign_in_needed": ("signed_in", False),
            "is_staff": ("is_staff", True),
            "has_left": ("left_at", datetime(2026, 11, 20, tzinfo=UTC)),
        },
    ),
    Twin(gates.SEE, gates.PaperFacts(role="recipient"), {"not_yours": ("role", "other")}),
    Twin(
        gates.CORRECT,
        PAPER,
        {
            "not_yours": ("role", "other"),
            "not_the_issuer": ("role", "recipient"),
            "is_replaced": ("newer", ("INV-2026-000002", "/my/papers/2/")),
            "nothing_to_correct": ("would_differ", False),
            "operator_not_named": ("operator_named", False),
        },
    ),
    Twin(gates.OPEN_EXPECTED, HAPPENED, {"not_yet": ("issued", False)}),
    Twin(
        gates.OPEN_EXPECTED,
        EXPECTED,
        {"being_made": ("issued", False), "operator_not_named": ("operator_named", False)},
    ),
    Twin(
        gates.OPEN_EXPECTED,
        gates.ExpectedFacts(waits_for=EXPECTED.waits_for, happened=False, issued=True, ended=True),
        {"will_not_come": ("issued", False)},
    ),
    Twin(gates.ISSUE, gates.OperatorFacts(role="system"), {"not_your_step": ("role", "staff")}),
    Twin(gates.LOOK, gates.OperatorFacts(role="staff"), {"not_staff": ("role", "issuer")}),
]
