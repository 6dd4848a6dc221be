"""`kotowari clock`: see the demo's clock and move it, so that what falls due happens."""

import itertools
from datetime import timedelta

import click

from kotowari.cli.answers import CannotGoOn, json_option, say, show_json
from kotowari.cli.surroundings import with_django
from kotowari.kernel import clock as product_clock
from kotowari.kernel.text import Text

MOST_DAYS_AT_ONCE = 3_660
TOLD_EVERY_DAYS = 30


@click.group()
def clock() -> None:
    """デモの時計 / the demo's clock."""


@clock.command()
@json_option
@with_django
def show(as_json: bool) -> None:
    """いまの時刻 / what time it is for the market."""
    from django.conf import settings

    from kotowari.foundation import demo_clock

    ahead = demo_clock.ahead()
    if as_json:
        show_json(
            {
                "now": product_clock.now(),
                "today": product_clock.today(),
                "ahead_seconds": int(ahead.total_seconds()),
                "demo": settings.DEMO,
            }
        )
        return
    click.echo(product_clock.tokyo(product_clock.now()).strftime("%Y-%m-%d %H:%M:%S JST"))
    if ahead:
        click.echo(str(Text("実際より {days} 日進んでいます", "{days} days ahead").format(days=round(ahead / _DAY, 1))))


@clock.command()
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS_AT_ONCE),
    required=True,
    help="進める日数 / how many days to move forward.",
)
@json_option
@with_django
def advance(days: int, as_json: bool) -> None:
    """時計を進め、期限の来たことを起こす / move it forward and let happen what falls due (demo only)."""
    from django.conf import settings

    from kotowari.foundation import deadlines, demo_clock

    if not settings.DEMO:
        raise CannotGoOn(
            Text(
                "時計を動かせるのはデモだけです。kotowari run --demo で始めた市場で使ってください。",
                "Only a demo's clock can be moved: use it on a market begun with `kotowari run --demo`.",
            ),
        )
    passed = itertools.count(1)
    handled = demo_clock.advance(timedelta(days=days), tell=lambda: _told(next(passed), days))
    if as_json:
        show_json({"now": product_clock.now(), "handled": handled})
        return
    click.echo(product_clock.tokyo(product_clock.now()).strftime("%Y-%m-%d %H:%M:%S JST"))
    for name, count in sorted(handled.items()):
        if name in deadlines.TITLES:
            click.echo(f"  {deadlines.TITLES[name]}: {count}")


def _told(passed: int, days: int) -> None:
    """Say now and then how far a long way has come."""
    if passed % TOLD_EVERY_DAYS == 0 and passed < days:
        words = Text("{day}まで進みました(あと{left}日)…", "It is {day} now, {left} days to go…")
        say(words.format(day=product_clock.today(), left=days - passed))


_DAY = timedelta(days=1)
