"""Are these two names of one account holder? As banks write them, companies' forms and spaces set aside."""

from kotowari.kernel.company_forms import WORD, strip_company_forms
from kotowari.kernel.kana import nfkc, to_katakana, to_large_kana, to_wire_leniently

_IGNORED = str.maketrans({" ": None, ".": None, "・": None, ",": None, "ｦ": "ｵ"})


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
