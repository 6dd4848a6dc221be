"""`kotowari staff`: who works for the operator. Whoever has this command line has the server, and may appoint."""

import click

from kotowari.cli.answers import json_option, show_json
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text


@click.group()
def staff() -> None:
    """運営の担当者 / the operator's people."""


@staff.command()
@click.argument("username")
@with_django
def add(username: str) -> None:
    """会員を担当者に任命する / appoint a member as staff."""
    from kotowari.accounts import selectors, services
    from kotowari.foundation.actors import SYSTEM

    member = selectors.member_by_username(username)
    services.appoint_staff(actor=SYSTEM, member_id=member.pk)
    words = Text("{name} さんを担当者に任命しました。", "{name} is staff now.")
    click.echo(str(words.format(name=member.username)))
    if selectors.lacks_factor(selectors.member_by_username(username)):
        words = Text(
            "運営の画面は、本人が二段階認証を設定すると開けます(/my/settings/login/)。",
            "The console opens to them once they have set up a second factor (/my/settings/login/).",
        )
        click.echo(str(words))


@staff.command(name="list")
@json_option
@with_django
def list_(as_json: bool) -> None:
    """担当者の一覧 / everybody who is staff."""
    from kotowari.accounts import selectors
    from kotowari.foundation.actors import SYSTEM

    rows = selectors.members_visible_to(SYSTEM).filter(is_staff=True).order_by("username")
    if as_json:
        show_json([{"id": row.pk, "username": row.username, "display_name": row.display_name} for row in rows])
        return
    for row in rows:
        click.echo(f"{row.username}\t{row.display_name}")
