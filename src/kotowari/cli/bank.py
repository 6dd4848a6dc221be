"""`kotowari bank`: what the operator's bank says comes in."""

from pathlib import Path
from typing import BinaryIO

import click

from kotowari.cli.answers import json_option, show_json, wrong_usage
from kotowari.cli.surroundings import with_django
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text

MOST_BYTES = 20 * 1024 * 1024


@click.group()
def bank() -> None:
    """入出金明細の取込 / bank statements."""


@bank.command(name="import")
@click.argument("file", type=click.File("rb"), metavar="FILE")
@click.option("--by", "username", metavar="USERNAME", help="取り込む担当者 / the member of staff who imports it.")
@click.option("--western-years", is_flag=True, help="年を西暦下2桁で読む / its years are Western.")
@json_option
@with_django
def import_(file: BinaryIO, username: str | None, western_years: bool, as_json: bool) -> None:
    """振込入金通知・入出金取引明細を取り込む / import a deposit notice (01) or an account statement (03).

    同じファイル・同じ明細を何度取り込んでも、2回目からは何も増えません / a file or line brought again adds nothing.
    """
    from kotowari.accounts import selectors
    from kotowari.foundation.actors import SYSTEM
    from kotowari.payments.services import import_statement

    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        text = Text("ファイルは{max}MBまでです。", "The file may have at most {max} MB.")
        raise wrong_usage(text.format(max=MOST_BYTES >> 20))
    made = import_statement(
        actor=selectors.member_by_username(username) if username else SYSTEM,
        data=data,
        filename=Path(file.name).name,
        western_years=western_years,
    )
    counts = {
        "lines": made.line_count,
        "known": made.line_count if made.was_known else made.known_count,
        "deposits": 0 if made.was_known else made.deposit_count,
        "deposit_yen": 0 if made.was_known else made.deposit_yen,
        "matched": 0 if made.was_known else made.matched_count,
        "in_suspense": 0 if made.was_known else made.suspense_count,
        "outgoing": 0 if made.was_known else made.outgoing_count,
        "returned": 0 if made.was_known else made.returned_count,
        "cancellations": 0 if made.was_known else made.cancellation_count,
    }
    if as_json:
        show_json({"id": made.pk, "file": made.filename, "was_known": made.was_known, **counts})
        return
    if made.was_known:
        click.echo(
            str(
                Text(
                    "取込済みのファイルです。何も追加していません。",
                    "This file was imported before; nothing was added.",
                )
            )
        )
        return
    words = Text(
        "明細{lines}件(既知{known}件) 入金{deposits}件 {total}: 仮払いに充当{matched}件・仮受{in_suspense}件  "
        "出金{outgoing}件・組戻し{returned}件・取消{cancellations}件",
        "{lines} line(s), {known} known; {deposits} deposit(s) of {total}: {matched} in escrow, {in_suspense} in "
        "suspense; {outgoing} outgoing, {returned} returned, {cancellations} cancelled",
    )
    click.echo(str(words.format(total=yen(made.deposit_yen), **counts)))
    for warning in made.warnings:
        click.echo(str(Text(warning["ja"], warning["en"])), err=True)
