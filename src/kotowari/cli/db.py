"""`kotowari db`: the database that comes along, by hand."""

import os
from dataclasses import asdict

import click

from kotowari.cli.answers import json_option, say, show_json, wrong_usage
from kotowari.cli.embedded import EmbeddedDatabase
from kotowari.kernel.text import Text


@click.group()
def db() -> None:
    """内蔵データベース / the database that comes along (used when DATABASE_URL is not set)."""


def _embedded() -> EmbeddedDatabase:
    if os.environ.get("DATABASE_URL"):
        raise wrong_usage(
            Text(
                "DATABASE_URL が設定されているので、内蔵データベースは使われません。",
                "DATABASE_URL is set, so the database that comes along is not used.",
            )
        )
    return EmbeddedDatabase(say=say)


@db.command()
def start() -> None:
    """起動したままにする / start it and leave it running."""
    embedded = _embedded()
    if embedded.start():
        say(Text("データベースを起動しました。", "The database was started."))
    else:
        say(Text("データベースはもう動いています。", "The database is running already."))
    click.echo(embedded.url)


@db.command()
@click.option("--force", is_flag=True, help="使用中でも止める / stop it even while others use it.")
def stop(force: bool) -> None:
    """止める / stop it."""
    if _embedded().stop(even_if_used=force):
        say(Text("データベースを止めました。", "The database was stopped."))
    else:
        say(Text("データベースは動いていません。", "The database is not running."))


@db.command()
@json_option
def status(as_json: bool) -> None:
    """様子を見る / see how it stands."""
    found = _embedded().status()
    if as_json:
        show_json(asdict(found))
        return
    state = Text("動いています", "running") if found.running else Text("止まっています", "stopped")
    click.echo(f"{state}  PostgreSQL {found.version or '-'} ({found.source or '-'})")
    click.echo(f"{found.folder}")
    if found.running:
        click.echo(found.url)
