"""What the audit says of deposits."""

from kotowari.foundation.audit import EntryType
from kotowari.kernel.text import Text

STATEMENT_IMPORTED = EntryType(
    "payments.statement_imported",
    Text(
        "入出金明細「{filename}」を取り込んだ(新しい入金{deposits}件{deposit_yen}円、既知の明細{known}件)",
        "imported the statement “{filename}” ({deposits} new deposit(s) of ¥{deposit_yen}, {known} line(s) known)",
    ),
)
STATEMENT_SEEN_AGAIN = EntryType(
    "payments.statement_seen_again",
    Text(
        "取込済みの入出金明細「{filename}」をもう一度読み込んだ(変更なし)",
        "brought the statement “{filename}” again; nothing was added",
    ),
)
DEPOSIT_MATCHED = EntryType(
    "payments.deposit_matched",
    Text("入金から{amount_yen}円を「{title}」の仮払いに充てた", "put ¥{amount_yen} of a deposit into “{title}”"),
)
DEPOSIT_WAITS = EntryType(
    "payments.deposit_waits",
    Text("{amount_yen}円を仮受金にした: {why_ja}", "kept ¥{amount_yen} in suspense: {why_en}"),
)
DEPOSIT_SENT_BACK = EntryType(
    "payments.deposit_sent_back",
    Text("入金の{amount_yen}円を振込元に返送した: {why}", "sent ¥{amount_yen} of a deposit back: {why}"),
)
DEPOSIT_TAKEN_BACK = EntryType(
    "payments.deposit_taken_back",
    Text(
        "銀行の取消により{amount_yen}円の入金を取り消した",
        "took back a deposit of ¥{amount_yen}: the bank cancelled it",
    ),
)
DEPOSIT_LAPSED = EntryType(
    "payments.deposit_lapsed",
    Text("期限により{amount_yen}円を返送待ちにした", "set ¥{amount_yen} aside to be sent back, its time being over"),
)
DEPOSITS_RECONSIDERED = EntryType(
    "payments.deposits_reconsidered",
    Text("「{title}」あての仮受金{count}件を見直した", "looked again at {count} deposit(s) for “{title}”"),
)
CANCELLATION_OPEN = EntryType(
    "payments.cancellation_open",
    Text(
        "銀行の取消・訂正{amount_yen}円を確認待ちにした: {why_ja}", "a line that cancels ¥{amount_yen} waits: {why_en}"
    ),
)
CANCELLATION_EXPLAINED = EntryType(
    "payments.cancellation_explained",
    Text("銀行の取消・訂正{amount_yen}円を確認した: {note}", "explained a line that cancels ¥{amount_yen}: {note}"),
)
OPERATOR_REMINDED = EntryType(
    "payments.operator_reminded",
    Text(
        "仮受{waiting}件・返送待ち{to_send_back}件・取消{cancellations}件・カード{cards}件・係争{disputes}件を運営に知らせた",
        "reminded the operator of {waiting} deposit(s) in suspense, {to_send_back} to be sent back, "
        "{cancellations} cancellation(s), {cards} card payment(s) and {disputes} dispute(s)",
    ),
)
DEMO_TRANSFER = EntryType(
    "payments.demo_transfer",
    Text("デモの銀行から{amount_yen}円を振り込んだ", "let the demo's bank send ¥{amount_yen}"),
)
CARD_STARTED = EntryType(
    "payments.card_started",
    Text("「{title}」の{amount_yen}円のカード払いを始めた", "began to pay ¥{amount_yen} for “{title}” by card"),
)
CARD_SENT = EntryType(
    "payments.card_sent", Text("カード会社({processor})に依頼した", "asked the processor {processor}")
)
CARD_ANSWERED = EntryType(
    "payments.card_answered",
    Text(
        "カード会社の答え: {amount_yen}円の支払いは「{state}」{code}",
        "the processor's answer: the payment of ¥{amount_yen} is {state} {code}",
    ),
)
CARD_ANSWER_LOST = EntryType(
    "payments.card_answer_lost",
    Text("カード会社({processor})の答えがなく、確認中にした", "had no answer of {processor}; it is being found out"),
)
CARD_LAPSED = EntryType(
    "payments.card_lapsed",
    Text("期限によりカードの状態を「{state}」にした", "moved it to {state}, its time being over"),
)
CARD_CLOSED = EntryType(
    "payments.card_closed", Text("カード払いを支払いなしで閉じた: {note}", "closed a card payment as not paid: {note}")
)
CARD_REFUND_STARTED = EntryType(
    "payments.card_refund_started",
    Text("カードへの{amount_yen}円の返金を始めた({cause})", "began to refund ¥{amount_yen} to the card ({cause})"),
)
CARD_REFUND_KNOWN = EntryType(
    "payments.card_refund_known",
    Text(
        "カードへの{amount_yen}円の返金はもう始まっている", "a refund of ¥{amount_yen} to the card is under way already"
    ),
)
CARD_REFUND_PENDING = EntryType(
    "payments.card_refund_pending",
    Text("カードへの{amount_yen}円の返金はまだ決まらない", "the refund of ¥{amount_yen} is not decided yet"),
)
CARD_REFUND_DONE = EntryType(
    "payments.card_refund_done", Text("カードに{amount_yen}円を返金した", "refunded ¥{amount_yen} to the card")
)
CARD_REFUND_FAILED = EntryType(
    "payments.card_refund_failed",
    Text("カードに{amount_yen}円を返せず、銀行振込の返金にした", "could not refund ¥{amount_yen} to the card; by bank"),
)
DEPOSIT_FROM_PROCESSOR = EntryType(
    "payments.deposit_from_processor",
    Text(
        "入金{amount_yen}円をカード会社({processor})の振込とした(手数料{fee_yen}円)",
        "recorded ¥{amount_yen} as a transfer of {processor} (fee ¥{fee_yen})",
    ),
)
DEPOSIT_OWN = EntryType(
    "payments.deposit_own",
    Text(
        "入金{amount_yen}円を運営のお金とした({what_ja})",
        "recorded a deposit of ¥{amount_yen} as the operator's own ({what_en})",
    ),
)
DEPOSIT_REOPENED = EntryType(
    "payments.deposit_reopened",
    Text(
        "入金{amount_yen}円を運営のお金としたのを取り消し、仮受金に戻した: {why}",
        "took ¥{amount_yen} that was recorded as the operator's own back into suspense: {why}",
    ),
)
CARD_REFUND_HELD = EntryType(
    "payments.card_refund_held",
    Text(
        "カードの係争が終わるまで{amount_yen}円の返金を待たせた",
        "let a refund of ¥{amount_yen} wait for the end of a dispute",
    ),
)
CARD_REFUND_FREED = EntryType(
    "payments.card_refund_freed",
    Text(
        "カードの係争が終わり、{amount_yen}円の返金を進めた", "let a refund of ¥{amount_yen} go, the dispute being over"
    ),
)
CARD_REFUND_COVERED = EntryType(
    "payments.card_refund_covered",
    Text(
        "発行会社が返金済みのため、返金のうち{amount_yen}円を係争の損失に充てた",
        "used ¥{amount_yen} of a refund for a lost dispute: the card's bank has given it back already",
    ),
)
DISPUTE_HEARD = EntryType(
    "payments.dispute_heard",
    Text("カードの係争{reference}を知らされた", "was told of the card dispute {reference}"),
)
DISPUTE_ANSWERED = EntryType(
    "payments.dispute_answered",
    Text(
        "カード会社の答え: {amount_yen}円の係争は「{state}」、引き上げ{taken_yen}円・手数料{fee_yen}円",
        "the processor's answer: the dispute of ¥{amount_yen} is {state}, ¥{taken_yen} taken, fee ¥{fee_yen}",
    ),
)
DISPUTE_CARDS_ALLOWED = EntryType(
    "payments.dispute_cards_allowed",
    Text("係争のあとのカード払いを認めた: {note}", "allowed cards again after a dispute: {note}"),
)
WEBHOOK_HEARD = EntryType(
    "payments.webhook_heard", Text("カード会社の知らせ: {message}", "the processor said: {message}")
)
