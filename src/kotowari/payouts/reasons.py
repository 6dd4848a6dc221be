"""Why a transfer is held, sent back or called off, in words for its owner."""

from dataclasses import dataclass
from typing import Any

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text

LONGEST = 500
HOLDER_DIFFERS, HOLDER_TRADE_NAME = "holder_differs", "holder_trade_name"
HOLDER_REFUSED, HOLDER_UNDECIDED, HOLDER_CONTESTED = "holder_refused", "holder_undecided", "holder_contested"
HOLDER_FAULTS = frozenset({HOLDER_DIFFERS, HOLDER_TRADE_NAME, HOLDER_REFUSED, HOLDER_UNDECIDED, HOLDER_CONTESTED})
"""The faults of an account that are about its holder's name (`holder_check`)."""
HOLDER_SAID_NO = frozenset({HOLDER_REFUSED, HOLDER_UNDECIDED})
"""Those that end by what the account's owner does: staff refused it, or the clock did."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`is_about_account`: nothing is sent to that account again before its owner has checked it."""

    code: str
    text: Text
    is_about_account: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the payout's row."""
        return {"code": self.code, "ja": self.text.ja, "en": self.text.en}


def _about_account(code: str, ja: str, en: str) -> Reason:
    return Reason(code, Text(ja, en), is_about_account=True)


RETURNS = {
    reason.code: reason
    for reason in (
        _about_account("no_such_account", "該当する口座がありません", "There is no such account"),
        _about_account("name_mismatch", "口座名義が一致しません", "The holder's name does not match"),
        _about_account("account_closed", "口座が解約されています", "The account is closed"),
        _about_account(
            "sent_back",
            "受取側の銀行から戻されました(理由の連絡はありません)",
            "The receiving bank sent it back without saying why",
        ),
        Reason("recalled", Text("運営が組戻しを依頼しました", "The operator asked the bank to send it back")),
        Reason("not_processed", Text("銀行が振込を処理できませんでした", "The bank could not process the transfer")),
    )
}
"""What staff may choose from when a transfer comes back; anything else is written out."""

LAPSED = Reason(
    "account_not_corrected",
    Text("期限までに口座が直されませんでした", "The account was not put right in time"),
    is_about_account=True,
)


def read_return_reason(reason: str, explanation: str = "") -> Reason:
    """One of `RETURNS` by its code or its words, else what was written. Raises `InputError` for nothing or too much."""
    typed, more = reason.strip(), explanation.strip()
    known = RETURNS.get(typed) or next((r for r in RETURNS.values() if typed in (r.text.ja, r.text.en)), None)
    if known is None and typed == "other":
        typed = more
        more = ""
    text = known.text if known else Text(typed, typed)
    if not text.ja:
        labels = Text("、".join(r.text.ja for r in RETURNS.values()), ", ".join(RETURNS))
        raise InputError(
            {
                "reason": [
                    Text(
                        "戻った理由を選ぶか書いてください。受取人に伝わります(例:{labels})。",
                        "Say why it came back; its owner will read it (for example {labels}).",
                    ).format(labels=labels)
                ]
            }
        )
    if len(text.ja) + len(more) > LONGEST:
        raise InputError({"reason": [_too_long(len(text.ja) + len(more))]})
    if more:
        text = Text(f"{text.ja}({more})", f"{text.en} ({more})")
    return Reason(known.code if known else "other", text, known.is_about_account if known else False)


def read_own_words(typed: str, field: str = "reason") -> Reason:
    """A reason that staff write out. Raises `InputError` for nothing or too much."""
    words = typed.strip()
    if not words:
        raise InputError({field: [Text("理由を書いてください。記録に残ります。", "Give the reason; it is kept.")]})
    if len(words) > LONGEST:
        raise InputError({field: [_too_long(len(words))]})
    return Reason("other", Text(words, words))


def _too_long(now: int) -> Text:
    return Text(
        "{max}文字以内で書いてください(いま{now}文字)。", "At most {max} characters, please ({now} now)."
    ).format(max=LONGEST, now=now)
