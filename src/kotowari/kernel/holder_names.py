"""Are these two names of one account holder? As banks write them, companies' forms and spaces set aside."""

import re
from itertools import zip_longest
from typing import Final

from kotowari.kernel.company_forms import WORD, strip_company_forms
from kotowari.kernel.kana import nfkc, to_katakana, to_large_kana, to_wire_leniently

_IGNORED = str.maketrans({" ": None, ".": None, "・": None, ",": None, "ｦ": "ｵ"})
_LETTER: Final = re.compile(r".[ﾞﾟ]?", re.DOTALL)
_SOUNDS_AS: Final = {"ﾁﾞ": "ｼﾞ", "ﾂﾞ": "ｽﾞ"}
_ROWS: Final = {
    "a": "ｱｶｻﾀﾅﾊﾏﾔﾗﾜ",
    "i": "ｲｷｼﾁﾆﾋﾐﾘ",
    "u": "ｳｸｽﾂﾇﾌﾑﾕﾙ",
    "e": "ｴｹｾﾃﾈﾍﾒﾚ",
    "o": "ｵｺｿﾄﾉﾎﾓﾖﾛ",
}
_VOWEL_OF: Final = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
_LENGTHENED_BY: Final = {"a": "ｱ", "i": "ｲ", "u": "ｳ", "e": "ｴｲ", "o": "ｵｳ"}
"""What stands for the second half of a long vowel where no long mark is written (ケイコ or ケーコ, オオノ or オーノ)."""
_LONG_MARK: Final = "-"


def holder_key(name: str) -> str:
    """What is left of a name to compare: half-width, large kana, without company forms, spaces and dots.

    Never raises: what has no half-width form (kanji) stays as it is and simply matches nothing in kana.
    """
    without_words = WORD.sub(" ", nfkc(name))
    wire = to_wire_leniently(to_large_kana(to_katakana(without_words)))
    return strip_company_forms(wire).translate(_IGNORED)


def same_holder(left: str, right: str) -> bool:
    """Whether two names, typed or from a bank's file, are the same holder's. An empty name equals none."""
    key = holder_key(left)
    return bool(key) and key == holder_key(right)


def same_reading(left: str, right: str) -> bool:
    """Whether two kana names are one name as a passbook and its owner may write it. An empty name equals none.

    Beyond `same_holder`: ヅ is ズ and ヂ is ジ (they sound alike and banks write either), and a long mark fits every
    way of writing the vowel that it lengthens (オーノ fits オオノ and オウノ). A vowel that is written is never left
    out and never exchanged: オオノ, オウノ and オノ are three names. So this relation is not transitive, on purpose.
    """
    letters, others = (_LETTER.findall(holder_key(name)) for name in (left, right))
    if not letters or len(letters) != len(others):
        return False
    vowel: str | None = None
    for one, other in zip(letters, others, strict=True):
        one, other = _SOUNDS_AS.get(one, one), _SOUNDS_AS.get(other, other)
        if one != other and not _fits(one, other, vowel):
            return False
        written = other if one == _LONG_MARK else one
        if written != _LONG_MARK:
            vowel = _VOWEL_OF.get(written[0])
    return True


def begins_same(whole: str, cut: str) -> bool:
    """Whether `cut` is the beginning of `whole`, for names that a bank's field was too short for."""
    letters, others = (_LETTER.findall(holder_key(name)) for name in (whole, cut))
    pairs = zip_longest(letters[: len(others)], others)
    return bool(others) and all(
        one is not None and _SOUNDS_AS.get(one, one) == _SOUNDS_AS.get(other, other) for one, other in pairs
    )


def _fits(one: str, other: str, vowel: str | None) -> bool:
    """Whether one of two letters is a long mark and the other lengthens the vowel before it as well."""
    if vowel is None or _LONG_MARK not in (one, other):
        return False
    return (other if one == _LONG_MARK else one) in _LENGTHENED_BY[vowel]
