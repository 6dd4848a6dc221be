"""How payouts, their runs, closings and lines of the bank's statement move, and what time does to each wait."""

from kotowari.foundation.transitions import Transition, TransitionTable
from kotowari.kernel.text import Text

CLOSING = TransitionTable(
    name="payouts.closing",
    states={
        "gathering": Text("締め処理中", "Being gathered"),
        "closed": Text("締め済み", "Closed"),
    },
    initial=("gathering",),
    transitions=(Transition("gathering", "close", "closed", who=("operator", "system")),),
    rests={"gathering": "every round of the sweep goes on where the last one stopped, until it is closed"},
)

PAYOUT = TransitionTable(
    name="payouts.payout",
    states={
        "requested": Text("振込準備中", "Being prepared"),
        "held": Text("保留中", "On hold"),
        "in_file": Text("銀行に依頼済み", "With the bank"),
        "settled": Text("振込済み", "Paid"),
        "returned": Text("振込不能(組戻し)", "Sent back by the bank"),
        "cancelled": Text("取りやめ", "Cancelled"),
    },
    initial=("requested",),
    transitions=(
        Transition("requested", "hand_over", "in_file", who=("operator",)),
        Transition("requested", "hold", "held", who=("operator", "system")),
        Transition("requested", "cancel", "cancelled", who=("operator",)),
        Transition("held", "release", "requested", who=("member", "operator", "system")),
        Transition("held", "cancel", "cancelled", who=("operator",)),
        Transition(
            "held",
            "lapse",
            "cancelled",
            who=("time",),
            deadline=Text(
                "口座が直されないまま次の締めが来ると、お金は元に戻ります",
                "the money goes back to its owner when the account is not put right by the next closing",
            ),
            until="lapses_at",
            policy="payouts.closings",
        ),
        Transition("in_file", "settle", "settled", who=("operator", "system")),
        Transition("in_file", "return", "returned", who=("operator", "system")),
        Transition("settled", "return", "returned", who=("operator", "system")),
    ),
    rests={
        "requested": "its pay date is promised and shown; a run that is not handed over in time is put before the "
        "operator every day",
        "in_file": "only the bank knows what became of it (P010); from the pay date on the operator is asked every day",
        "settled": "it has arrived; only the bank can still send it back",
    },
)

RUN = TransitionTable(
    name="payouts.run",
    states={
        "ready": Text("ファイル作成待ち", "File to be written"),
        "handed_over": Text("銀行に依頼済み", "With the bank"),
        "done": Text("完了", "Done"),
        "dissolved": Text("振込なし", "Nothing left to transfer"),
    },
    initial=("ready",),
    transitions=(
        Transition("ready", "hand_over", "handed_over", who=("operator",)),
        Transition("ready", "dissolve", "dissolved", who=("operator", "system")),
        Transition("handed_over", "finish", "done", who=("operator", "system")),
    ),
    rests={
        "ready": "one that is not handed over in time is put before the operator every day",
        "handed_over": "the bank says what became of each transfer; from the pay date on the operator is asked every day",
    },
)

EXPIRED = TransitionTable(
    name="payouts.expiredreward",
    states={
        "dormant": Text("期限後のお預かり", "Kept after its time limit"),
        "forfeited": Text("失効", "Forfeited"),
        "revived": Text("報酬に戻りました", "Available again"),
        "restored": Text("失効を取り消しました", "Forfeiture taken back"),
    },
    initial=("dormant", "forfeited"),
    transitions=(
        Transition("dormant", "revive", "revived", who=("member",)),
        Transition("forfeited", "restore", "restored", who=("operator",)),
    ),
    rests={
        "dormant": "it is its owner's without any limit; a bank account brings it back",
        "forfeited": "the rules of this market say so and warned of it; the operator can still take it back",
    },
)

BANK_ENTRY = TransitionTable(
    name="payouts.bankentry",
    states={
        "open": Text("未確認", "To be looked at"),
        "matched": Text("照合済み", "Matched"),
        "booked": Text("記帳済み", "Booked"),
        "set_aside": Text("対象外", "Not a payout"),
    },
    initial=("open", "matched"),
    transitions=(
        Transition("open", "match", "matched", who=("operator", "system")),
        Transition("open", "book", "booked", who=("operator",)),
        Transition("open", "set_aside", "set_aside", who=("operator",)),
        Transition("booked", "reopen", "open", who=("operator",)),
        Transition("set_aside", "reopen", "open", who=("operator",)),
    ),
    rests={
        "open": "no money of ours waits on it; it is put before the operator every day until somebody explains it",
        "booked": "it is in the books; only a mistake is taken back",
        "set_aside": "staff said what it was; only a mistake is taken back",
    },
)

BANK_DIFFERENCE = TransitionTable(
    name="payouts.bankdifference",
    states={
        "open": Text("未確認", "To be looked at"),
        "explained": Text("説明済み", "Explained"),
        "cleared": Text("解消", "Cleared"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "explain", "explained", who=("operator",)),
        Transition("explained", "change", "open", who=("system",)),
        Transition("open", "clear", "cleared", who=("system",)),
        Transition("explained", "clear", "cleared", who=("system",)),
    ),
    rests={
        "open": "each reconciliation asks again; after its clock the operator is told every day, and no period closes",
        "explained": "staff said what it is; it ends by itself when the bank's statement and the books agree",
    },
)
HOLDER_REVIEW = TransitionTable(
    name="payouts.holderreview",
    states={
        "open": Text("確認待ち", "To be looked at"),
        "approved": Text("本人の口座と認めた", "Taken for its owner's"),
        "refused": Text("認めなかった", "Not taken for its owner's"),
        "contested": Text("異議の確認待ち", "Contested"),
        "upheld": Text("異議を認めなかった", "The refusal stands"),
        "overtaken": Text("口座か名前が変わった", "Account or name changed"),
    },
    initial=("open",),
    transitions=(
        Transition("open", "approve", "approved", who=("operator",)),
        Transition("open", "refuse", "refused", who=("operator",)),
        Transition(
            "open",
            "let_pass",
            "approved",
            who=("time",),
            deadline=Text(
                "屋号つきの口座を運営が期限までに決めなければ、本人の口座として扱います",
                "an account that carries a trade name is taken for its owner's when staff do not decide in time",
            ),
            until="lapses_at",
            policy="payouts.holder_lapse_bank_days",
        ),
        Transition(
            "open",
            "lapse",
            "refused",
            who=("time",),
            deadline=Text(
                "名義の違う口座を運営が期限までに決めなければ、認めなかったものとなり、異議を申し立てられます",
                "one whose holder differs counts as refused when staff do not decide in time; that can be contested",
            ),
            until="lapses_at",
            policy="payouts.holder_lapse_bank_days",
        ),
        Transition("open", "overtake", "overtaken", who=("member", "system")),
        Transition("refused", "contest", "contested", who=("member",)),
        Transition("refused", "overtake", "overtaken", who=("member", "system")),
        Transition("contested", "approve", "approved", who=("operator",)),
        Transition("contested", "uphold", "upheld", who=("operator",)),
        Transition(
            "contested",
            "let_pass",
            "approved",
            who=("time",),
            deadline=Text(
                "異議を運営が期限までに決めなければ、本人の口座として扱います",
                "a refusal that was contested is taken back when staff do not decide in time",
            ),
            until="lapses_at",
            policy="payouts.holder_lapse_bank_days",
        ),
        Transition("contested", "overtake", "overtaken", who=("member", "system")),
        Transition("approved", "overtake", "overtaken", who=("member", "system")),
        Transition("upheld", "overtake", "overtaken", who=("member", "system")),
    ),
    rests={
        "refused": "no money is lost: it waits in the balance until its owner contests it or changes account or name",
        "approved": "it counts until account or name change",
        "upheld": "no money is lost: it waits in the balance until its owner changes account or name",
    },
)
