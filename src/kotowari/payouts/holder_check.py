"""Is a bank account its owner's? The holder in kana beside the registered name. Pure (A153, japan.md 2).

Kana is never guessed from kanji: only what was typed as kana, or in Latin letters, is compared. An individual's account
carries their name, a company's its name; a sole trader's may carry the 屋号, which staff have to look at.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from kotowari.kernel import clock
from kotowari.kernel.company_forms import company_forms_in
from kotowari.kernel.holder_names import begins_same, holder_key, same_reading
from kotowari.kernel.kana import nfkc, to_katakana, to_large_kana, to_wire_leniently
from kotowari.kernel.text import Text
from kotowari.payouts.gates.members import day_in_words
from kotowari.payouts.reasons import (
    HOLDER_CONTESTED,
    HOLDER_DIFFERS,
    HOLDER_REFUSED,
    HOLDER_TRADE_NAME,
    HOLDER_UNDECIDED,
    Reason,
)

FIELD_BYTES: Final = 30
"""So many half-width letters a bank's field holds; a name that fills it was perhaps cut."""
Finding = Literal["fits", "trade_name", "differs"]


@dataclass(frozen=True, slots=True)
class HeldName:
    """A registered name as far as it is compared; the trade name is a sole trader's, in kana."""

    is_company: bool
    name: str
    kana: str
    trade_kana: str = ""


def compare(held: HeldName, holder: str) -> Finding:
    """Whether the holder, half-width, is the registered name, one that staff have to look at, or another."""
    own = (held.kana, held.name)
    if _kinds_fit(held, holder) and any(_same(written, holder) for written in own):
        return "fits"
    trade = held.trade_kana
    if (
        trade
        and not company_forms_in(_wire(holder))
        and any(_same(each, holder) for each in (trade, trade + held.kana, held.kana + trade))
    ):
        return "trade_name"
    return "differs"


def difference(held: HeldName, holder: str) -> Text:
    """How the two differ in form; never what the right one would be."""
    forms = company_forms_in(_wire(holder))
    if forms and not held.is_company:
        return Text("口座の名義が法人のものです。", "The holder of the account is a company.")
    if held.is_company and not _kinds_fit(held, holder):
        return Text("法人の種類(株式会社など)が違います。", "The kind of company is another one.")
    whole, typed = holder_key(held.kana), holder_key(holder)
    words = holder_key(" ".join(reversed(held.kana.split())))
    if typed == words:
        return Text("姓と名の順が逆になっています。", "Family and given name stand in the other order.")
    if typed and typed in whole:
        return Text(
            "口座の名義が、登録のお名前の一部だけになっています。", "The holder is only a part of your registered name."
        )
    if whole and whole in typed:
        return Text(
            "口座の名義に、登録のお名前にない文字が続いています。",
            "The holder has more in it than your registered name.",
        )
    return Text("口座の名義と登録のお名前のカナが違います。", "The holder and your registered name differ in kana.")


def fault(finding: Finding, held: HeldName, holder: str, due_at: datetime, lapses_at: datetime) -> Reason:
    """What is said of an account whose holder does not simply fit: what, what to do, until when staff look.

    `lapses_at` is when the clock decides what staff did not (P020).
    """
    days = {"day": day_in_words(clock.last_day(due_at)), "last": day_in_words(clock.last_day(lapses_at))}
    if finding == "trade_name":
        text = Text(
            "屋号のついた口座のため、運営が確認しています({day}まで)。確認が間に合わなくても、{last}を過ぎるとこの口座に"
            "振り込めるようになります。それまでお金はお預かりします。急ぐときは、本人名義の口座を登録してください。",
            "The account carries a trade name, so our staff look at it by {day}. Even if they do not decide, it can be paid "
            "once {last} is over; the money waits meanwhile. If you are in a hurry, register an account in your own name.",
        )
        return Reason(HOLDER_TRADE_NAME, text.format(**days), is_about_account=True)
    text = Text(
        "{how}口座の名義か、登録のお名前を直すか、運営の確認({day}まで、遅くとも{last})をお待ちください。それまでお金は"
        "お預かりします。",
        "{how} Correct the account, or your registered name, or wait for our staff to look at it by {day}, {last} at the "
        "latest; the money waits meanwhile.",
    )
    return Reason(HOLDER_DIFFERS, text.format(how=difference(held, holder), **days), is_about_account=True)


def refusal(words: str, *, is_final: bool) -> Reason:
    """What is said of an account that staff did not take for its owner's."""
    way = (
        Text("口座を登録し直してください。", "Register another account.")
        if is_final
        else Text(
            "口座か登録のお名前を直すか、口座登録の画面から異議を申し立てられます。",
            "Correct the account or your registered name, or contest it on the page of your bank account.",
        )
    )
    text = Text(
        "運営が名義を確認できませんでした:{words} {way}", "Our staff could not confirm the holder: {words} {way}"
    )
    return Reason(HOLDER_REFUSED, text.format(words=words, way=way), is_about_account=True)


def contested(due_at: datetime, lapses_at: datetime) -> Reason:
    """What is said of an account while somebody else of staff reads why it is its owner's all the same."""
    text = Text(
        "異議を受け付け、別の担当者が確認しています({day}まで)。確認が間に合わなくても、{last}を過ぎるとこの口座に"
        "振り込めるようになります。それまでお金はお預かりします。",
        "You contested the refusal, and somebody else of our staff looks at it by {day}. Even if they do not decide, the "
        "account can be paid once {last} is over; the money waits meanwhile.",
    ).format(day=day_in_words(clock.last_day(due_at)), last=day_in_words(clock.last_day(lapses_at)))
    return Reason(HOLDER_CONTESTED, text, is_about_account=True)


def passes_by_clock(state: str, finding: str) -> bool:
    """Whether the clock takes an account that staff look at for its owner's, or refuses it (P020)."""
    return state == "contested" or finding == "trade_name"


UNDECIDED: Final = Reason(
    HOLDER_UNDECIDED,
    Text(
        "期限までに運営の確認が終わらなかったため、この口座にはまだ振り込めません。お金はなくならずにお預かりしています。"
        "ご本人名義の口座を登録するか、登録のお名前を直すか、口座登録の画面から異議を申し立ててください。異議は必ず担当者に届き、"
        "期限までに返事がなければ認められます。",
        "Our staff did not finish looking at it in time, so this account cannot be paid yet. The money is not lost; it "
        "waits for you. Register an account in your own name, correct your registered name, or contest it on the page of "
        "your bank account: your words reach our staff, and without an answer in time they are granted.",
    ),
    is_about_account=True,
)
"""What is said of an account whose holder differs and that staff did not decide about in time (P020)."""
LET_PASS: Final = Text(
    "期限までに運営の確認が終わらなかったため、ご本人の口座として扱います。",
    "Our staff did not finish looking at it in time, so it is taken for yours.",
)
"""What is said when the clock takes an account for its owner's (P020)."""


def _same(written: str, holder: str) -> bool:
    if same_reading(written, holder):
        return True
    is_full = len(_wire(holder)) >= FIELD_BYTES - 1
    return is_full and begins_same(written, holder)


def _kinds_fit(held: HeldName, holder: str) -> bool:
    """A person is no company; of two kinds of company that are both said, they have to be the same one."""
    told = company_forms_in(_wire(holder))
    if not held.is_company:
        return not told
    own = company_forms_in(held.name) | company_forms_in(_wire(held.kana))
    return not told or not own or bool(told & own)


def _wire(name: str) -> str:
    return to_wire_leniently(to_large_kana(to_katakana(nfkc(name)))).replace(" ", "") if name else ""
