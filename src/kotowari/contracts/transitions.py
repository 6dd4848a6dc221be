"""How contracts, milestones and requests to end them move, and what time does to each wait."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

CONTRACT = TransitionTable(
    name="contracts.contract",
    states={
        "active": Text("進行中", "In progress"),
        "completed": Text("完了", "Completed"),
        "ended": Text("途中終了", "Ended early"),
    },
    initial=("active",),
    transitions=(
        Transition("active", "complete", "completed", who=("system",)),
        Transition("active", "end", "ended", who=("client", "worker", "system")),
    ),
    rests={"active": "each of its milestones has a clock, and it closes with the last of them"},
)

MILESTONE = TransitionTable(
    name="contracts.milestone",
    states={
        "awaiting_funding": Text("仮払い待ち", "Waiting for escrow"),
        "funded": Text("作業中", "In work"),
        "delivered": Text("検収待ち", "Waiting for acceptance"),
        "changes_requested": Text("修正依頼中", "Changes requested"),
        "accepted": Text("検収済み", "Accepted"),
        "refunded": Text("返金済み", "Refunded"),
        "cancelled": Text("取りやめ", "Cancelled"),
    },
    initial=("awaiting_funding",),
    transitions=(
        Transition("awaiting_funding", "fund", "funded", who=("client", "system")),
        Transition(
            "awaiting_funding",
            "lapse",
            "cancelled",
            who=("time",),
            deadline=Text("仮払いの期限を過ぎると取りやめになります", "cancelled when no money has come by then"),
            until="deadline_at",
            policy="contracts.funding_deadline_days",
        ),
        Transition("awaiting_funding", "cancel", "cancelled", who=("client", "worker", "system")),
        Transition("funded", "deliver", "delivered", who=("worker",)),
        Transition("funded", "refund", "refunded", who=("client", "worker", "system")),
        Transition(
            "funded",
            "lapse",
            "refunded",
            who=("time",),
            deadline=Text(
                "納品のないまま納期と猶予を過ぎると返金されます", "refunded when nothing has been delivered by then"
            ),
            until="deadline_at",
            policy="contracts.delivery_grace_days",
        ),
        Transition("delivered", "request_changes", "changes_requested", who=("client",)),
        Transition("delivered", "accept", "accepted", who=("client",)),
        Transition(
            "delivered",
            "accept_by_clock",
            "accepted",
            who=("time",),
            deadline=Text("検収期限を過ぎると自動で検収されます", "accepted automatically at that time"),
            until="deadline_at",
            policy="contracts.acceptance_days",
        ),
        Transition("changes_requested", "deliver", "delivered", who=("worker",)),
        Transition("changes_requested", "refund", "refunded", who=("client", "worker", "system")),
        Transition(
            "changes_requested",
            "lapse",
            "refunded",
            who=("time",),
            deadline=Text("再納品の期限を過ぎると返金されます", "refunded when nothing is delivered again by then"),
            until="deadline_at",
            policy="contracts.change_response_days",
        ),
    ),
)

MOVES = {"awaiting_funding": "client", "funded": "worker", "delivered": "client", "changes_requested": "worker"}
"""Which side a milestone waits for in each state in which it waits."""

END_REQUEST = TransitionTable(
    name="contracts.endrequest",
    states={
        "open": Text("回答待ち", "Waiting for an answer"),
        "agreed": Text("合意", "Agreed"),
        "refused": Text("不同意", "Not agreed"),
        "withdrawn": Text("取り下げ", "Withdrawn"),
        "lapsed": Text("期限により成立", "Took effect by time"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "agree", "agreed", who=("client", "worker")),
        Transition("open", "refuse", "refused", who=("client", "worker")),
        Transition("open", "withdraw", "withdrawn", who=("client", "worker", "system")),
        Transition(
            "open",
            "lapse",
            "lapsed",
            who=("time",),
            deadline=Text("期限までに返事がないと契約は終わります", "the contract ends when nobody answers by then"),
            until="lapses_at",
            policy="contracts.early_end_lapse_days",
        ),
    ),
)
