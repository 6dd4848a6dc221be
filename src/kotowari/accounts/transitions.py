"""How matters in the risk queue move, and what time does when nobody looks at one."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

RISK_CASE = TransitionTable(
    name="accounts.risk_case",
    states={
        "open": Text("確認待ち", "Waiting for staff"),
        "closed": Text("確認済み", "Looked at"),
        "lapsed": Text("期限切れで終了", "Closed by the clock"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "close", "closed", who=("operator",)),
        Transition(
            "open",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text(
                "期限を大きく過ぎると、確認されないまま終わり、その旨が残ります",
                "ends unlooked at, and says so, long after its time",
            ),
            until="due_at",
            policy="accounts.risk_review_bank_days",
        ),
    ),
)
