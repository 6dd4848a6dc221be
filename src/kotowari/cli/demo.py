"""`kotowari demo`: the living market of the demo, and who can sign in to it."""

import os
from collections.abc import Callable, Iterable

import click

from kotowari.cli.answers import CannotGoOn, json_option, say, show_json
from kotowari.cli.surroundings import DEMO_ENVIRONMENT, database, django_ready, mark_demo, with_django
from kotowari.kernel.text import Text

MAILBOX = "/demo/mailbox/"


def fill(progress: Callable[[Text], None]) -> None:
    """Fill the empty market of a demo with life, telling on the way how far it is; takes about a minute."""
    from kotowari.demo.market import fill_market

    fill_market(progress)


def sign_in_lines() -> Iterable[str]:
    """Who can sign in, with the one passphrase of them all, and where the demo's mail is."""
    from kotowari.demo.cast import PRINTED
    from kotowari.demo.people import PASSPHRASE

    yield str(Text("サインイン(パスワードはどれも同じ) / sign-ins, one passphrase", "Sign-ins, with one passphrase"))
    yield f"  {PASSPHRASE}"
    for role in PRINTED:
        yield f"  {role.username:<16}{role.what}"
    words = Text("メールと SMS はすべて {path} に届きます", "Every mail and text message arrives at {path}")
    yield str(words.format(path=MAILBOX))


@click.group()
def demo() -> None:
    """デモの市場 / the demo's market."""


@demo.command("fill")
def fill_command() -> None:
    """空のデータベースにデモの市場を作る / make the demo's market in an empty database."""
    os.environ.update(DEMO_ENVIRONMENT)
    with database(), django_ready():
        from kotowari.accounts.models import Member

        if Member.objects.exists():
            raise CannotGoOn(
                Text(
                    "このデータベースには会員がいます。空のデータベースで使ってください(先に kotowari migrate)。",
                    "There are members in this database. Use an empty one (after `kotowari migrate`).",
                )
            )
        mark_demo("filling")
        fill(say)
        mark_demo("filled")
    for line in sign_in_lines():
        click.echo(line)


@demo.command("roles")
@json_option
@with_django
def roles(as_json: bool) -> None:
    """誰としてサインインできるか / whom one can sign in as, and what their pages show."""
    from kotowari.demo.cast import ROLES
    from kotowari.demo.people import PASSPHRASE

    if as_json:
        show_json([{"username": r.username, "side": r.side, "what": r.what, "passphrase": PASSPHRASE} for r in ROLES])
        return
    click.echo(PASSPHRASE)
    for role in ROLES:
        click.echo(f"{role.username:<20}{role.what}")
