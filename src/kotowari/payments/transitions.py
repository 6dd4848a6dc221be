"""How deposits, what the bank takes back, card payments, refunds and disputes move, and what time does to each (P009)."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

_LOST = Text("答えがないときはカード会社に尋ねます", "without an answer by then the processor is asked")


def _outcomes(source: str) -> tuple[Transition, ...]:
    """What asking about a payment can bring, whoever asks."""
    return (
        Transition(source, "succeed", "succeeded", who=("system",)),
        Transition(source, "decline", "declined", who=("system",)),
        Transition(source, "expire", "expired", who=("system", "operator")),
    )


def _refund_outcomes(source: str) -> tuple[Transition, ...]:
    """What asking about a refund can bring, whoever asks."""
    return (
        Transition(source, "succeed", "succeeded", who=("system", "operator")),
        Transition(source, "fail", "failed", who=("system", "operator")),
    )


def _dispute_outcomes(source: str) -> tuple[Transition, ...]:
    """What asking about a dispute can bring."""
    every = (("open", "opened"), ("win", "won"), ("lose", "lost"))
    return tuple(Transition(source, event, to, who=("system",)) for event, to in every if to != source)


DEPOSIT = TransitionTable(
    name="payments.deposit",
    states={
        "in_suspense": Text("仮受中", "In suspense"),
        "to_send_back": Text("返送待ち", "To be sent back"),
        "matched": Text("充当済み", "Put into escrow"),
        "sent_back": Text("返送済み", "Sent back"),
        "taken_back": Text("銀行が取消", "Taken back by the bank"),
        "from_processor": Text("カード会社からの入金", "From the card processor"),
        "own": Text("運営のお金", "The operator's own"),
    },
    initial=("in_suspense",),
    transitions=(
        Transition("in_suspense", "match", "matched", who=("operator", "system")),
        Transition("in_suspense", "send_back", "sent_back", who=("operator",)),
        Transition("in_suspense", "know_processor", "from_processor", who=("operator",)),
        Transition("in_suspense", "know_own", "own", who=("operator",)),
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
        Transition("to_send_back", "know_processor", "from_processor", who=("operator",)),
        Transition("to_send_back", "know_own", "own", who=("operator",)),
        Transition("to_send_back", "take_back", "taken_back", who=("operator", "system")),
        Transition("own", "reopen", "in_suspense", who=("operator",)),
    ),
    rests={
        "to_send_back": "that it goes back is decided; only a transfer at the bank is left to do, and the operator is "
        "asked for it every day",
        "own": "it is the operator's own and in the books as that; only a mistake is taken back",
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

CARD_PAYMENT = TransitionTable(
    name="payments.cardpayment",
    states={
        "recorded": Text("準備中", "Being prepared"),
        "sent": Text("カード会社に依頼中", "Asking the processor"),
        "open": Text("お支払い待ち", "Waiting for payment"),
        "unknown": Text("確認中", "Being found out"),
        "set_aside": Text("運営が確認中", "With the operator"),
        "succeeded": Text("支払い済み", "Paid"),
        "declined": Text("支払えませんでした", "Declined"),
        "expired": Text("支払われませんでした", "Not paid"),
        "refunded": Text("返金済み", "Refunded"),
    },
    initial=("recorded",),
    transitions=(
        Transition("recorded", "send", "sent", who=("client", "system")),
        Transition(
            "recorded",
            "lapse",
            "unknown",
            who=("time",),
            deadline=_LOST,
            until="due_at",
            policy="payments.card_answer_minutes",
        ),
        Transition("sent", "open", "open", who=("system",)),
        Transition("sent", "lose", "unknown", who=("system",)),
        *_outcomes("sent"),
        Transition(
            "sent",
            "lapse",
            "unknown",
            who=("time",),
            deadline=_LOST,
            until="due_at",
            policy="payments.card_answer_minutes",
        ),
        *_outcomes("open"),
        Transition(
            "open",
            "lapse",
            "unknown",
            who=("time",),
            deadline=Text(
                "期限を過ぎるとカード会社のページを閉じ、支払われたかを確かめます",
                "the processor's page is closed then, and it is asked whether it was paid",
            ),
            until="due_at",
            policy="payments.card_page_minutes",
        ),
        Transition("unknown", "open", "open", who=("system",)),
        *_outcomes("unknown"),
        Transition(
            "unknown",
            "lapse",
            "set_aside",
            who=("time",),
            deadline=Text(
                "確かめ続けても分からないときは運営の担当者に渡します",
                "what cannot be found out by then goes to the operator's staff",
            ),
            until="give_up_at",
            policy="payments.card_unknown_hours",
        ),
        *_outcomes("set_aside"),
        Transition("succeeded", "refund", "refunded", who=("system",)),
        # A late success is money all the same: it is booked, and goes into escrow or back.
        Transition("declined", "succeed", "succeeded", who=("system",)),
        Transition("expired", "succeed", "succeeded", who=("system",)),
    ),
    rests={
        "set_aside": "no money is known to have moved; the processor goes on being asked, and it is put before the "
        "operator every day until staff close it",
        "succeeded": "the money lies in an escrow with its own clock, or in a refund with its own",
        "declined": "over; only a processor that says otherwise later can still change it",
        "expired": "over; only a processor that says otherwise later can still change it",
    },
)

CARD_REFUND = TransitionTable(
    name="payments.cardrefund",
    states={
        "recorded": Text("準備中", "Being prepared"),
        "sent": Text("カード会社に依頼中", "Asking the processor"),
        "unknown": Text("確認中", "Being found out"),
        "set_aside": Text("運営が確認中", "With the operator"),
        "succeeded": Text("返金済み", "Refunded"),
        "failed": Text("カードに返せませんでした", "The card took no refund"),
        "replaced": Text("カードの発行会社が返金済み", "Given back by the card's bank"),
    },
    initial=("recorded",),
    transitions=(
        Transition(
            "recorded",
            "send",
            "sent",
            who=("time",),
            deadline=Text("すぐにカード会社に依頼します", "the processor is asked at once"),
            until="due_at",
            policy="payments.card_answer_minutes",
        ),
        # A dispute that was lost has given the cardholder this money already.
        Transition("recorded", "replace", "replaced", who=("system",)),
        *_refund_outcomes("sent"),
        *(Transition(each, "hold", "recorded", who=("system",)) for each in ("sent", "unknown", "set_aside")),
        Transition("sent", "lose", "unknown", who=("system",)),
        Transition(
            "sent",
            "lapse",
            "unknown",
            who=("time",),
            deadline=_LOST,
            until="due_at",
            policy="payments.card_answer_minutes",
        ),
        Transition("unknown", "send", "sent", who=("system",)),
        *_refund_outcomes("unknown"),
        Transition(
            "unknown",
            "lapse",
            "set_aside",
            who=("time",),
            deadline=Text(
                "確かめ続けても分からないときは運営の担当者に渡します",
                "what cannot be found out by then goes to the operator's staff",
            ),
            until="give_up_at",
            policy="payments.card_unknown_hours",
        ),
        *_refund_outcomes("set_aside"),
    ),
    rests={
        "set_aside": "the money lies in the refund's own account; the processor goes on being asked, and it is put "
        "before the operator every day until staff close it",
    },
)

CARD_DISPUTE = TransitionTable(
    name="payments.carddispute",
    states={
        "heard": Text("確認中", "Being found out"),
        "opened": Text("係争中", "In dispute"),
        "won": Text("お金が戻りました", "Given back to us"),
        "lost": Text("戻らないと決まりました", "Decided for the cardholder"),
        "unfounded": Text("該当なし", "Unknown to the processor"),
    },
    initial=("heard",),
    transitions=(
        *_dispute_outcomes("heard"),
        Transition("heard", "deny", "unfounded", who=("system",)),
        *_dispute_outcomes("opened"),
        # Banks change their minds: the money decides, whatever was said before.
        *_dispute_outcomes("won"),
        Transition("lost", "win", "won", who=("system",)),
        *_dispute_outcomes("unfounded"),
    ),
    rests={
        "heard": "the processor goes on being asked; what stays unknown is put before the operator every day",
        "opened": "the card's bank decides; the processor goes on being asked, refunds of that payment wait, and the "
        "operator is reminded of the evidence and of a decision that does not come",
        "won": "over; only a bank that takes it once more can still change it",
        "lost": "over, and borne by the operator; only a bank that gives it back after all can still change it",
        "unfounded": "nothing is known to have moved; a later message is asked about anew",
    },
)
