"""登録番号 of qualified invoice issuers: its form, and the check digit that companies' numbers have."""

import re
import unicodedata

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text

FORM = re.compile(r"T[1-9][0-9]{12}")
PUBLIC_SITE = "https://www.invoice-kohyo.nta.go.jp/"


def read_number(typed: str, *, is_company: bool, field: str = "number") -> tuple[str, bool]:
    """The number as it is written, and whether its check digit fits.

    Raises `InputError` for another form, and for a company whose check digit does not fit (a digit was mistyped).
    That individuals' numbers follow the same rule is not published, so theirs are taken as they are.
    """
    number = "".join(unicodedata.normalize("NFKC", typed).upper().replace("-", "").split())
    if number.isdigit():
        number = "T" + number
    if not FORM.fullmatch(number):
        raise InputError(
            {
                field: [
                    Text(
                        "登録番号は「T」と13桁の数字です(例: T7123456789012)。桁数と、先頭の数字が0でないことを確かめてください。",
                        "A registration number is T and 13 digits, the first of which is not 0 (T7123456789012).",
                    )
                ]
            }
        )
    fits = check_digit_fits(number)
    if is_company and not fits:
        raise InputError(
            {
                field: [
                    Text(
                        "法人の登録番号として成り立たない番号です。どこかの数字が違っています。通知書か国税庁の公表サイトで確かめてください。",
                        "No company can have this number: a digit is wrong. Compare it with the tax agency's letter or site.",
                    )
                ]
            }
        )
    return number, fits


def check_digit_fits(number: str) -> bool:
    """Whether the first digit is the check digit of the other twelve (財務省令70号2条)."""
    digits = [int(digit) for digit in number[1:]]
    weighed = sum(digit * (1 if n % 2 else 2) for n, digit in enumerate(reversed(digits[1:]), start=1))
    return digits[0] == 9 - weighed % 9
