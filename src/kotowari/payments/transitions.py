"""How deposits and what the bank takes back move, and what time does to each wait (P009)."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

DEPOSIT = TransitionTable(
    name="payments.deposit",
    states={
        "in_suspense": Text("仮受中", "In suspense"),
        "to_send_back": Text("返送待ち", "To be sent back"),
        "matched": Text("充当済み", "Put into escrow"),
        "sent_back": Text("返送済み", "Sent back"),
        "taken_back": Text("銀行が取消", "Taken back by the bank"),
    },
    initial=("in_suspense",),
    transitions=(
        Transition("in_suspense", "match", "matched", who=("operator", "system")),
        Transition("in_suspense", "send_back", "sent_back", who=("operator",)),
        Transition("in_suspense", "take_back", "taken_back", who=("operator", "system")),
        Transition(
            "in_suspense",
            "lapse",
            "to_send_back",
            who=("time",),
            deadline=Text(
                "期限までに充てる先が決まらない入金は、返送に回ります",
                "set aside to be sent back when it has found no escrow by then",
            ),
            until="decide_by",
            policy="payments.suspense_days",
        ),
        Transition("to_send_back", "match", "matched", who=("operator",)),
        Transition("to_send_back", "send_back", "sent_back", who=("operator",)),
        Transition("to_send_back", "take_back", "taken_back", who=("operator", "system")),
    ),
    rests={
        "to_send_back": "that it goes back is decided; only a transfer at the bank is left to do, and the operator is "
        "asked for it every day"
    },
)

CANCELLATION = TransitionTable(
    name="payments.cancellation",
    states={
        "open": Text("要確認", "To be looked at"),
        "applied": Text("入金を取り消した", "Deposit taken back"),
        "explained": Text("確認済み", "Explained"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "apply", "applied", who=("operator", "system")),
        Transition("open", "explain", "explained", who=("operator",)),
    ),
    rests={"open": "no money of a member waits on it; it is put before the operator every day until it is explained"},
)
