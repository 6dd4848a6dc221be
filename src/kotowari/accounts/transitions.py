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
_RECOVERY_LAPSES = Text(
    "期限までに決まらないと終わり、二段階認証はそのまま残ります",
    "ends undecided at that time, and the second factor stays as it is",
)
FACTOR_RECOVERY = TransitionTable(
    name="accounts.factor_recovery",
    states={
        "asked": Text("本人の説明待ち", "Waits for the member's account of it"),
        "proving": Text("1人目の確認待ち", "Waits for the first of staff"),
        "first_approval": Text("2人目の確認待ち", "Waits for the second of staff"),
        "cooling": Text("確認期間", "Cooling-off"),
        "done": Text("復旧済み", "Recovered"),
        "cancelled": Text("取りやめ", "Cancelled"),
        "refused": Text("お断り", "Refused"),
        "lapsed": Text("期限切れ", "Lapsed"),
    },
    initial=("asked",),
    transitions=(
        Transition("asked", "state", "proving", who=("member",)),
        Transition("asked", "cancel", "cancelled", who=("member", "system")),
        Transition(
            "asked",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=_RECOVERY_LAPSES,
            until="lapses_at",
            policy="accounts.recovery_statement_days",
        ),
        Transition("proving", "approve", "first_approval", who=("operator",)),
        Transition("proving", "refuse", "refused", who=("operator",)),
        Transition("proving", "cancel", "cancelled", who=("member", "system")),
        Transition(
            "proving",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=_RECOVERY_LAPSES,
            until="lapses_at",
            policy="accounts.recovery_lapse_days",
        ),
        Transition("first_approval", "approve", "cooling", who=("operator",)),
        Transition("first_approval", "refuse", "refused", who=("operator",)),
        Transition("first_approval", "cancel", "cancelled", who=("member", "system")),
        Transition(
            "first_approval",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=_RECOVERY_LAPSES,
            until="lapses_at",
            policy="accounts.recovery_lapse_days",
        ),
        Transition("cooling", "refuse", "refused", who=("operator",)),
        Transition("cooling", "cancel", "cancelled", who=("member", "system")),
        Transition("cooling", "lapse", "lapsed", who=("system",)),
        Transition(
            "cooling",
            "finish",
            "done",
            who=("time",),
            deadline=Text(
                "だれも取り消さなければ、二段階認証が外れます", "unless it is cancelled, the second factors are removed"
            ),
            until="cooling_until",
            policy="accounts.recovery_cooling_hours",
        ),
    ),
)
