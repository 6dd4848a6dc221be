"""`kotowari verify`: every invariant of the ledger, on the live database."""

import click

from kotowari.cli.answers import REFUSED, CannotGoOn, json_option, show_json, wrong_usage
from kotowari.cli.surroundings import with_django
from kotowari.foundation.actors import SystemActor
from kotowari.kernel.text import Text


@click.command()
@json_option
@click.option(
    "--record", is_flag=True, help="結果を検査の記録に残す / keep what was found among the runs of the checks."
)
@click.option(
    "--head",
    "kept",
    metavar="NUMBER:DIGEST",
    help="控えておいた封印が、いまも鎖にあるか / whether a seal that was kept outside still stands in the chain.",
)
@with_django
def verify(as_json: bool, record: bool, kept: str | None) -> None:
    """帳簿の不変条件をすべて確かめる / check every invariant of the ledger."""
    from kotowari.ledger import invariants, selectors, services

    if kept is not None and not _stands(kept):
        raise CannotGoOn(
            Text(
                f"封印 {kept} は、いまの鎖にありません。控えたあとに、それより前の仕訳か封印が変えられています。",
                f"The seal {kept} is not in the chain: something before it was altered since it was kept.",
            )
        )

    results = services.check_and_record(actor=SystemActor("kotowari verify")) if record else invariants.check_all()
    broken = [result for result in results if not result.ok]
    if as_json:
        head = selectors.head()
        # An auditor keeps the newest seal outside: with it, what was sealed can be proven unaltered.
        seals = {"L13": {"head": {"number": head.number, "digest": head.digest} if head else None}}
        show_json([{"name": r.name, "ok": r.ok, "detail": r.detail, **seals.get(r.name, {})} for r in results])
    else:
        for result in results:
            click.echo(f"{'ok ' if result.ok else 'NG '} {result.name}  {result.detail}")
        words = Text("{bad} 件が破れています。", "{bad} broken.") if broken else Text("すべて正しいです。", "All hold.")
        click.echo(str(words.format(bad=len(broken))))
    if broken:
        raise click.exceptions.Exit(REFUSED)


def _stands(kept: str) -> bool:
    from kotowari.ledger.selectors import seal_numbered

    number, _, digest = kept.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 19 and digest):
        raise wrong_usage(
            Text(
                "--head は「番号:ダイジェスト」です(kotowari verify --json の L13 にあります)。",
                "--head is NUMBER:DIGEST, as `kotowari verify --json` shows it at L13.",
            )
        )
    found = seal_numbered(int(number))
    return found is not None and found.digest == digest.lower()
