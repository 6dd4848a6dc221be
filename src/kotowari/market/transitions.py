"""How jobs and proposals move, and what time does to each wait."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

JOB = TransitionTable(
    name="market.job",
    states={
        "open": Text("募集中", "Open"),
        "lapsed": Text("応募締切", "Applications closed"),
        "filled": Text("採用決定", "Filled"),
        "closed": Text("募集終了", "Closed"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "fill", "filled", who=("system",)),
        Transition("open", "close", "closed", who=("client", "operator")),
        Transition(
            "open",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text(
                "応募期限を過ぎると締め切られ、届いた応募だけが選考に残ります",
                "applications close at that time; those already sent are still decided on",
            ),
            until="apply_until",
        ),
        Transition("lapsed", "fill", "filled", who=("system",)),
        Transition("lapsed", "close", "closed", who=("client", "operator")),
    ),
    rests={"lapsed": "each proposal that still waits has a clock of its own"},
)

PROPOSAL = TransitionTable(
    name="market.proposal",
    states={
        "sent": Text("選考中", "Waiting for an answer"),
        "accepted": Text("採用", "Hired"),
        "declined": Text("不採用", "Declined"),
        "withdrawn": Text("取り下げ", "Withdrawn"),
        "lapsed": Text("期限切れ", "Lapsed"),
    },
    initial=("sent",),
    transitions=(
        Transition("sent", "accept", "accepted", who=("client",)),
        Transition("sent", "decline", "declined", who=("client", "system")),
        Transition("sent", "withdraw", "withdrawn", who=("worker", "system")),
        Transition(
            "sent",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text(
                "返事のないまま期限を過ぎると、応募は自動で終わります",
                "ends by itself when no answer has come by then",
            ),
            until="lapses_at",
            policy="market.proposal_lapse_days",
        ),
    ),
)
