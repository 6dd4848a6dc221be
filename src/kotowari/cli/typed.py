"""What people type on the command line as a day or an amount, read the way they mean it."""

import re
import unicodedata
from datetime import date
from typing import Any

import click

from kotowari.kernel.errors import InputError
from kotowari.kernel.money import parse_yen
from kotowari.kernel.text import Text


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date such as 2026-10-31; 2026/10/31, 20261031 and 2026年10月31日 are understood too."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        words = unicodedata.normalize("NFKC", str(value)).strip()
        parts = re.fullmatch(r"(\d{4})[-/年.]?(\d{1,2})[-/月.]?(\d{1,2})日?", words)
        try:
            if parts is None:
                raise ValueError(words)
            return date(*(int(part) for part in parts.groups()))
        except ValueError:
            text = Text(
                "「{typed}」という日付はありません(例:2026-10-31)。", "There is no date {typed}; write 2026-10-31."
            )
            self.fail(str(text.format(typed=value)), param, ctx)


class Amount(click.ParamType):  # type: ignore[type-arg]
    """An amount of yen; commas, full-width digits and 円 are understood."""

    name = "yen"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return parse_yen(str(value))
        except InputError as wrong:
            self.fail(str(wrong.fields[""][0]), param, ctx)


DAY = Day()
AMOUNT = Amount()
