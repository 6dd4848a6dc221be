"""Money for work: deposits, escrows, rewards with their time limits, payouts and refunds by bank."""

from collections.abc import Mapping

from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.catalogue.kinds import JournalKind, KindOfJournal, Move, Sign


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


_TAKEN = ("を受け取りました", "taken")
_GIVEN_BACK = ("を戻しました", "given back")
_FLIGHT_OVER = Text("振込の結果が分かりました", "The outcome of the transfer is known")

WORK: Mapping[JournalKind, KindOfJournal] = {
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
}
