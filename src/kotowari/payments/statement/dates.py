"""Dates of deposit files: six digits, `YYMMDD`, where YY is usually a year of the Japanese era without its letter."""

from datetime import date, timedelta
from typing import Final, Literal

REIWA: Final = 2018
HEISEI: Final = 1988
SHOWA: Final = 1925
REIWA_BEGINS: Final = date(2019, 5, 1)
AHEAD_DAYS: Final = 40
"""How far after the import a date may lie and still be taken for this era (future-dated lines, clocks)."""

DateStyle = Literal["era", "western"]


class NoSuchDate(ValueError):  # noqa: N818 - an answer about six digits
    """The six digits are no date."""


def read_date(digits: str, style: DateStyle, near: date) -> date | None:
    """The date that six digits mean: the latest that does not lie beyond `near`; None for zeros or spaces.

    令和8年 is `08`: 2026, not 1996. Raises `NoSuchDate` for the 30th of February and the like.
    """
    if not digits.strip(" 0"):
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        raise NoSuchDate(digits)
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    latest = near + timedelta(days=AHEAD_DAYS)
    bases = (REIWA, HEISEI, SHOWA) if style == "era" else (2000, 1900)
    for base in bases:
        if base + year > latest.year:
            continue
        try:
            found = date(base + year, month, day)
        except ValueError as error:
            raise NoSuchDate(digits) from error
        if found <= latest:
            return found
    raise NoSuchDate(digits)


def write_date(day: date | None, style: DateStyle) -> str:
    """Six digits; zeros for no date."""
    if day is None:
        return "000000"
    if style == "western":
        return f"{day:%y%m%d}"
    base = REIWA if day >= REIWA_BEGINS else HEISEI
    return f"{day.year - base:02d}{day:%m%d}"
