"""The transfer date: `MMDD` in the file, a full date with us."""

from datetime import date

SEARCH_YEARS = 8
"""A 29 February is at most eight years away (2096 to 2104)."""


def resolve_transfer_date(month: int, day: int, created_on: date) -> date | None:
    """The nearest such date that is not before the file was made; None when no year has it."""
    for year in range(created_on.year, created_on.year + SEARCH_YEARS + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= created_on:
            return candidate
    return None
