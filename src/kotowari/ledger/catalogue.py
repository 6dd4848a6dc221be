"""The kinds of journals: what each says, to whom, and which accounts it may move in which direction.

`post` keeps to it, `docs/domain/chart-of-accounts.md` is made from it, and `kotowari verify` reads the whole
ledger against it. A new way for money to move is a new entry here, with its words, before it is code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.accounts import AccountClass

Sign = Literal["+", "-", "+-"]
Subject = Literal["contract_id", "milestone_id", "payout_id", "deposit_id"]


class JournalKind(StrEnum):
    DEPOSIT_RECEIVED = "deposit_received"
    DEPOSIT_MATCHED = "deposit_matched"
    DEPOSIT_SENT_BACK = "deposit_sent_back"
    MILESTONE_ACCEPTED = "milestone_accepted"
    MILESTONE_SPLIT = "milestone_split"
    MILESTONE_REFUNDED = "milestone_refunded"
    REFUND_REQUESTED = "refund_requested"
    PAYOUT_REQUESTED = "payout_requested"
    PAYOUT_SETTLED = "payout_settled"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_CANCELLED = "payout_cancelled"
    REWARD_DORMANT = "reward_dormant"
    REWARD_REVIVED = "reward_revived"
    REWARD_FORFEITED = "reward_forfeited"
    CARD_RECEIVED = "card_received"
    CARD_MATCHED = "card_matched"
    CARD_REFUND_REQUESTED = "card_refund_requested"
    CARD_REFUNDED = "card_refunded"
    CARD_REFUND_FAILED = "card_refund_failed"
    CARD_PAID_OUT = "card_paid_out"
    CARD_DISPUTE_OPENED = "card_dispute_opened"
    CARD_DISPUTE_WON = "card_dispute_won"
    CARD_DISPUTE_LOST = "card_dispute_lost"
    CARD_DISPUTE_COVERED = "card_dispute_covered"
    BANK_FEE_PAID = "bank_fee_paid"
    TAX_PAID = "tax_paid"
    OWN_FUNDS_TAKEN_OUT = "own_funds_taken_out"
    OWN_FUNDS_PUT_IN = "own_funds_put_in"
    INTEREST_RECEIVED = "interest_received"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Move:
    """How a kind moves one class of accounts, and what the owner of such an account reads in the statement."""

    account: AccountClass
    sign: Sign
    sentence: Text
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class KindOfJournal:
    """`sentence` says what happened, `meaning` when and why, `rule` by which rule, if by one.

    `references` must be given with the journal; `payout_id` names whatever took lots, a payout or the end of a time
    limit. `once_per`: a subject has at most one journal of this kind that was not reversed.
    """

    title: Text
    sentence: Text
    meaning: Text
    moves: tuple[Move, ...]
    rule: str = ""
    references: tuple[Subject, ...] = ()
    once_per: Subject | None = None

    def move_of(self, account_class: AccountClass) -> Move | None:
        """How this kind moves accounts of that class, if it does."""
        return next((move for move in self.moves if move.account is account_class), None)


def _fee(sign: Sign, ja: str, en: str) -> tuple[Move, ...]:
    return (
        Move(accounts.FEE_INCOME, sign, Text(f"システム利用料{ja}", f"System fee {en}"), False),
        Move(accounts.CONSUMPTION_TAX, sign, Text(f"手数料の消費税{ja}", f"Tax on fees {en}"), False),
    )


def _transfer_fee(sign: Sign, ja: str, en: str) -> tuple[Move, ...]:
    return (
        Move(accounts.TRANSFER_FEE_INCOME, sign, Text(f"振込手数料{ja}", f"Transfer fee {en}"), False),
        Move(accounts.CONSUMPTION_TAX, sign, Text(f"手数料の消費税{ja}", f"Tax on fees {en}"), False),
    )


def _quick_fee(sign: Sign, ja: str, en: str) -> tuple[Move, ...]:
    return (Move(accounts.QUICK_FEE_INCOME, sign, Text(f"クイック出金の利用料{ja}", f"Quick payout fee {en}"), False),)


def _clearing(sign: Sign, sentence: Text) -> tuple[Move, ...]:
    """One of the processors' accounts: which, depends on who took the money."""
    return tuple(Move(each, sign, sentence, False) for each in accounts.CARD_CLEARINGS.values())


_TAKEN = ("を受け取りました", "taken")
_GIVEN_BACK = ("を戻しました", "given back")
_DISPUTE_FEE = Text("申立ての手数料です", "The fee for the dispute")
_FLIGHT_OVER = Text("振込の結果が分かりました", "The outcome of the transfer is known")

CATALOGUE: Mapping[JournalKind, KindOfJournal] = {
    JournalKind.DEPOSIT_RECEIVED: KindOfJournal(
        title=Text("入金", "Deposit received"),
        sentence=Text("入金がありました", "Money came in"),
        meaning=Text(
            "銀行の明細に入金があったとき。どの仮払いのものかはまだ問わない。",
            "A statement of the bank shows money coming in. Which escrow it is for is not asked yet.",
        ),
        moves=(
            Move(accounts.BANK_DEPOSITS, "-", Text("入金がありました", "Money came in")),
            Move(accounts.SUSPENSE, "+", Text("入金がありました", "Money came in")),
        ),
        references=("deposit_id",),
        once_per="deposit_id",
    ),
    JournalKind.DEPOSIT_MATCHED: KindOfJournal(
        title=Text("仮払い", "Escrow funded"),
        sentence=Text("入金を仮払いに充てました", "A deposit was put into escrow"),
        meaning=Text(
            "入金がマイルストーンのものと分かったとき。余りは仮受金に残る。1回の仕訳で1つのマイルストーンだけに充てる。",
            "A deposit is found to be for a milestone. What is left over stays in suspense. One milestone per journal.",
        ),
        moves=(
            Move(accounts.SUSPENSE, "-", Text("仮払いに充てました", "Put into escrow")),
            Move(accounts.ESCROW, "+", Text("仮払いが入りました", "The escrow was funded")),
        ),
        references=("deposit_id", "milestone_id"),
    ),
    JournalKind.DEPOSIT_SENT_BACK: KindOfJournal(
        title=Text("入金の返送", "Deposit sent back"),
        sentence=Text("使われなかった入金を返します", "Money that was not used goes back"),
        meaning=Text(
            "仮払いに充てられない入金、または余りを、振込元に返すと決めたとき。",
            "A deposit, or what is left of one, cannot be used and goes back to where it came from.",
        ),
        moves=(
            Move(accounts.SUSPENSE, "-", Text("振込元に返します", "Goes back to its sender")),
            Move(accounts.PAYOUT_IN_FLIGHT, "+", Text("返送の振込を始めました", "The transfer back was begun"), False),
            Move(accounts.BANK_DEPOSITS, "+", Text("入金を返しました", "A deposit was sent back"), False),
            *_transfer_fee("+", *_TAKEN),
        ),
        references=("deposit_id",),
    ),
    JournalKind.MILESTONE_ACCEPTED: KindOfJournal(
        title=Text("検収・報酬確定", "Accepted, reward fixed"),
        sentence=Text("検収により報酬が確定しました", "The work was accepted and the reward is fixed"),
        meaning=Text(
            "発注者が検収したとき、または検収期限が過ぎたとき。仮払いが報酬と手数料に分かれる。報酬はロットになる。",
            "The client accepts, or the time to do so has passed. The escrow becomes reward and fees; the reward a lot.",
        ),
        moves=(
            Move(accounts.ESCROW, "-", Text("検収により支払われました", "Paid on acceptance")),
            Move(accounts.AVAILABLE, "+", Text("報酬が確定しました", "Your reward was fixed")),
            *_fee("+", *_TAKEN),
        ),
        references=("contract_id", "milestone_id"),
        once_per="milestone_id",
    ),
    JournalKind.MILESTONE_SPLIT: KindOfJournal(
        title=Text("仮払いの分割", "Escrow divided"),
        sentence=Text("合意により仮払いを報酬と返金に分けました", "The escrow was divided into reward and refund"),
        meaning=Text(
            "途中終了や裁定で、一部を報酬とし残りを返すとき。",
            "An early end or a ruling pays part of an escrow to the worker and returns the rest.",
        ),
        moves=(
            Move(accounts.ESCROW, "-", Text("報酬と返金に分けられました", "Divided into reward and refund")),
            Move(accounts.AVAILABLE, "+", Text("一部の報酬が確定しました", "A part of your reward was fixed")),
            Move(accounts.REFUND_DUE, "+", Text("仮払いの一部が返金されます", "A part of your escrow comes back")),
            *_fee("+", *_TAKEN),
        ),
        references=("contract_id", "milestone_id"),
        once_per="milestone_id",
    ),
    JournalKind.MILESTONE_REFUNDED: KindOfJournal(
        title=Text("仮払いの返金決定", "Escrow refunded"),
        sentence=Text("仮払いを返金することになりました", "The escrow goes back to the client"),
        meaning=Text(
            "途中終了、納品のないままの期限切れなどで、仮払いを発注者に返すと決まったとき。",
            "An early end, or a deadline without delivery, returns the escrow to the client.",
        ),
        moves=(
            Move(accounts.ESCROW, "-", Text("返金に回されました", "Set aside for refund")),
            Move(accounts.REFUND_DUE, "+", Text("仮払いが返金されます", "Your escrow comes back"), False),
            Move(accounts.CARD_HELD, "+", Text("仮払いがカードに返ります", "The escrow goes back to the card"), False),
            *_fee("+", *_TAKEN),
        ),
        references=("contract_id", "milestone_id"),
        once_per="milestone_id",
    ),
    JournalKind.REFUND_REQUESTED: KindOfJournal(
        title=Text("返金の振込", "Refund requested"),
        sentence=Text("返金の振込を始めました", "The transfer of a refund was begun"),
        meaning=Text(
            "返金予定のお金を発注者の口座へ振り込むと決めたとき。",
            "Money due back to a client is to be transferred to the client's bank account.",
        ),
        moves=(
            Move(accounts.REFUND_DUE, "-", Text("返金の振込を始めました", "The transfer of your refund was begun")),
            Move(accounts.PAYOUT_IN_FLIGHT, "+", Text("返金の振込を始めました", "The transfer was begun")),
            *_transfer_fee("+", *_TAKEN),
        ),
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.PAYOUT_REQUESTED: KindOfJournal(
        title=Text("出金", "Payout requested"),
        sentence=Text("報酬の出金を始めました", "A payout was begun"),
        meaning=Text(
            "締め日、またはクイック出金の申込みのとき。手数料を引いた額が振込中になる。ロットは古い順に使う。",
            "At a closing, or when a quick payout is asked for. Less its fee it is in flight; oldest lots go first.",
        ),
        moves=(
            Move(accounts.AVAILABLE, "-", Text("出金の手続きを始めました", "Your payout was begun")),
            Move(accounts.PAYOUT_IN_FLIGHT, "+", Text("振込の手続きを始めました", "The transfer was begun")),
            *_quick_fee("+", *_TAKEN),
            *_transfer_fee("+", *_TAKEN),
        ),
        rule="A050",
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.PAYOUT_SETTLED: KindOfJournal(
        title=Text("振込完了", "Transfer settled"),
        sentence=Text("振込が完了しました", "The transfer arrived"),
        meaning=Text(
            "銀行の結果または明細で、出金・返金の振込が済んだと分かったとき。",
            "The bank's result or statement shows that a payout or refund was transferred.",
        ),
        moves=(
            Move(accounts.PAYOUT_IN_FLIGHT, "-", Text("振込が完了しました", "The transfer arrived")),
            Move(accounts.BANK_PAYOUTS, "+", Text("振り込みました", "Transferred out"), False),
            Move(accounts.BANK_DEPOSITS, "+", Text("振り込みました", "Transferred out"), False),
        ),
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.PAYOUT_RETURNED: KindOfJournal(
        title=Text("振込の組戻し", "Transfer returned"),
        sentence=Text("振込が届かずに戻りました", "The transfer came back"),
        meaning=Text(
            "口座違いなどで振込が戻ったとき。振込中のまま断られた場合も、完了後に戻った場合も同じ。お金は持ち主に戻り、"
            "次の出金は新しい振込になる。",
            "A transfer comes back, refused while in flight or returned after it was settled. The money is its owner's "
            "again; the next attempt is a new transfer.",
        ),
        moves=(
            Move(accounts.PAYOUT_IN_FLIGHT, "-", _FLIGHT_OVER, False),
            Move(accounts.BANK_PAYOUTS, "-", Text("振込が戻ってきました", "A transfer came back"), False),
            Move(accounts.BANK_DEPOSITS, "-", Text("振込が戻ってきました", "A transfer came back"), False),
            Move(
                accounts.AVAILABLE,
                "+",
                Text("振込が届かず、報酬に戻りました", "The transfer came back to your available reward"),
                False,
            ),
            Move(
                accounts.REFUND_DUE,
                "+",
                Text("返金の振込が届かずに戻りました", "The transfer of your refund came back"),
                False,
            ),
            Move(accounts.SUSPENSE, "+", Text("返送が届かずに戻りました", "The transfer back came back"), False),
            *_quick_fee("-", *_GIVEN_BACK),
            *_transfer_fee("+-", "の戻し・組戻し料", "given back, or the bank's charge for the return"),
        ),
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.PAYOUT_CANCELLED: KindOfJournal(
        title=Text("振込の取りやめ", "Transfer cancelled"),
        sentence=Text("銀行に頼む前に振込を取りやめました", "The transfer was cancelled before the bank was asked"),
        meaning=Text(
            "銀行に頼む前に、出金・返金・返送を取りやめたとき。手数料も戻る。",
            "A payout, refund or transfer back is called off before the bank was asked. Its fee is given back too.",
        ),
        moves=(
            Move(accounts.PAYOUT_IN_FLIGHT, "-", Text("振込を取りやめました", "The transfer was cancelled")),
            Move(
                accounts.AVAILABLE,
                "+",
                Text("出金を取りやめ、報酬に戻りました", "The payout was cancelled and is your reward again"),
                False,
            ),
            Move(accounts.REFUND_DUE, "+", Text("返金の振込を取りやめました", "The refund was called off"), False),
            Move(accounts.SUSPENSE, "+", Text("返送を取りやめました", "The transfer back was called off"), False),
            *_quick_fee("-", *_GIVEN_BACK),
            *_transfer_fee("-", *_GIVEN_BACK),
        ),
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.REWARD_DORMANT: KindOfJournal(
        title=Text("期限後のお預かり", "Kept after its time limit"),
        sentence=Text(
            "出金期限が来たので、口座が登録されるまでお預かりします",
            "Its time limit came; it is kept until there is a bank account",
        ),
        meaning=Text(
            "出金期限が来た報酬に、振り込む先の口座がないとき。なくならない。",
            "A reward meets its time limit and no bank account is known. Nothing is lost.",
        ),
        moves=(
            Move(accounts.AVAILABLE, "-", Text("出金期限が来て、お預かりに移りました", "Kept since its time limit")),
            Move(accounts.DORMANT, "+", Text("口座が登録されるまでお預かりします", "Kept until there is an account")),
        ),
        rule="A041",
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.REWARD_REVIVED: KindOfJournal(
        title=Text("お預かりの戻し", "Available again"),
        sentence=Text("お預かりしていた報酬が戻りました", "What was kept is available again"),
        meaning=Text(
            "お預かり中の報酬の持ち主が、口座を登録したとき、または求めたとき。",
            "The owner of a reward that is kept registers a bank account, or asks for it.",
        ),
        moves=(
            Move(accounts.DORMANT, "-", Text("お預かりを終えました", "Kept no longer")),
            Move(accounts.AVAILABLE, "+", Text("お預かりしていた報酬が戻りました", "What was kept is available again")),
        ),
        rule="A043",
        references=("payout_id",),
        once_per="payout_id",
    ),
    JournalKind.REWARD_FORFEITED: KindOfJournal(
        title=Text("報酬の失効", "Reward forfeited"),
        sentence=Text("出金期限が過ぎ、報酬が失効しました", "A reward was forfeited at its time limit"),
        meaning=Text(
            "規則が失効を定めている場合に、出金期限までに出金されなかったとき。取消の仕訳で戻せる。",
            "The rules say so and a reward was not paid out in time. A reversal gives it back.",
        ),
        moves=(
            Move(accounts.AVAILABLE, "-", Text("出金期限が過ぎて失効しました", "Forfeited at its time limit")),
            Move(accounts.FORFEITURE_INCOME, "+", Text("報酬が失効しました", "A reward was forfeited")),
        ),
        rule="A041",
        references=("payout_id",),
        once_per="payout_id",
    ),
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
    JournalKind.BANK_FEE_PAID: KindOfJournal(
        title=Text("銀行手数料の支払い", "Bank fee paid"),
        sentence=Text("銀行の手数料が引き落とされました", "The bank took a fee"),
        meaning=Text(
            "銀行の明細の出金が、振込手数料や口座の手数料だったとき。運営が負担し、会員のお金は動かない。",
            "Money that went out of the account was the bank's fee for transfers or for the account. The operator bears "
            "it; no member's money moves.",
        ),
        moves=(
            Move(accounts.BANK_PAYOUTS, "+", Text("銀行の手数料です", "The bank's fee")),
            Move(accounts.BANK_FEES, "-", Text("銀行の手数料です", "The bank's fee")),
        ),
        rule="P019",
    ),
    JournalKind.TAX_PAID: KindOfJournal(
        title=Text("消費税の納付", "Consumption tax paid"),
        sentence=Text("消費税を納めました", "Consumption tax was paid to the state"),
        meaning=Text(
            "銀行の明細の出金が、手数料とともに受け取った消費税の納付だったとき。",
            "Money that went out of the account was consumption tax, received with fees and paid to the state.",
        ),
        moves=(
            Move(accounts.BANK_PAYOUTS, "+", Text("消費税を納めました", "Consumption tax was paid")),
            Move(accounts.CONSUMPTION_TAX, "-", Text("消費税を納めました", "Paid to the state")),
        ),
        rule="P019",
    ),
    JournalKind.OWN_FUNDS_TAKEN_OUT: KindOfJournal(
        title=Text("運営の資金の引出し", "Own money taken out"),
        sentence=Text("運営が自分のお金を引き出しました", "The operator took its own money out"),
        meaning=Text(
            "銀行の明細の出金が、利用料収入など運営のお金を引き出したものだったとき。運営の別の口座へ移したときも同じ。",
            "Money that went out of the account was the operator's own, fees that it earned say; to another account of "
            "its own as well.",
        ),
        moves=(
            Move(accounts.BANK_PAYOUTS, "+", Text("運営が引き出しました", "Taken out by the operator")),
            Move(accounts.OPERATOR_FUNDS, "-", Text("口座から引き出しました", "Taken out of the account")),
        ),
        rule="P019",
    ),
    JournalKind.OWN_FUNDS_PUT_IN: KindOfJournal(
        title=Text("運営の資金の入金", "Own money put in"),
        sentence=Text("運営が自分のお金を入れました", "The operator put its own money in"),
        meaning=Text(
            "銀行の明細の入金が、運営が自分のお金を口座に入れたものだったとき。",
            "A deposit in the bank's statement is own money that the operator put into the account.",
        ),
        moves=(
            Move(accounts.SUSPENSE, "-", Text("運営のお金でした", "It was the operator's own")),
            Move(accounts.OPERATOR_FUNDS, "+", Text("口座に入れました", "Put into the account")),
        ),
        rule="P019",
        references=("deposit_id",),
        once_per="deposit_id",
    ),
    JournalKind.INTEREST_RECEIVED: KindOfJournal(
        title=Text("利息の受取り", "Interest received"),
        sentence=Text("銀行から利息を受け取りました", "The bank paid interest"),
        meaning=Text(
            "銀行の明細の入金が、口座に付いた利息だったとき。",
            "A deposit in the bank's statement is interest on the account.",
        ),
        moves=(
            Move(accounts.SUSPENSE, "-", Text("銀行の利息でした", "It was the bank's interest")),
            Move(accounts.INTEREST_INCOME, "+", Text("利息を受け取りました", "Interest received")),
        ),
        rule="P019",
        references=("deposit_id",),
        once_per="deposit_id",
    ),
    JournalKind.REVERSAL: KindOfJournal(
        title=Text("取消", "Reversal"),
        sentence=Text("取り消しました", "Reversed"),
        meaning=Text(
            "誤った仕訳を、同じ口座・逆の金額・今日の日付で取り消す。1つの仕訳につき1度だけ。取消そのものは取り消せない。",
            "Takes back a mistaken journal: the same accounts, opposite amounts, dated today, once per journal. "
            "A reversal itself is not reversed.",
        ),
        moves=(),
    ),
}

_REVERSED = Text("取消:{sentence}", "Reversed: {sentence}")


def sentence_of(kind: JournalKind, reversed_kind: JournalKind | None = None) -> Text:
    """What a journal says; of a reversal, with what it reverses."""
    if reversed_kind is not None:
        return _REVERSED.format(sentence=CATALOGUE[reversed_kind].sentence)
    return CATALOGUE[kind].sentence


def sentence_for(account_class: AccountClass, kind: JournalKind, reversed_kind: JournalKind | None = None) -> Text:
    """What a journal says to the owner of one of its accounts."""
    spec = CATALOGUE[reversed_kind or kind]
    move = spec.move_of(account_class)
    sentence = move.sentence if move is not None else spec.sentence
    return _REVERSED.format(sentence=sentence) if reversed_kind is not None else sentence
