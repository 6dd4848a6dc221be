"""How an appeal moves, and what time does when nobody decides about one."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

APPEAL = TransitionTable(
    name="enforcement.appeal",
    states={
        "open": Text("確認中", "Being looked at"),
        "upheld": Text("決定のまま", "The decision stands"),
        "granted": Text("認められました", "Granted"),
        "lapsed": Text("期限までに決まりませんでした", "Not decided in time"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "uphold", "upheld", who=("operator",)),
        Transition("open", "grant", "granted", who=("operator",)),
        Transition(
            "open",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text(
                "期限を大きく過ぎても決まらないと終わり、設定により制限が解除されます",
                "ends undecided long after its time; by the operator's rule the restriction is then lifted",
            ),
            until="lapses_at",
            policy="enforcement.appeal_lapse_factor",
        ),
    ),
)
