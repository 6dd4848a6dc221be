"""How an incident moves, and what time does when nobody writes on."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

INCIDENT = TransitionTable(
    name="incidents.incident",
    states={
        "open": Text("対応中", "Being worked on"),
        "watching": Text("復旧・経過観察中", "Over, being watched"),
        "closed": Text("解決済み", "Closed"),
        "lapsed": Text("続報のないまま終了", "Ended without further word"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "recover", "watching", who=("operator",)),
        Transition(
            "open",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text(
                "続報の期限ごとに担当者全員に知らせ、それでも続報がないまま長く過ぎると終わります",
                "all of staff are told at each time for further word; long after the last word it ends",
            ),
            until="lapses_at",
            policy="incidents.lapse_days",
        ),
        Transition("watching", "close", "closed", who=("operator",)),
        Transition(
            "watching",
            "close_by_time",
            "closed",
            who=("time",),
            deadline=Text("復旧してから何も起きなければ解決済みになります", "closes when nothing happened since"),
            until="closes_at",
            policy="incidents.watch_hours",
        ),
    ),
)
