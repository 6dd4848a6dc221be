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
            until="lapses_at",
            policy="accounts.risk_lapse_factor",
        ),
    ),
)
FORCED_RESET = TransitionTable(
    name="accounts.forced_reset",
    states={
        "waiting": Text("2人目の承認待ち", "Waits for a second approval"),
        "approved": Text("実行", "Carried out"),
        "declined": Text("取りやめ", "Declined"),
        "lapsed": Text("期限切れ", "Lapsed"),
    },
    initial=("waiting", "approved"),
    transitions=(
        Transition("waiting", "approve", "approved", who=("operator",)),
        Transition("waiting", "decline", "declined", who=("operator",)),
        Transition(
            "waiting",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text(
                "2人目の承認がないまま期限が過ぎると、取りやめになります", "without a second approval it is called off"
            ),
            until="lapses_at",
            policy="accounts.forced_reset_approval_hours",
        ),
    ),
)
