"""Japanese text: folding for search and input, kana both ways, and the half-width kana of bank files.

A bank file knows one byte per character (JIS X 0201). What may stand in a field is a whitelist per class of
field; anything else is told to the person who typed it, by position, with what would be right. Kana is never
guessed from kanji: only the passbook knows how a name is read.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache
from typing import Final

from kotowari.kernel.company_forms import find_word
from kotowari.kernel.errors import KotowariError
from kotowari.kernel.text import Text

_DASHES: Final = "-‐‑‒–—―−－─━﹣"
_LONG_MARKS: Final = "ーｰ"
_SMALL: Final = "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
_LARGE: Final = "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ"
_LARGE_OF: Final = str.maketrans(_SMALL, _LARGE)
_HIRAGANA_TO_KATAKANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_KATAKANA_TO_HIRAGANA: Final = {kata: hira for hira, kata in _HIRAGANA_TO_KATAKANA.items()}

VOICED_BASES: Final = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
HALF_VOICED_BASES: Final = frozenset("ﾊﾋﾌﾍﾎ")
MARKS: Final = frozenset("ﾞﾟ")

# --------------------------------------------------------------------------------------------------------
# Folding


def nfkc(text: str) -> str:
    """Unicode's compatibility form: `ＷＥＢ　１２` → `WEB 12`, `ｶﾞ` → `ガ`, `㌔` → `キロ`."""
    return unicodedata.normalize("NFKC", text)


def to_katakana(text: str) -> str:
    """Hiragana as katakana; everything else stays."""
    return text.translate(_HIRAGANA_TO_KATAKANA)


def to_hiragana(text: str) -> str:
    """Katakana as hiragana where hiragana has the letter (ヷ and its like do not); everything else stays."""
    return text.translate(_KATAKANA_TO_HIRAGANA)


def to_large_kana(text: str) -> str:
    """Small katakana as large ones, as banks write them: `キャッシュ` → `キヤツシユ`."""
    return text.translate(_LARGE_OF)


def fold_search(text: str) -> str:
    """One form for everything that a person searching would call the same.

    Width, letter case, hiragana or katakana, kinds of dashes and runs of spaces are folded. Long marks and
    small kana stay, because サーバ and サーバー are a matter of the search's own dictionary.
    """
    folded = to_katakana(nfkc(nfkc(text).casefold()))
    folded = re.sub(f"(?<=[ァ-ヺ])[{re.escape(_DASHES)}](?=[ァ-ヺ]|$)", "ー", folded)
    return " ".join(folded.split())


def fold_digits(text: str) -> str:
    """Digits as a person types them into a number field, made plain: width, spaces and dashes are folded away.

    `１２３－４５６７` → `1234567`. Letters and anything else stay, so that a wrong character can be shown.
    """
    return "".join(ch for ch in nfkc(text) if ch not in _DASHES and ch not in _LONG_MARKS and not ch.isspace())


# --------------------------------------------------------------------------------------------------------
# Half-width text of bank files


class FieldClass(Enum):
    """What kind of field the text goes into; the letters and signs beside kana, digits and space."""

    BANK_NAME = "-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    PARTY_NAME = "()-.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    SALARY_NAME = ""
    EDI = "\\｢｣()-/.ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class KanaFault(StrEnum):
    """Why a text cannot stand in a bank file."""

    KANJI = "kanji"
    WO = "wo"
    REPEAT_MARK = "repeat_mark"
    VOICING_MARK = "voicing_mark"
    SIGN = "sign"
    LETTER = "letter"
    TOO_LONG = "too_long"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class KanaProblem:
    """One thing that is wrong with a text: which character, where (from 1), and what would be right."""

    fault: KanaFault
    position: int
    character: str
    message: Text
    remedy: Text

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    @property
    def sentence(self) -> Text:
        """What is wrong and what would be right, in one breath."""
        return Text(f"{self.message.ja}{self.remedy.ja}", f"{self.message.en} {self.remedy.en}")


class UnusableText(KotowariError):  # noqa: N818 - an answer to what was typed, not a fault of the program
    """The text cannot be written into a bank file; `problems` tells all of them at once."""

    def __init__(self, problems: list[KanaProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.sentence.en for problem in problems))


def _half_width_table() -> dict[str, str]:
    """Every single character that has exactly one half-width form → that form.

    Derived from Unicode's own equivalences, so no pair is copied by hand.
    """
    table = {" ": " ", "\u3000": " ", "\u00a0": " ", "\t": " ", "¥": "\\", "￥": "\\"}
    for code in range(0x21, 0x7F):
        half = chr(code).upper()
        table[chr(code)] = half
        table[chr(code + 0xFEE0)] = half
    table |= dict.fromkeys(_DASHES + _LONG_MARKS, "-")
    table |= {"「": "｢", "」": "｣", "｢": "｢", "｣": "｣"}
    table |= dict.fromkeys("\u3099\u309bﾞ", "ﾞ") | dict.fromkeys("\u309a\u309cﾟ", "ﾟ")
    plain = {nfkc(chr(code)): chr(code) for code in (0xFF66, *range(0xFF71, 0xFF9E))}
    for full, half in plain.items():
        table[half] = half
        table[full] = half
        for mark, wide_mark in (("ﾞ", "\u3099"), ("ﾟ", "\u309a")):
            voiced = unicodedata.normalize("NFC", full + wide_mark)
            if len(voiced) == 1 and half in (VOICED_BASES if mark == "ﾞ" else HALF_VOICED_BASES):
                table[voiced] = half + mark
    table |= {"ヰ": "ｲ", "ヱ": "ｴ"}
    table |= {small: plain[large] for small, large in zip(_SMALL, _LARGE, strict=True)}
    table |= {chr(code): table[to_large_kana(nfkc(chr(code)))] for code in range(0xFF67, 0xFF70)}
    table |= {hira: table[kata] for code in range(0x3041, 0x3097) if (kata := to_katakana(hira := chr(code))) in table}
    return table


_HALF: Final[dict[str, str]] = _half_width_table()
_KANA: Final = "ｱ-ﾝﾞﾟ"


@cache
def allowed_pattern(field: FieldClass, *, allow_wo: bool = False) -> str:
    """The characters of a field class as the inside of a regular expression's brackets."""
    wo = "ｦ" if field is FieldClass.EDI or (allow_wo and field is not FieldClass.SALARY_NAME) else ""
    return "0-9 " + re.escape(field.value) + wo + _KANA


@cache
def _is_allowed(field: FieldClass, allow_wo: bool) -> Callable[[str], object]:
    return re.compile(f"[{allowed_pattern(field, allow_wo=allow_wo)}]*").fullmatch


_VOICED: Final = "".join(sorted(VOICED_BASES))
_HALF_VOICED: Final = "".join(sorted(HALF_VOICED_BASES))
STRAY_MARK: Final = re.compile(f"[ﾞﾟ](?<![{_VOICED}]ﾞ)(?<![{_HALF_VOICED}]ﾟ)")
"""Finds a voicing mark that does not follow a kana which takes it. The mark comes first so that text without
marks is passed over quickly."""


def is_bank_text(wire: str, field: FieldClass, *, allow_wo: bool = False) -> bool:
    """Whether a half-width text may stand in such a field as it is."""
    return _is_allowed(field, allow_wo)(wire) is not None and STRAY_MARK.search(wire) is None


def to_bank_text(
    typed: str, field: FieldClass, *, allow_wo: bool = False, limit: int | None = None, cut: bool = False
) -> str:
    """What a person typed, as it stands in a bank file.

    Width, hiragana, small kana, long marks, lower case and (in names of parties) company words in kanji are
    converted. `limit` is in bytes; a longer text is a problem unless `cut` asks to shorten it.
    Raises `UnusableText` with every problem at once.
    """
    pieces, problems = _convert(typed, field, allow_wo)
    wire = "".join(pieces).strip() if field is FieldClass.EDI else " ".join("".join(pieces).split())
    if not problems and limit is not None and len(wire) > limit:
        if not cut:
            problems.append(_too_long(wire, limit))
        wire = cut_bank_text(wire, limit)
    if problems:
        raise UnusableText(problems)
    return wire


def bank_text_problems(
    wire: str, field: FieldClass, *, allow_wo: bool = False, limit: int | None = None, required: bool = False
) -> list[KanaProblem]:
    """What is wrong with a text that should already be in its half-width form; an empty list when nothing is."""
    problems = []
    if required and not wire.strip():
        problems.append(_empty())
    if not is_bank_text(wire, field, allow_wo=allow_wo):
        allowed = _is_allowed(field, allow_wo)
        for position, character in enumerate(wire, start=1):
            if allowed(character) is None:
                problems.append(_character_problem(position, character, field))
        problems += [_stray_mark(m.start() + 1, m.group()) for m in STRAY_MARK.finditer(wire)]
    if limit is not None and len(wire) > limit:
        problems.append(_too_long(wire, limit))
    return sorted(problems, key=lambda problem: problem.position)


def cut_bank_text(wire: str, limit: int) -> str:
    """The first `limit` bytes, never parting a kana from its voicing mark."""
    if len(wire) <= limit:
        return wire
    end = limit - 1 if wire[limit] in MARKS else limit
    return wire[:end].rstrip()


def to_wire_leniently(typed: str) -> str:
    """Half-width where there is a half-width form, everything else as it came: for comparing, never for writing."""
    return "".join(_half_of(character) or character for character in typed)


def _convert(typed: str, field: FieldClass, allow_wo: bool) -> tuple[list[str], list[KanaProblem]]:
    allowed = _is_allowed(field, allow_wo)
    pieces: list[str] = []
    problems: list[KanaProblem] = []
    index = 0
    while index < len(typed):
        if field is FieldClass.PARTY_NAME and (found := find_word(typed, index)):
            short, end = found
            pieces.append(_company_form(short, typed[:index], typed[end:], pieces))
            index = end
            while index < len(typed) and typed[index].isspace():
                index += 1
            continue
        half = _half_of(typed[index])
        if half is None or allowed(half) is None:
            problems.append(_character_problem(index + 1, typed[index], field))
        elif half in MARKS and (not pieces or STRAY_MARK.search(pieces[-1][-1:] + half)):
            problems.append(_stray_mark(index + 1, typed[index]))
        else:
            pieces.append(half)
        index += 1
    return pieces, problems


def _company_form(short: str, before: str, after: str, pieces: list[str]) -> str:
    """`ｶ)` at the start, `(ｶ` at the end, `(ｶ)` between; the spaces around it go."""
    while pieces and pieces[-1] == " ":
        pieces.pop()
    if not before.strip():
        return f"{short})"
    return f"({short})" if after.strip() else f"({short}"


def _half_of(character: str) -> str | None:
    """The half-width form of one typed character, or of the several characters that it is short for (㌔)."""
    if (half := _HALF.get(character)) is not None:
        return half
    halves = [_HALF.get(part) for part in nfkc(character)]
    return "".join(half for half in halves if half) if halves and all(halves) else None


# --------------------------------------------------------------------------------------------------------
# What is said

_KANJI_REMEDY = Text(
    "通帳やキャッシュカードに記載のカナで入力してください。",
    "Enter the kana printed in the passbook or on the cash card.",
)
_WO_REMEDY = Text(
    "通帳のカナ表記をご確認ください(多くの銀行では「オ」と記載されます)。",
    "Check the kana in the passbook (most banks write オ).",
)


def _character_problem(position: int, character: str, field: FieldClass) -> KanaProblem:
    where = Text(f"{position}文字目の「{character}」", f"Character {position}, “{character}”,")
    if to_katakana(nfkc(character)) == "ヲ":
        fault, what, remedy = (
            KanaFault.WO,
            Text("は銀行の名義欄では使えません。", "cannot be used in a name."),
            _WO_REMEDY,
        )
    elif unicodedata.name(character, "").startswith("CJK") or character in "々〆〇":
        fault, what = KanaFault.KANJI, Text("は漢字のため使えません。", "is kanji and cannot be used.")
        remedy = _KANJI_REMEDY
    elif character in "ゝゞヽヾ":
        fault, what = (
            KanaFault.REPEAT_MARK,
            Text("は繰り返し記号のため使えません。", "is a repeat mark and cannot be used."),
        )
        remedy = Text("繰り返すカナをそのまま入力してください。", "Write out the kana that it repeats.")
    elif field is FieldClass.SALARY_NAME and nfkc(character).isascii() and nfkc(character).isalpha():
        fault, what = KanaFault.LETTER, Text("は英字のため使えません。", "is a Latin letter and cannot be used here.")
        remedy = Text("カナで入力してください。", "Enter it in kana.")
    else:
        fault, what = KanaFault.SIGN, Text("は使えません。", "cannot be used.")
        remedy = _sign_remedy(character, field)
    return KanaProblem(fault, position, character, Text(where.ja + what.ja, f"{where.en} {what.en}"), remedy)


def _sign_remedy(character: str, field: FieldClass) -> Text:
    signs = " ".join(sign for sign in field.value if not sign.isalpha())
    letters_ja, letters_en = ("", "") if field is FieldClass.SALARY_NAME else ("・英字", ", Latin letters")
    usable = Text(
        f"使えるのはカナ・数字{letters_ja}・空白" + (f"と記号 {signs} です。" if signs else "です。"),
        f"Kana, digits{letters_en}, spaces" + (f" and the signs {signs} can be used." if signs else " can be used."),
    )
    if character in "・･·" and field in (FieldClass.PARTY_NAME, FieldClass.EDI):
        return Text(
            "通帳の表記に合わせて「.」または空白に置き換えてください。" + usable.ja,
            "Replace it by “.” or a space, as in the passbook. " + usable.en,
        )
    return usable


def _stray_mark(position: int, character: str) -> KanaProblem:
    return KanaProblem(
        KanaFault.VOICING_MARK,
        position,
        character,
        Text(
            f"{position}文字目の「{character}」の前に、濁点・半濁点を付けられるカナがありません。",
            f"Character {position}, “{character}”, does not follow a kana that can take it.",
        ),
        Text(
            "濁点はカ・サ・タ・ハ行とウ、半濁点はハ行のカナの後にだけ置けます。",
            "A voicing mark goes after カ, サ, タ, ハ rows and ウ; a half-voicing mark after the ハ row.",
        ),
    )


def _too_long(wire: str, limit: int) -> KanaProblem:
    return KanaProblem(
        KanaFault.TOO_LONG,
        limit + 1,
        wire[limit],
        Text(
            f"半角で{len(wire)}文字あり、{limit}文字を超えています(濁点・半濁点も1文字)。",
            f"{len(wire)} half-width characters, more than {limit} (voicing marks count as one each).",
        ),
        Text(f"{limit}文字以内にしてください。", f"Use at most {limit}."),
    )


def _empty() -> KanaProblem:
    return KanaProblem(
        KanaFault.EMPTY,
        1,
        "",
        Text("空欄です。", "It is empty."),
        Text("カナで入力してください。", "Enter it in kana."),
    )
