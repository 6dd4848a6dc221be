"""What a line says about whose money it is: the code before the name, the name itself, money that comes back."""

import re
from dataclasses import dataclass
from typing import Final

from kotowari.kernel.kana import nfkc
from kotowari.payments.statement.records import RETURN_WORDS, Entry

REFERENCE_DIGITS: Final = 7

_LEADING: Final = re.compile(r"^\s*([0-9][0-9 \-]*)(?=[^0-9]|$)")
_TRAILING: Final = re.compile(r"(?<=[^0-9])([0-9][0-9 \-]*)$")


@dataclass(frozen=True, slots=True)
class Reference:
    """A code found in a payer's name. `is_exact` when it has the full length and stands before the name."""

    code: str
    name: str
    is_exact: bool


def extract_reference(payer_name: str, *, digits: int = REFERENCE_DIGITS) -> Reference | None:
    """The code that the payer was asked to put before the name: `0000123ｶ)ｻﾝﾌﾟﾙ` → 0000123 and `ｶ)ｻﾝﾌﾟﾙ`.

    Spaces and dashes inside it are passed over. A code whose leading zeros were dropped (`123 ｶ)ｻﾝﾌﾟﾙ`, three
    digits at least) or that stands behind the name is found too and is not exact: let a person decide, or
    let the amount be the second witness. Longer runs of digits are no code.
    """
    name = payer_name.strip()
    for pattern, stands_first in ((_LEADING, True), (_TRAILING, False)):
        found = pattern.search(name)
        if found is None:
            continue
        code = re.sub(r"[ \-]", "", nfkc(found.group(1)))
        if 3 <= len(code) <= digits and code.strip("0"):
            rest = (name[: found.start(1)] + name[found.end(1) :]).strip(" -")
            return Reference(code.zfill(digits), rest, stands_first and len(code) == digits)
    return None


def is_returned_transfer(entry: Entry, *, words: tuple[str, ...] = RETURN_WORDS) -> bool:
    """Whether the bank says that money of a failed transfer comes back with this line (組戻し, 振込不能).

    Only what the bank writes itself counts: the payer's name is whatever the payer typed.
    """
    if not entry.is_incoming or entry.is_cancellation:
        return False
    said = entry.summary.replace(" ", "").translate(_LARGE)
    return any(word in said for word in words)


_LARGE: Final = str.maketrans("ｧｨｩｪｫｬｭｮｯ", "ｱｲｳｴｵﾔﾕﾖﾂ")
