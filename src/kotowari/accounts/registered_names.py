"""Real names as members type them: how they are kept, and what is wrong with one. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from kotowari.accounts.names import is_unseen
from kotowari.kernel.errors import InputError
from kotowari.kernel.kana import nfkc, to_katakana
from kotowari.kernel.text import Text

NAME_MAX: Final = 100
FIRST: Final = "first"
REASONS: Final = {
    FIRST: Text("はじめての登録", "First registration"),
    "mistake": Text("入力の間違いを直す", "Put a mistake right"),
    "changed": Text("氏名・法人名が変わった", "The name changed"),
    "trade_name": Text("屋号を加える・変える", "A trade name is added or changed"),
    "other": Text("そのほか", "Another reason"),
}
"""Why there is a new row, by code. The first needs no reason to be given."""

_KANA: Final = re.compile(r"[ァ-ヺー・ ]")
_KANA_OF_A_FIRM: Final = re.compile(r"[ァ-ヺー・ A-Za-z0-9().&-]")
_DASH_AFTER_KANA: Final = re.compile(r"(?<=[ァ-ヺ])[-‐‑‒–—―−─━]")


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name that can be kept. Kana is full-width katakana; without a trade name its two fields are empty."""

    name: str
    kana: str
    trade_name: str = ""
    trade_kana: str = ""


def read_names(*, name: str, kana: str, trade_name: str, trade_kana: str, is_company: bool) -> GivenName:
    """What was typed, made tidy. Raises `InputError` with every field's fault at once."""
    given = GivenName(
        name=_tidied(name), kana=_as_kana(kana), trade_name=_tidied(trade_name), trade_kana=_as_kana(trade_kana)
    )
    wrong = {
        "name": _name_problems(given.name, COMPANY_ASKED if is_company else NAME_ASKED),
        "kana": _kana_problems(given.kana, KANA_ASKED, is_firm=is_company),
    }
    if is_company and (given.trade_name or given.trade_kana):
        wrong["trade_name"] = [
            Text(
                "屋号は個人の会員だけが登録できます。法人は法人名だけを入力してください。",
                "Only individuals have a trade name beside their own; a company gives its name alone.",
            )
        ]
    elif given.trade_name or given.trade_kana:
        wrong["trade_name"] = _name_problems(given.trade_name, TRADE_ASKED)
        wrong["trade_kana"] = _kana_problems(given.trade_kana, TRADE_KANA_ASKED, is_firm=True)
    if any(wrong.values()):
        raise InputError({field: texts for field, texts in wrong.items() if texts})
    return given


def read_reason(reason: str) -> str:
    """Why an earlier name is replaced. Raises `InputError` for none or an unknown one."""
    if reason in REASONS and reason != FIRST:
        return reason
    words = [text for code, text in REASONS.items() if code != FIRST]
    asked = Text("変える理由を選んでください: {ja}。", "Choose why it changes: {en}.")
    raise InputError({"reason": [asked.format(ja="、".join(w.ja for w in words), en=", ".join(w.en for w in words))]})


NAME_ASKED = Text(
    "氏名を、通帳や本人確認書類のとおりに入力してください。例: 山田 花子",
    "Enter your name as in your passbook and documents, for example 山田 花子 or Hanako Yamada.",
)
COMPANY_ASKED = Text(
    "法人名を、登記のとおりに入力してください。例: 株式会社みほん商事",
    "Enter the company's name as it is registered, for example 株式会社みほん商事.",
)
KANA_ASKED = Text("カナを入力してください。例: ヤマダ ハナコ", "Enter it in kana, for example ヤマダ ハナコ.")
TRADE_ASKED = Text(
    "屋号も入力してください。屋号がないときは、屋号のカナも空にしてください。",
    "Enter the trade name too, or leave its kana empty as well.",
)
TRADE_KANA_ASKED = Text(
    "屋号のカナも入力してください。例: ミホンデザイン", "Enter the trade name in kana too, for example ミホンデザイン."
)


def _tidied(typed: str) -> str:
    """As typed, spaces made one; characters as they are written (髙 stays 髙)."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def _as_kana(typed: str) -> str:
    """Full-width katakana; hiragana and half-width are folded, a dash after a kana is a long mark."""
    return " ".join(_DASH_AFTER_KANA.sub("ー", to_katakana(nfkc(typed))).split())


def _name_problems(name: str, asked: Text) -> list[Text]:
    if not any(unicodedata.category(character).startswith("L") for character in name):
        return [asked]
    if len(name) > NAME_MAX:
        return [_too_long(name)]
    if any(is_unseen(character) for character in name):
        return [
            Text(
                "目に見えない文字が含まれています。消してからもう一度お試しください。",
                "It contains characters that cannot be seen. Please remove them.",
            )
        ]
    return []


def _kana_problems(kana: str, asked: Text, *, is_firm: bool) -> list[Text]:
    if not kana:
        return [asked]
    if len(kana) > NAME_MAX:
        return [_too_long(kana)]
    usable = _KANA_OF_A_FIRM if is_firm else _KANA
    for position, character in enumerate(kana, start=1):
        if not usable.match(character):
            also = Text("・英数字", ", Latin letters, digits") if is_firm else Text("", "")
            return [
                Text(
                    "{position}文字目の「{character}」は使えません。カナ{also}と空白だけで入力してください"
                    "(ひらがな・半角カナでもかまいません)。",
                    "Character {position}, “{character}”, cannot be used: only kana{also} and spaces (hiragana and half-width "
                    "kana will do).",
                ).format(position=position, character=character if character.isprintable() else "?", also=also)
            ]
    if not re.search("[ァ-ヺA-Za-z]", kana):
        return [asked]
    return []


def _too_long(typed: str) -> Text:
    return Text("{max}文字までです(いま{count}文字)。", "At most {max} characters (now {count}).").format(
        max=NAME_MAX, count=len(typed)
    )
