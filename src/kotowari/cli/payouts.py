"""`kotowari payouts`: closings, what the bank's statement says of transfers, and transfers that came back."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from kotowari.cli.answers import REFUSED, CannotGoOn, json_option, say, show_json, wrong_usage
from kotowari.cli.surroundings import with_django
from kotowari.cli.typed import DAY
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text

if TYPE_CHECKING:
    from kotowari.foundation.actors import Actor
    from kotowari.payments.statement import Account, Entry
    from kotowari.payouts.models import BankEntry, Closing, Payout, PayoutRun

MOST_BYTES = 64 * 1024 * 1024
RUNS_SHOWN = 50

as_option = click.option(
    "--as", "username", default=None, help="記録に残す担当者のユーザー名 / the member of staff to be recorded."
)


@click.group()
def payouts() -> None:
    """締め・振込・組戻し / closings, transfers and returns."""


@payouts.command()
@click.option(
    "--on", type=DAY, help="締め日(省くと終わった締めをすべて) / the closing day; else every one that is over."
)
@as_option
@json_option
@with_django
def close(on: date | None, username: str | None, as_json: bool) -> None:
    """締める / gather what was fixed by the end of a closing day; done twice, it is done once."""
    from kotowari.kernel import clock
    from kotowari.payouts import schedule, services
    from kotowari.payouts.models import Closing

    actor = acting(username)
    last = Closing.objects.order_by("-closes_on").values_list("closes_on", flat=True).first()
    days = [on] if on else schedule.due_closings(last) or [schedule.closing_before(clock.today())]
    closed = [_closing_as_json(services.close(actor=actor, on=day)) for day in days]
    if as_json:
        show_json(closed)
        return
    for each in closed:
        words = Text(
            "{closes_on}締め・{pays_on}払い  振込{payouts}件 {total}  繰越{carried_over}件  束 {run}",
            "Closing of {closes_on}, paid on {pays_on}: {payouts} to pay, {total}; {carried_over} carried over; run {run}",
        )
        click.echo(str(words.format(**{**each, "total": yen(each["total_yen"]), "run": each["run"] or "–"})))


@payouts.command()
@json_option
@with_django
def runs(as_json: bool) -> None:
    """振込の束の一覧 / the runs, newest first."""
    from kotowari.payouts import selectors
    from kotowari.payouts.transitions import RUN

    rows = list(selectors.runs_visible_to(acting(None))[:RUNS_SHOWN])
    totals = selectors.run_totals(rows)
    if as_json:
        show_json([_run_as_json(row, totals[row.pk]) for row in rows])
        return
    for row in rows:
        inside = totals[row.pk]
        count = Text("{n}件", "{n} transfers").format(n=inside.transfers)
        click.echo(f"{row.pk}  {row.pays_on}  {RUN.states[row.state]}  {count}  {yen(inside.total_yen)}")


@payouts.command()
@click.argument("file", type=click.File("rb"), metavar="FILE")
@as_option
@json_option
@with_django
def settle(file: BinaryIO, username: str | None, as_json: bool) -> None:
    """銀行の入出金明細から振込の結果を記録する / record what a bank statement says of our transfers.

    入金は bank import で取り込みます。同じファイルを何度取り込んでも結果は同じです。
    """
    entries = _read_statement(file)
    actor = acting(username)
    matched = [line for entry in entries if (line := _match(actor, entry)) is not None]
    if as_json:
        show_json([_line_as_json(line) for line in matched])
        return
    for line in matched:
        click.echo("  ".join(_line_in_words(line)))
    if not matched:
        words = Text("このファイルに出金・組戻しの明細はありません。", "No line of this file is about our transfers.")
        click.echo(str(words))


@payouts.command(name="return")
@click.argument("payout_id", metavar="ID")
@click.option(
    "--reason", required=True, help="戻った理由 / why it came back: no_such_account, name_mismatch, … or words."
)
@click.option("--explanation", default="", help="補足 / more about it.")
@as_option
@with_django
def return_(payout_id: str, reason: str, explanation: str, username: str | None) -> None:
    """組戻しを記録する / record that the bank sent a transfer back; ID is its id or the number in the file."""
    from kotowari.payouts import services

    payout = services.return_payout(
        actor=acting(username), payout_id=_payout(payout_id).pk, reason=reason, explanation=explanation
    )
    words = Text(
        "{number}: {gross}を残高に戻しました。理由は受取人に伝わります:{why}",
        "{number}: {gross} is in the balance again. Its owner is told why: {why}",
    )
    click.echo(str(words.format(number=payout.reference, gross=yen(payout.gross_yen), why=payout.why)))


def acting(username: str | None) -> "Actor":
    """Who is recorded: the member of staff that is named, else whoever has this command line."""
    from kotowari.accounts.selectors import member_by_username
    from kotowari.foundation.actors import SystemActor

    return member_by_username(username) if username else SystemActor("command line")


def _payout(typed: str) -> "Payout":
    from kotowari.foundation import subjects
    from kotowari.payouts.models import Payout

    if typed.isascii() and typed.isdigit() and len(typed) <= 10:
        found = Payout.objects.filter(number=int(typed)).first()
        if found is not None:
            return found
    row: Payout = subjects.load("payouts.payout", typed, actor=acting(None))
    return row


def _read_statement(file: BinaryIO) -> "tuple[Entry, ...]":
    from kotowari.payments import statement

    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise wrong_usage(
            Text(
                f"ファイルが大きすぎます({MOST_BYTES:,}バイトまで)。",
                f"The file is too large (at most {MOST_BYTES:,} bytes).",
            )
        )
    result = statement.read(data)
    if result.errors:
        for error in result.errors:
            click.echo(str(error), err=True)
        say(
            Text("ファイルを読み取れないため、何も記録していません。", "The file cannot be read; nothing was recorded.")
        )
        sys.exit(REFUSED)
    for each in result.statements:
        _ours(each.account)
    return result.entries


def _ours(account: "Account") -> None:
    """Money that moved in somebody else's account says nothing about our transfers."""
    from kotowari.foundation.operator import operator_bank_account

    mine = operator_bank_account()
    if mine is None or not mine.is_same(account.bank_code, account.branch_code, account.kind, account.number):
        where = f"{account.bank_code}-{account.branch_code} {account.number}"
        raise CannotGoOn(
            Text(
                f"この明細の口座({where})は、設定されている運営の口座ではありません。何も記録していません。",
                f"This statement is about {where}, which is not the operator's account; nothing was recorded.",
            )
        )


def _match(actor: "Actor", entry: "Entry") -> "BankEntry | None":
    from kotowari.payments import statement
    from kotowari.payouts import services

    if entry.is_cancellation:
        return None
    said = {
        "actor": actor,
        "entry_key": entry.natural_key(),
        "amount_yen": entry.amount_yen,
        "booked_on": entry.booked_on,
    }
    if not entry.is_incoming:
        payee = "" if entry.payer_name.replace(" ", "").isdigit() else entry.payer_name  # a number of our contract
        return services.match_outgoing(**said, name=f"{entry.summary} {payee}".strip())
    if statement.is_returned_transfer(entry):
        return services.match_returned(**said, name=f"{entry.summary} {entry.payer_name}".strip())
    return None


def _line_in_words(line: "BankEntry") -> Iterator[str]:
    from kotowari.payouts.transitions import BANK_ENTRY

    yield str(line.booked_on)
    yield f"{'+' if line.direction == 'back' else '-'}{yen(line.amount_yen)}"
    yield str(BANK_ENTRY.states[line.state])
    if line.payout_id is not None:
        yield str(Text("出金 {id}", "payout {id}").format(id=line.payout_id))
    elif line.run_id is not None:
        yield str(Text("束 {id}", "run {id}").format(id=line.run_id))
    elif line.explanation is not None:
        yield str(line.explanation)


def _line_as_json(line: "BankEntry") -> dict[str, Any]:
    return {
        "id": line.pk,
        "key": line.key,
        "direction": line.direction,
        "amount_yen": line.amount_yen,
        "booked_on": line.booked_on,
        "state": line.state,
        "run": line.run_id,
        "payout": line.payout_id,
        "explanation": line.explanation,
    }


def _closing_as_json(closing: "Closing") -> dict[str, Any]:
    nets = list(closing.payouts.values_list("net_yen", flat=True))
    run = getattr(closing, "run", None)
    return {
        "closes_on": closing.closes_on,
        "pays_on": closing.pays_on,
        "payouts": len(nets),
        "total_yen": sum(nets),
        "carried_over": closing.carried_over.count(),
        "run": run.pk if run else None,
    }


def _run_as_json(row: "PayoutRun", totals: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "closes_on": row.closing.closes_on if row.closing else None,
        "pays_on": row.pays_on,
        "state": row.state,
        "transfers": totals.transfers,
        "total_yen": totals.total_yen,
        "by_state": dict(totals.by_state),
        "files": [{key: each[key] for key in ("name", "digest", "count", "total_yen")} for each in row.files],
    }
