"""How a run of the checks and an alarm move."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

CHECK_RUN = TransitionTable(
    name="ledger.check_run",
    states={
        "waiting": Text("開始待ち", "Waiting to begin"),
        "running": Text("検査中", "Under way"),
        "complete": Text("完了", "Complete"),
        "interrupted": Text("中断", "Interrupted"),
    },
    initial=("waiting",),
    transitions=(
        Transition("waiting", "begin", "running", who=("system",)),
        Transition("running", "complete", "complete", who=("system",)),
        Transition(
            "running",
            "interrupt",
            "interrupted",
            who=("time",),
            deadline=Text(
                "検査していたプロセスが止まったことが分かったとき",
                "as soon as it is seen that the process which checked has ended",
            ),
        ),
    ),
    rests={
        "waiting": "the next round of long work begins it within a minute; when none does, the alarm of silence speaks",
    },
)
CHECK_ALARM = TransitionTable(
    name="ledger.check_alarm",
    states={
        "open": Text("未確認", "Not looked at"),
        "acknowledged": Text("確認済み・対応中", "Being looked into"),
        "mended": Text("解消", "Mended"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "acknowledge", "acknowledged", who=("operator",)),
        Transition("acknowledged", "change", "open", who=("system",)),
        Transition("open", "mend", "mended", who=("system",)),
        Transition("acknowledged", "mend", "mended", who=("system",)),
    ),
    rests={
        "open": "every run of the checks asks the same law again, and staff see it at their desk until it is mended",
        "acknowledged": "every run of the checks asks the same law again; a period cannot be closed meanwhile",
    },
)
