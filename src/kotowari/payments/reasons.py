"""Why a deposit is in suspense, on whom it waits, and what its sender can do about it."""

from dataclasses import dataclass
from typing import Any, Literal

from kotowari.kernel.errors import InputError
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text

WaitsFor = Literal["client", "operator"]
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is for staff and client alike; `advice` says to the client what happens or what to do.

    A reason without advice is about money whose sender is not known for certain: nobody is told.
    """

    code: str
    text: Text
    waits_for: WaitsFor = "operator"
    advice: Text | None = None

    def as_json(self) -> dict[str, Any]:
        """For the deposit's row."""
        plain: dict[str, Any] = {"code": self.code, **self.text.as_dict()}
        return plain | {"advice": self.advice.as_dict()} if self.advice else plain


UNKNOWN_PAYER = Reason(
    "unknown_payer",
    Text("振込人名に振込番号がありません。", "The sender's name comes without a reference."),
)
JUST_ARRIVED = Reason("just_arrived", Text("照合しています。", "It is being matched."))
_GOES_BACK = Text(
    "この{left}は、振込元の口座にお返しします。手続きは要りません。",
    "This {left} goes back to the account it came from. There is nothing you need to do.",
)


def opened_again(why: str) -> Reason:
    """Staff took back what they had said of it."""
    text = Text("記録を取り消しました:{why}", "What was said of it was taken back: {why}")
    return Reason("opened_again", text.format(why=why))


def unknown_reference(reference: str) -> Reason:
    """The number is nobody's."""
    text = Text("振込番号 {number} の仮払いはありません。", "No escrow has the reference {number}.")
    return Reason("unknown_reference", text.format(number=reference))


def uncertain_reference(reference: str, amount_yen: int, needed_yen: int) -> Reason:
    """The number is not where or as it should be, and the amount is not the milestone's."""
    text = Text(
        "振込番号 {number} らしいものがありますが名前の前に7桁で書かれておらず、金額も違います(入金{amount}、必要{needed})。",
        "It seems to name {number}, but not as seven digits before the name, and the amount differs ({amount} came, "
        "{needed} is needed).",
    )
    return Reason("uncertain_reference", text.format(number=reference, amount=yen(amount_yen), needed=yen(needed_yen)))


def cheques() -> Reason:
    """Part of it may still bounce."""
    return Reason(
        "cheques",
        Text("他店券(小切手など)を含むため、資金になるまで待ちます。", "It holds cheques that may still bounce."),
        advice=Text(
            "銀行で資金になったことを運営が確かめてから、仮払いに充てます。",
            "The operator puts it into escrow once the bank has cleared it.",
        ),
    )


def too_little(reference: str, missing_yen: int, needed_yen: int) -> Reason:
    """More is needed; it may come in parts."""
    return Reason(
        "too_little",
        Text("仮払いの金額{needed}に{missing}足りません。", "It is {missing} short of the {needed} needed.").format(
            needed=yen(needed_yen), missing=yen(missing_yen)
        ),
        waits_for="client",
        advice=Text(
            "不足の{missing}を、同じ振込番号 {number} をお名前の前に付けて振り込んでください。合わせて仮払いに充てます。",
            "Please send the missing {missing} with the same reference {number} before your name; both are put into "
            "escrow together.",
        ).format(missing=yen(missing_yen), number=reference),
    )


def not_awaiting(state: Text, left_yen: int) -> Reason:
    """The milestone that it names takes no money now."""
    return Reason(
        "not_awaiting",
        Text(
            "この仮払いはいま「{state}」で、入金を待っていません。", "Its escrow is now “{state}” and awaits no money."
        ).format(state=state),
        advice=_GOES_BACK.format(left=yen(left_yen)),
    )


def too_much(left_yen: int) -> Reason:
    """What is left of a deposit that paid for its milestone."""
    return Reason(
        "too_much",
        Text("仮払いに充てた残り{left}です。", "{left} is left over after the escrow was filled.").format(
            left=yen(left_yen)
        ),
        advice=_GOES_BACK.format(left=yen(left_yen)),
    )


def read_words(typed: str, field: str) -> Text:
    """Words that staff write. Raises `InputError` for nothing or too much."""
    words = typed.strip()
    if not words:
        text = Text("理由を書いてください。記録に残ります。", "Give the reason; it is kept.")
        raise InputError({field: [text]})
    if len(words) > LONGEST:
        text = Text("{max}文字以内で書いてください(いま{now}文字)。", "At most {max} characters, please ({now} now).")
        raise InputError({field: [text.format(max=LONGEST, now=len(words))]})
    return Text(words, words)
