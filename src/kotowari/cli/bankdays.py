"""`kotowari bankdays`: count on the Japanese bank calendar."""

from datetime import date

import click

from kotowari.cli.answers import json_option, show_json
from kotowari.cli.typed import DAY
from kotowari.kernel import calendar
from kotowari.kernel.text import Text

MOST_BANK_DAYS = 10_000

closed_option = click.option(
    "--closed",
    "closed",
    type=DAY,
    multiple=True,
    help="ほかに休む日(何度でも) / another day of rest (may be repeated).",
)


@click.group()
def bankdays() -> None:
    """銀行営業日 / bank days: weekends, national holidays and 12/31–1/3 are none."""


@bankdays.command()
@click.argument("day", type=DAY, metavar="DATE")
@click.option(
    "--rule",
    type=click.Choice(["previous", "next"]),
    required=True,
    help="休業日なら前か次か / before or after, when it is no bank day.",
)
@closed_option
@json_option
def shift(day: date, rule: calendar.ShiftRule, closed: tuple[date, ...], as_json: bool) -> None:
    """休業日に当たる日を営業日にずらす / the day itself, or the bank day before or after it."""
    _answer(day, calendar.shift(day, rule, set(closed)), closed, as_json)


@bankdays.command(context_settings={"ignore_unknown_options": True})
@click.argument("day", type=DAY, metavar="DATE")
@click.argument("count", type=click.IntRange(-MOST_BANK_DAYS, MOST_BANK_DAYS), metavar="N")
@closed_option
@json_option
def add(day: date, count: int, closed: tuple[date, ...], as_json: bool) -> None:
    """N 営業日後(負なら前)の日 / the N-th bank day after a day (before it, when negative)."""
    _answer(day, calendar.add_bank_days(day, count, set(closed)), closed, as_json)


def _answer(asked: date, answer: date, closed: tuple[date, ...], as_json: bool) -> None:
    if not as_json:
        click.echo(answer.isoformat())
        return
    why: Text | None = calendar.why_closed(asked, set(closed))
    show_json({"date": answer, "asked": asked, "asked_is_bank_day": why is None, "why_closed": why})
