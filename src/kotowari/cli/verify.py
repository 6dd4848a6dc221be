"""`kotowari verify`: every invariant of the ledger, on the live database."""

import click

from kotowari.cli.answers import REFUSED, json_option, show_json
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text


@click.command()
@json_option
@with_django
def verify(as_json: bool) -> None:
    """帳簿の不変条件をすべて確かめる / check every invariant of the ledger."""
    from kotowari.ledger import invariants

    results = invariants.check_all()
    broken = [result for result in results if not result.ok]
    if as_json:
        show_json([{"name": r.name, "ok": r.ok, "detail": r.detail} for r in results])
    else:
        for result in results:
            click.echo(f"{'ok ' if result.ok else 'NG '} {result.name}  {result.detail}")
        words = Text("{bad} 件が破れています。", "{bad} broken.") if broken else Text("すべて正しいです。", "All hold.")
        click.echo(str(words.format(bad=len(broken))))
    if broken:
        raise click.exceptions.Exit(REFUSED)
