"""How a ticket moves, and what time does to each wait."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

_LATE = Text(
    "回答が期限に遅れると、お詫びと新しい予定をお送りし、先頭で扱います",
    "an apology with a new time goes out and the question comes first",
)

TICKET = TransitionTable(
    name="support.ticket",
    states={
        "open": Text("運営の回答待ち", "Waiting for our answer"),
        "late": Text("回答が遅れています", "Our answer is late"),
        "answered": Text("回答済み", "Answered"),
        "closed": Text("完了", "Closed"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "answer", "answered", who=("operator",)),
        Transition("open", "settle", "closed", who=("member",)),
        Transition(
            "open",
            "be_late",
            "late",
            who=("time",),
            deadline=_LATE,
            until="due_at",
            policy="support.answer_bank_days",
        ),
        Transition("late", "answer", "answered", who=("operator",)),
        Transition("late", "settle", "closed", who=("member",)),
        Transition("late", "be_late", "late", who=("time",), deadline=_LATE, until="due_at"),
        Transition("answered", "answer", "answered", who=("operator",)),
        Transition("answered", "write", "open", who=("member",)),
        Transition("answered", "settle", "closed", who=("member", "operator")),
        Transition(
            "answered",
            "lapse",
            "closed",
            who=("time",),
            deadline=Text(
                "お返事のないまま期限を過ぎると、完了になります",
                "closes by itself when nothing has been written by then",
            ),
            until="closes_at",
            policy="support.silent_close_days",
        ),
        Transition("closed", "reopen", "open", who=("member",)),
    ),
    rests={"closed": "nobody waits; until `reopen_until` the customer may take it up again"},
)
WAITING_FOR_US = ("open", "late")
"""The states in which the operator owes an answer."""
