"""The operator's own money in the account, and what the bank and the state take of it (P019)."""

from collections.abc import Mapping

from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.catalogue.kinds import JournalKind, KindOfJournal, Move

OWN_MONEY: Mapping[JournalKind, KindOfJournal] = {
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
}
