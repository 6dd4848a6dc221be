"""`kotowari zengin`: look into the files that go to the bank and come from it."""

import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from kotowari.cli.answers import REFUSED, json_option, say, show_json, wrong_usage
from kotowari.cli.payouts import acting, as_option
from kotowari.cli.surroundings import with_django
from kotowari.cli.typed import DAY
from kotowari.kernel.fixed_records import FileFinding
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments import statement
from kotowari.payouts import zengin as transfers
from kotowari.payouts.banks import directory

if TYPE_CHECKING:
    from kotowari.payouts.files import RunFile

MOST_BYTES = 256 * 1024 * 1024
"""Two million records; a bank takes a few thousand."""


@click.group()
def zengin() -> None:
    """全銀ファイル / 全銀 bank files: 総合振込 (120 bytes), 振込入金通知 and 入出金取引明細 (200 bytes)."""


@zengin.command()
@click.argument("file", type=click.File("rb"), metavar="FILE")
@click.option(
    "--created-on",
    type=DAY,
    help="作成日(年のない日付の読み方。省略時は今日) / the day it was made; decides the years it does not hold.",
)
@click.option("--closed", type=DAY, multiple=True, help="銀行のほかの休業日(何度でも) / another day of rest.")
@click.option("--allow-wo", is_flag=True, help="名義の「ヲ」を認める / take ヲ in names.")
@click.option("--western-years", is_flag=True, help="明細の年を西暦下2桁で読む / years of statements are Western.")
@click.option("--no-directory", is_flag=True, help="金融機関一覧と照合しない / do not look up banks and branches.")
@json_option
def read(
    file: BinaryIO,
    created_on: date | None,
    closed: tuple[date, ...],
    allow_wo: bool,
    western_years: bool,
    no_directory: bool,
    as_json: bool,
) -> None:
    """全銀ファイルを読む / print the records of a file, or every error with its line and column.

    終了コード / exit status: 0 問題なし sound, 1 エラーあり errors, 2 使い方の誤り wrong usage.
    """
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise wrong_usage(
            Text(
                f"ファイルが大きすぎます({MOST_BYTES:,}バイトまで)。",
                f"The file is too large (at most {MOST_BYTES:,} bytes).",
            )
        )
    result: transfers.ReadResult | statement.ReadResult
    if data[:3] in (b"101", b"103"):
        years = statement.StatementProfile(date_style="western" if western_years else "era")
        result = statement.read(data, profile=years, imported_on=created_on)
    else:
        result = transfers.read(
            data,
            profile=transfers.BankProfile(allow_wo=allow_wo),
            created_on=created_on,
            directory=None if no_directory else directory(),
            closed=set(closed),
        )
    if as_json:
        show_json({"file": Path(file.name).name, "newline": result.newline.value, **_as_json(result)})
    else:
        for line in _transfer_lines(result) if isinstance(result, transfers.ReadResult) else _entry_lines(result):
            click.echo(line)
        _tell(result.errors, result.warnings)
    if result.errors:
        sys.exit(REFUSED)


@zengin.command()
@click.option("--payout-run", "run_id", required=True, help="振込の束の ID / the id of the payout run.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="書き出す先のファイルまたはフォルダー(省くと標準出力) / a file or folder; else standard output.",
)
@as_option
@with_django
def write(run_id: str, output: Path | None, username: str | None) -> None:
    """束の全銀ファイルを書き出す / write the bank file of a payout run; written again it is the same to the last bit.

    一度書き出した束は「銀行に依頼済み」になります。口座番号を含むため、ファイルは本人だけが読めるように作ります。
    """
    from kotowari.payouts import services
    from kotowari.payouts.files import run_files

    run = services.write_run_file(actor=acting(username), run_id=run_id)
    files = run_files(run)
    if not files:
        say(Text("振り込む出金が残らなかったため、束を閉じました。", "No transfer was left, so the run was closed."))
        sys.exit(REFUSED)
    if output is None and not sys.stdout.isatty():
        for file in files:
            click.echo(file.content, nl=False)
    else:
        _save(files, output or Path())
    for file in files:
        words = Text("{name}: {count}件 {total}", "{name}: {count} transfers, {total}")
        say(words.format(name=file.name, count=len(file.payouts), total=yen(file.total_yen)))


def _save(files: "list[RunFile]", output: Path) -> None:
    """Each file for its owner's eyes only; one that is there already is not overwritten."""
    if len(files) > 1 and not output.is_dir():
        raise wrong_usage(
            Text(
                f"ファイルが{len(files)}つに分かれます。--output にフォルダーを指定してください。",
                f"There are {len(files)} files: give a folder with --output.",
            )
        )
    for file in files:
        path = output / file.name if output.is_dir() else output
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise wrong_usage(
                Text(f"{path} に書き出せません({error.strerror})。", f"{path} cannot be written ({error.strerror}).")
            ) from error
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(file.content)


def _tell(errors: tuple[FileFinding, ...], warnings: tuple[FileFinding, ...]) -> None:
    """Every finding by line and column, on standard error."""
    for mark, findings in ((Text("エラー", "error"), errors), (Text("注意", "warning"), warnings)):
        for finding in findings:
            click.echo(f"{mark} {finding}", err=True)
    if errors:
        say(
            Text(
                "エラーが{count}件あります。ファイルを直すか、取得し直してください。",
                "Errors: {count}. Correct the file or fetch it again.",
            ).format(count=len(errors))
        )


# --------------------------------------------------------------------------------------------------------
# JSON


def _as_json(result: transfers.ReadResult | statement.ReadResult) -> dict[str, Any]:
    shown: dict[str, Any]
    if isinstance(result, transfers.ReadResult):
        shown = {"kind": "21", "files": [asdict(f) for f in result.files]}
    else:
        shown = {
            "kind": result.statements[0].type_code if result.statements else None,
            "statements": [_statement_as_json(s) for s in result.statements],
        }
    shown["errors"] = [error.as_dict() for error in result.errors]
    shown["warnings"] = [warning.as_dict() for warning in result.warnings]
    return shown


def _statement_as_json(s: statement.Statement) -> dict[str, Any]:
    shown = asdict(s)
    for row, entry in zip(shown["entries"], s.entries, strict=True):
        del row["account"]
        reference = statement.extract_reference(entry.payer_name) if entry.is_incoming else None
        row["natural_key"] = entry.natural_key()
        row["is_cancellation"] = entry.is_cancellation
        row["is_returned_transfer"] = statement.is_returned_transfer(entry)
        row["reference"] = asdict(reference) if reference else None
    return shown


# --------------------------------------------------------------------------------------------------------
# Words


def _transfer_lines(result: transfers.ReadResult) -> Iterator[str]:
    for f in result.files:
        h = f.header
        yield str(Text("総合振込  振込指定日 {day}", "Bulk transfer on {day}").format(day=h.transfer_on))
        yield str(Text("委託者 {code} {name}", "Client {code} {name}").format(code=h.client_code, name=h.client_name))
        yield str(
            Text("仕向 {bank} {branch} {kind} {number}", "From {bank} {branch} {kind} {number}").format(
                bank=f"{h.bank_code} {h.bank_name}".rstrip(),
                branch=f"{h.branch_code} {h.branch_name}".rstrip(),
                kind=h.account_kind.label,
                number=h.account_number,
            )
        )
        for line, t in enumerate(f.transfers, start=f.line + 1):
            extra = t.edi if t.edi is not None else "".join(c for c in (t.customer_code_1, t.customer_code_2) if int(c))
            yield (
                f"{line:>7}  {t.bank_code} {t.branch_code} {t.account_kind.label} {t.account_number}  "
                f"{t.payee_name:<30}  {yen(t.amount_yen)!s:>15}  {extra}".rstrip()
            )
        yield str(
            Text("合計 {count}件 {total}", "{count} transfers, {total} in all").format(
                count=f.trailer.count, total=yen(f.trailer.total_yen)
            )
        )


def _entry_lines(result: statement.ReadResult) -> Iterator[str]:
    for s in result.statements:
        name = (
            Text("振込入金通知", "Deposit notice")
            if s.type_code == "01"
            else Text("入出金取引明細", "Account statement")
        )
        a = s.account
        yield str(
            Text("{name}  作成日 {day}", "{name}, made on {day}").format(name=name, day=s.created_on),
        )
        yield f"{a.bank_code} {a.branch_code} {a.kind.label} {a.number} {a.holder_name}".rstrip()
        if s.opening_balance_yen is not None:
            yield str(Text("取引前残高 {yen}", "Balance before {yen}").format(yen=yen(s.opening_balance_yen)))
        for e in s.entries:
            sign = "+" if e.is_incoming else "-"
            cancels = str(Text("取消・訂正", "cancels")) if e.is_cancellation else ""
            notes = " ".join(note for note in (e.summary, e.edi, cancels) if note)
            yield f"{e.line:>7}  {e.booked_on} {sign}{yen(e.amount_yen)!s:>17}  {e.payer_name:<48}  {notes}".rstrip()
        if s.closing_balance_yen is not None:
            yield str(Text("取引後残高 {yen}", "Balance after {yen}").format(yen=yen(s.closing_balance_yen)))
        yield str(
            Text("{count}件  入金 {received}  出金 {paid}", "{count} lines, {received} in, {paid} out").format(
                count=len(s.entries), received=yen(s.received_yen), paid=yen(s.paid_yen)
            )
        )
