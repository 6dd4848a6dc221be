"""Yen: whole numbers only. Showing them, reading what people type, dividing them without losing one."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NoReturn

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text

Rounding = Literal["down", "half_up", "up"]
"""What happens to a fraction of a yen."""

MAX_YEN = 9_999_999_999
"""The largest single amount: what one line of a bank transfer file holds (ten digits)."""

_LONGEST_INPUT = 40
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_GROUPED = re.compile(_NUMBER)
_DIGITS = re.compile(r"\d+")
_COUNTED = re.compile(rf"(?:(?P<oku>{_NUMBER})億)?(?:(?P<man>{_NUMBER}(?:\.\d{{1,4}})?)万)?(?P<rest>{_NUMBER}?)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


def yen(amount_yen: int) -> Text:
    """The amount in words for people: 8,580円 / ¥8,580; negative amounts carry a true minus sign."""
    sign = "−" if amount_yen < 0 else ""
    digits = f"{abs(amount_yen):,}"
    return Text(f"{sign}{digits}円", f"{sign}¥{digits}")


def parse_yen(typed: str, *, field: str = "", minimum_yen: int = 1, maximum_yen: int = MAX_YEN) -> int:
    """The yen that somebody meant by `１０，０００円`, `¥10,000`, `10000 yen`, `1.5万` or `3万5000円`.

    Raises `InputError` on `field` with what is wrong and what would be right; never guesses between two readings.
    """
    words = _plain(typed)
    if not words:
        raise _wrong(field, Text("金額を入力してください(例:10,000)。", "Enter an amount, for example 10,000."))
    if words.startswith("-"):
        raise _wrong(
            field,
            Text("金額は0以上の数で入力してください。", "An amount cannot be negative: leave out the minus sign."),
        )
    amount = _read(words, field, typed) if len(words) <= _LONGEST_INPUT else _unreadable(field, typed)
    if amount < minimum_yen:
        least = Text(
            "{least}以上で入力してください({amount}が入力されています)。",
            "{amount} is too little: enter at least {least}.",
        )
        raise _wrong(field, least.format(least=yen(minimum_yen), amount=yen(amount)))
    if amount > maximum_yen:
        most = Text(
            "{most}以下で入力してください({amount}が入力されています)。", "{amount} is too much: enter at most {most}."
        )
        raise _wrong(field, most.format(most=yen(maximum_yen), amount=yen(amount)))
    return amount


def portion(amount_yen: int, numerator: int, denominator: int, rounding: Rounding = "down") -> int:
    """`amount × numerator ÷ denominator` in whole yen, computed in integers.

    The amount must not be negative: fees and taxes are taken from what is there.
    """
    if amount_yen < 0 or numerator < 0 or denominator <= 0:
        raise ValueError(f"portion({amount_yen}, {numerator}, {denominator}) has no meaning")
    product = amount_yen * numerator
    if rounding == "down":
        return product // denominator
    if rounding == "up":
        return -(-product // denominator)
    return (2 * product + denominator) // (2 * denominator)


def split(total_yen: int, weights: Sequence[int]) -> list[int]:
    """Divide a total by weights (largest remainder): every yen goes somewhere, so the parts sum to the total.

    Each part differs from its exact share by less than one yen; of equal remainders the earlier part gets the yen.
    A negative total is divided like its opposite. Weights of zero get nothing.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    whole = sum(weights)
    if whole == 0:
        if total_yen == 0:
            return [0] * len(weights)
        raise ValueError(f"{total_yen} yen cannot be divided: there is no weight")
    if total_yen < 0:
        return [-part for part in split(-total_yen, weights)]
    parts = [total_yen * weight // whole for weight in weights]
    missing = total_yen - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total_yen * weights[i] % whole), i))
    for index in by_remainder[:missing]:
        parts[index] += 1
    return parts


def _plain(typed: str) -> str:
    words = unicodedata.normalize("NFKC", typed).translate(_DASHES).replace("、", ",").lower()
    words = "".join(words.split())
    words = re.sub(r"^(-?)(?:jpy|[¥\\])(-?)", r"\1\2", words)
    return re.sub(r"(?:円|yen|jpy)$", "", words)


def _read(words: str, field: str, typed: str) -> int:
    if _GROUPED.fullmatch(words):
        return int(words.replace(",", ""))
    counted = _COUNTED.fullmatch(words)
    amount = _counted(counted) if counted else None
    if amount is not None:
        return amount
    without_commas = words.replace(",", "")
    if _DIGITS.fullmatch(without_commas):
        likely = Text(
            "桁区切りの位置を確かめてください。「{typed}」は、{likely}のことなら「{plain}」と入力してください。",
            "The commas in “{typed}” stand in unusual places: if you mean {likely}, enter {plain}.",
        )
        raise _wrong(field, likely.format(typed=typed.strip(), likely=yen(int(without_commas)), plain=without_commas))
    if re.fullmatch(r"\d+\.\d+", without_commas):
        whole = without_commas.split(".")[0]
        fraction = Text(
            "円未満の端数は扱えません。「{whole}」のように整数で入力してください。",
            "Yen have no fractions: enter a whole number such as {whole}.",
        )
        raise _wrong(field, fraction.format(whole=whole))
    return _unreadable(field, typed)


def _unreadable(field: str, typed: str) -> NoReturn:
    unreadable = Text(
        "「{typed}」は金額として読み取れません。数字で入力してください(例:10,000)。",
        "“{typed}” cannot be read as an amount: enter digits, for example 10,000.",
    )
    raise _wrong(field, unreadable.format(typed=typed.strip()[:_LONGEST_INPUT]))


def _counted(match: re.Match[str]) -> int | None:
    """The value of `1億2000万3000`, or None when a part runs over into the next (`1万20000`)."""
    oku, man_typed, rest_typed = (
        match[name].replace(",", "") if match[name] else "0" for name in ("oku", "man", "rest")
    )
    amount = int(oku) * 100_000_000
    whole, _, fraction = man_typed.partition(".")
    man = int(whole) * 10_000 + int((fraction + "0000")[:4])
    rest = int(rest_typed)
    if (match["oku"] and man >= 100_000_000) or rest >= 10_000 or (fraction and rest):
        return None
    return amount + man + rest


def _wrong(field: str, text: Text) -> InputError:
    return InputError({field: [text]})
