"""Why a card was declined, what helps, and why cardholders dispute: the processors' codes in plain words."""

from kotowari.kernel.text import Text

OTHER_CARD = Text(
    "別のカードで支払うか、銀行振込をご利用ください。", "Please pay with another card, or by bank transfer."
)
ASK_ISSUER = Text(
    "カードの発行会社にお問い合わせになるか、別のカードか銀行振込をご利用ください。",
    "Please ask the issuer of your card, or use another card or a bank transfer.",
)
TRY_AGAIN = Text(
    "少し待ってからもう一度お試しになるか、銀行振込をご利用ください。",
    "Please try again later, or use a bank transfer.",
)
_UNUSABLE = Text("このカードは利用できません。", "This card cannot be used.")
_WHY: dict[str, tuple[Text, Text]] = {
    "insufficient_funds": (
        Text("カードの残高または利用可能額が足りません。", "The card has not enough funds."),
        OTHER_CARD,
    ),
    "expired_card": (Text("カードの有効期限が切れています。", "The card has expired."), OTHER_CARD),
    "stolen_card": (_UNUSABLE, ASK_ISSUER),
    "lost_card": (_UNUSABLE, ASK_ISSUER),
    "fraudulent": (_UNUSABLE, ASK_ISSUER),
    "authentication_failed": (
        Text("本人認証(3Dセキュア)が完了しませんでした。", "The bank's own check (3-D Secure) was not completed."),
        Text(
            "もう一度本人認証をするか、別のカードか銀行振込をご利用ください。",
            "Please go through the check again, or use another card or a bank transfer.",
        ),
    ),
    "processing_error": (
        Text("カード会社の側で処理できませんでした。", "The processor could not handle it."),
        TRY_AGAIN,
    ),
    "never_asked": (
        Text(
            "カード会社につながる前に中断しました。請求はありません。",
            "It broke off before the processor was reached; nothing was charged.",
        ),
        TRY_AGAIN,
    ),
    "closed_by_staff": (
        Text(
            "運営がカード会社に確かめ、請求がないことを確認しました。",
            "The operator asked the processor: nothing was charged.",
        ),
        TRY_AGAIN,
    ),
    "": (
        Text(
            "期限までに支払われなかったため、受付を終えました。請求はありません。",
            "Its time ran out unpaid; nothing was charged.",
        ),
        Text("もう一度カードで支払うか、銀行振込をご利用ください。", "Pay by card again, or by bank transfer."),
    ),
}
_WHY["authentication_required"] = _WHY["payment_intent_authentication_failure"] = _WHY["authentication_failed"]
_DECLINED = (Text("カードの発行会社が承認しませんでした。", "The issuer of the card did not approve it."), ASK_ISSUER)
_REJECTED = (
    Text(
        "カード会社がこの支払いを受け付けませんでした。請求はありません。",
        "The processor did not take this payment; nothing was charged.",
    ),
    TRY_AGAIN,
)


def why_not_paid(code: str) -> Text:
    """What happened. A thief with a stolen card is told no more than anybody whose card cannot be used."""
    return _found(code)[0]


def what_helps(code: str) -> Text:
    """What the payer can do now."""
    return _found(code)[1]


def _found(code: str) -> tuple[Text, Text]:
    return _REJECTED if code.startswith("rejected_") else _WHY.get(code, _DECLINED)


_DISPUTES: dict[str, Text] = {
    "fraudulent": Text(
        "カードの持ち主が、自分の支払いではないと言っています。", "The cardholder says they did not pay."
    ),
    "duplicate": Text("カードの持ち主が、二重に支払ったと言っています。", "The cardholder says it was paid twice."),
    "product_not_received": Text(
        "カードの持ち主が、依頼したものを受け取っていないと言っています。", "The cardholder says nothing was delivered."
    ),
    "product_unacceptable": Text(
        "カードの持ち主が、依頼したものと違うと言っています。", "The cardholder says it is not what was asked for."
    ),
    "subscription_canceled": Text(
        "カードの持ち主が、取りやめたはずだと言っています。", "The cardholder says it was cancelled."
    ),
    "credit_not_processed": Text(
        "カードの持ち主が、返金されるはずだったと言っています。",
        "The cardholder says a refund was due and did not come.",
    ),
    "unrecognized": Text(
        "カードの持ち主が、この支払いに心当たりがないと言っています。", "The cardholder does not recognise the payment."
    ),
}


def why_disputed(code: str) -> Text:
    """What the cardholder says; a code without words of its own is shown beside this."""
    return _DISPUTES.get(
        code, Text("カードの持ち主が、この支払いに異議を申し立てています。", "The cardholder disputes the payment.")
    )
