"""Clocks of money that has come in and is not placed yet."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

SUSPENSE_DAYS = define(
    "payments.suspense_days",
    Whole("days", 1, 90),
    Text("仮受金を預かる日数", "Time in suspense"),
    Text(
        "どの仮払いにも充てられない入金を、返送に回すまで預かる日数。",
        "Days that a deposit which fits no escrow is kept before it is set aside to be sent back.",
    ),
    rule="P009",
    needs_notice=True,
)
CARD_MAX_YEN = define(
    "payments.card_max_yen",
    Whole("yen", 50, 9_999_999),
    Text("カード払いの上限", "Most that is taken by card"),
    Text(
        "1回のカード払いで受け付ける最大の金額。これを超える仮払いは銀行振込にする。",
        "The largest escrow that can be paid by card; larger ones are paid by bank transfer.",
    ),
    rule="P009",
)
CARD_ANSWER_MINUTES = define(
    "payments.card_answer_minutes",
    Whole("minutes", 1, 60),
    Text("カード会社の答えを待つ時間", "Wait for a processor's answer"),
    Text(
        "カード会社に頼んで答えがないとき、尋ね始めるまでの時間。尋ねる間隔にもなる。",
        "Minutes without an answer after which a card processor is asked, and between two questions.",
    ),
    rule="P003",
)
CARD_PAGE_MINUTES = define(
    "payments.card_page_minutes",
    Whole("minutes", 10, 1_380),
    Text("カード会社のページの期限", "Time to pay by card"),
    Text(
        "カード会社のページを開いてから支払うまでの時間。過ぎるとページを閉じる。",
        "Minutes to pay on the processor's page; then it is closed.",
    ),
    rule="P003",
)
CARD_UNKNOWN_HOURS = define(
    "payments.card_unknown_hours",
    Whole("hours", 1, 168),
    Text("結果不明を確かめ続ける時間", "Time to find out an outcome"),
    Text(
        "カード払い・返金の結果が分からないとき、担当者に渡すまで自動で確かめ続ける時間。",
        "Hours for which an unknown outcome of a card payment or refund is asked for before staff take over.",
    ),
    rule="P003",
)
CARD_PAYOUT_DAYS = define(
    "payments.card_payout_days",
    Whole("days", 1, 90),
    Text("カード会社の入金を待つ日数", "Wait for a processor's transfer"),
    Text(
        "カードで受け取ったお金が運営の口座に入金されるまでの日数。過ぎると担当者に知らせる。",
        "Days in which a card processor transfers what it took; after that staff are told.",
    ),
    rule="P009",
)
DISPUTE_ASK_HOURS = define(
    "payments.dispute_ask_hours",
    Whole("hours", 1, 72),
    Text("カードの係争を確かめる間隔", "Time between two questions about a dispute"),
    Text(
        "カードの係争(チャージバック)がどうなったかを、カード会社に自動で尋ねる間隔。",
        "Hours between two questions to the processor about a dispute (chargeback) that is open.",
    ),
    rule="P021",
)
DISPUTE_REMIND_DAYS = define(
    "payments.dispute_remind_days",
    Whole("days", 1, 14),
    Text("反論の期限の前の催促", "Reminder before evidence is due"),
    Text(
        "カードの係争に反論する期限の何日前から、毎日担当者に知らせるか。",
        "Days before evidence in a dispute is due from which staff are reminded daily.",
    ),
    rule="P021",
)
DISPUTE_DECIDE_DAYS = define(
    "payments.dispute_decide_days",
    Whole("days", 1, 180),
    Text("カードの係争が決まるまでの日数", "Time for a dispute to be decided"),
    Text(
        "反論の期限から、カードの発行会社が決めるまでにかかる日数の目安。過ぎると担当者に毎日知らせる。",
        "Days after the evidence is due in which the card's bank should decide; after that staff are told daily.",
    ),
    rule="P021",
)
