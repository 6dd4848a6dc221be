"""Money that is paid by card, goes back to one, or is in dispute."""

from collections.abc import Mapping

from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.catalogue.kinds import JournalKind, KindOfJournal, Move, Sign


def _clearing(sign: Sign, sentence: Text) -> tuple[Move, ...]:
    """One of the processors' accounts: which, depends on who took the money."""
    return tuple(Move(each, sign, sentence, False) for each in accounts.CARD_CLEARINGS.values())


_DISPUTE_FEE = Text("申立ての手数料です", "The fee for the dispute")

CARDS: Mapping[JournalKind, KindOfJournal] = {
    JournalKind.CARD_RECEIVED: KindOfJournal(
        title=Text("カード払い", "Paid by card"),
        sentence=Text("カードで支払われました", "Paid by card"),
        meaning=Text(
            "カード会社に尋ねて、支払いが済んだと分かったとき。お金はカード会社が預かっている。",
            "The card processor, asked, says that a payment succeeded. It holds the money.",
        ),
        moves=(
            *_clearing("-", Text("カードで支払われました", "Paid by card")),
            Move(accounts.CARD_HELD, "+", Text("カードで支払われました", "Paid by card")),
        ),
        references=("milestone_id",),
    ),
    JournalKind.CARD_MATCHED: KindOfJournal(
        title=Text("カード払いの仮払い", "Escrow funded by card"),
        sentence=Text("カードの支払いを仮払いに充てました", "A card payment was put into escrow"),
        meaning=Text(
            "支払いのマイルストーンが仮払いを待っていたとき。支払いの確認と同時に行う。",
            "The milestone that was paid for awaits its escrow; done together with the payment's receipt.",
        ),
        moves=(
            Move(accounts.CARD_HELD, "-", Text("仮払いに充てました", "Put into escrow")),
            Move(accounts.ESCROW, "+", Text("仮払いが入りました", "The escrow was funded")),
        ),
        references=("contract_id", "milestone_id"),
    ),
    JournalKind.CARD_REFUND_REQUESTED: KindOfJournal(
        title=Text("カードへの返金", "Card refund requested"),
        sentence=Text("カードへの返金を始めました", "The refund to the card was begun"),
        meaning=Text(
            "二重払い、取りやめ後の支払い、仮払いの返金のとき。支払いに使われたカードに返す。",
            "Paid twice, paid too late, or an escrow that goes back: it returns to the card that paid.",
        ),
        moves=(
            Move(accounts.CARD_HELD, "-", Text("カードへの返金を始めました", "The refund to the card was begun")),
            Move(accounts.CARD_REFUND, "+", Text("カードへの返金を始めました", "The refund to the card was begun")),
        ),
        references=("milestone_id",),
    ),
    JournalKind.CARD_REFUNDED: KindOfJournal(
        title=Text("カード返金の完了", "Card refunded"),
        sentence=Text("カードに返金しました", "The card was refunded"),
        meaning=Text(
            "カード会社に尋ねて、返金が済んだと分かったとき。",
            "The card processor, asked, says that a refund succeeded.",
        ),
        moves=(
            Move(accounts.CARD_REFUND, "-", Text("カードに返金しました", "The card was refunded")),
            *_clearing("+", Text("カードに返金しました", "The card was refunded")),
        ),
        references=("milestone_id",),
    ),
    JournalKind.CARD_REFUND_FAILED: KindOfJournal(
        title=Text("カード返金の不成立", "Card refund failed"),
        sentence=Text("カードに返金できませんでした", "The card could not be refunded"),
        meaning=Text(
            "解約されたカードなどに返金できないとき。お金は返金予定になり、銀行振込で返す。",
            "A closed card, say, takes no refund: the money becomes due to its owner and goes by bank.",
        ),
        moves=(
            Move(accounts.CARD_REFUND, "-", Text("カードに返金できませんでした", "The card took no refund")),
            Move(
                accounts.REFUND_DUE,
                "+",
                Text("カードに返せなかったお金を銀行振込で返します", "What the card did not take comes back by bank"),
            ),
        ),
        references=("milestone_id",),
    ),
    JournalKind.CARD_PAID_OUT: KindOfJournal(
        title=Text("カード会社からの入金", "Card processor's transfer"),
        sentence=Text("カード会社から入金がありました", "The card processor transferred what it owed"),
        meaning=Text(
            "銀行の明細の入金が、カード会社からの売上の振込だったとき。差し引かれた手数料は運営の費用になる。",
            "A deposit in the bank's statement is a card processor's transfer of what it took; the fee it kept back is "
            "the operator's expense.",
        ),
        moves=(
            Move(accounts.SUSPENSE, "-", Text("カード会社からの入金でした", "It was the card processor's transfer")),
            Move(accounts.CARD_FEES, "-", Text("カード会社の手数料です", "The card processor's fee"), False),
            *_clearing("+", Text("カード会社から入金がありました", "The card processor transferred it")),
        ),
        references=("deposit_id",),
        once_per="deposit_id",
    ),
    JournalKind.CARD_DISPUTE_OPENED: KindOfJournal(
        title=Text("カード会社の引き上げ", "Taken back in a dispute"),
        sentence=Text(
            "カードの持ち主の申立てにより、カード会社がお金を引き上げました",
            "The cardholder disputes it; the card processor took the money back",
        ),
        meaning=Text(
            "カード会社に尋ねて、カードの持ち主の申立て(チャージバック)で引き上げられたと分かったとき。手数料は運営の費用になる。",
            "The card processor, asked, says that it took money back for a dispute (chargeback). Its fee is the "
            "operator's expense.",
        ),
        moves=(
            Move(accounts.CARD_DISPUTED, "-", Text("引き上げられました", "Taken back in a dispute"), False),
            Move(accounts.CARD_FEES, "-", _DISPUTE_FEE, False),
            *_clearing("+", Text("申立てにより引き上げました", "Taken back in a dispute")),
        ),
        rule="P021",
    ),
    JournalKind.CARD_DISPUTE_WON: KindOfJournal(
        title=Text("引き上げの取戻し", "Given back after a dispute"),
        sentence=Text("引き上げられたお金が戻りました", "What was taken back in a dispute was given back"),
        meaning=Text(
            "申立てが退けられ、カード会社がお金を戻したとき。損失を埋めていたお金があれば、その持ち主に返る。",
            "The dispute was decided for us and the processor gave the money back. Money that had covered the loss is "
            "due to its owner again.",
        ),
        moves=(
            Move(accounts.CARD_DISPUTED, "+", Text("お金が戻りました", "Given back"), False),
            Move(accounts.CARD_DISPUTES, "+", Text("損失が戻りました", "The loss was given back"), False),
            Move(
                accounts.REFUND_DUE,
                "+",
                Text(
                    "カードの申立てが退けられたので、返金を銀行振込で行います",
                    "The dispute was turned down, so your refund comes by bank transfer",
                ),
                False,
            ),
            Move(accounts.CARD_FEES, "+", Text("申立ての手数料が戻りました", "The fee was given back"), False),
            *_clearing("-", Text("引き上げたお金を戻しました", "Given back after a dispute")),
        ),
        rule="P021",
    ),
    JournalKind.CARD_DISPUTE_LOST: KindOfJournal(
        title=Text("引き上げの損失", "Loss by a dispute"),
        sentence=Text(
            "カードの持ち主にお金が渡り、運営の損失になりました",
            "The cardholder keeps the money; the operator bears it",
        ),
        meaning=Text(
            "申立てが認められ、お金が戻らないと決まったとき。運営が負担し、仮払いと報酬はそのまま。",
            "The dispute was decided for the cardholder. The operator bears the loss; escrow and rewards stay as they are.",
        ),
        moves=(
            Move(accounts.CARD_DISPUTED, "+", Text("戻らないと決まりました", "It does not come back")),
            Move(accounts.CARD_DISPUTES, "-", Text("運営が負担します", "The operator bears it")),
        ),
        rule="P021",
    ),
    JournalKind.CARD_DISPUTE_COVERED: KindOfJournal(
        title=Text("引き上げの穴埋め", "Loss by a dispute covered"),
        sentence=Text(
            "カードの発行会社がもう返しているお金を、損失に充てました",
            "What the card's bank has paid back already covers the loss",
        ),
        meaning=Text(
            "申立てが認められたあとで、その支払いに返金があるとき。カードの持ち主はもう受け取っているので、二度は返さない。",
            "A payment is refunded whose dispute was decided for the cardholder, who has the money already: it does not "
            "go back a second time.",
        ),
        moves=(
            Move(
                accounts.CARD_REFUND,
                "-",
                Text(
                    "カードの発行会社がもう返しているため、重ねては返しません",
                    "The card's bank has given it back already; it does not go a second time",
                ),
            ),
            Move(accounts.CARD_DISPUTES, "+", Text("損失を埋めました", "The loss was covered")),
        ),
        references=("milestone_id",),
        rule="P021",
    ),
}
