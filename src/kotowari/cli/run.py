"""`kotowari run`: everything in one go, from an empty folder to an open market."""

import os
from collections.abc import Iterable

import click

from kotowari.cli.answers import CannotGoOn, say
from kotowari.cli.embedded import EmbeddedDatabase
from kotowari.cli.gateway import GATEWAY, gateway_command
from kotowari.cli.migrate import bring_up_to_date
from kotowari.cli.processes import Children, told_to_stop, undisturbed
from kotowari.cli.serve import (
    SERVER,
    check_port,
    collect_static,
    host_option,
    is_free,
    port_option,
    reach,
    server_command,
    wait_until_served,
    workers_option,
)
from kotowari.cli.surroundings import DEMO_ENVIRONMENT, database, demo_stage, django_ready, mark_demo
from kotowari.cli.work import JOBS, worker_command
from kotowari.config import environment
from kotowari.kernel.text import Text
from kotowari.payments.cards.choice import CARDS, GATEWAY_SECRET, GATEWAY_URL


@click.command()
@click.option("--demo", is_flag=True, help="生きた市場とサインイン情報付き / with a living market and sign-ins.")
@host_option
@port_option
@workers_option
def run(demo: bool, host: str, port: int, workers: int | None) -> None:
    """データベース・移行・ジョブ・サーバーを一度に起動 / database, migrations, jobs and server in one go."""
    check_port(host, port)
    address = f"http://localhost:{port}/"
    os.environ.setdefault("KOTOWARI_BASE_URL", address.rstrip("/"))
    with told_to_stop():
        say(Text("Kotowari を始めます…", "Starting Kotowari…"))
        with database() as embedded:
            if demo:
                _begin_demo(embedded)
            with django_ready():
                bring_up_to_date()
                sign_ins = _demo_market(demo)
                static = collect_static()
            cards = _demo_cards(host, port) if demo_stage() is not None else None
            _keep_running(embedded, host, port, server_command(host, port, workers, static), cards, sign_ins)
    say(Text("終わりました。データは残っています。", "Stopped. The data are kept."))


def _demo_cards(host: str, port: int) -> list[str] | None:
    """The command of the demo's card gateway, and the market told of it; None when cards were set up otherwise."""
    if os.environ.get(CARDS):
        return None
    beside = next((p for p in range(port + 1, min(port + 20, 65536)) if is_free(host, p)), None)
    if beside is None:
        return None
    os.environ.update(
        {
            CARDS: "fake",
            GATEWAY_URL: f"http://{reach(host)}:{beside}",
            GATEWAY_SECRET: environment.secret("card_gateway_secret"),
        }
    )
    webhooks = f"http://{reach(host)}:{port}/api/v1/webhooks/cards"
    return gateway_command(host, beside, webhooks, public_url=f"http://localhost:{beside}")


def _keep_running(
    embedded: EmbeddedDatabase | None,
    host: str,
    port: int,
    command: list[str],
    cards: list[str] | None,
    sign_ins: Iterable[str],
) -> None:
    children = Children(kept_open=[embedded.use_descriptor] if embedded and embedded.use_descriptor else [])
    try:
        server = children.start(SERVER, command, restarted=False)
        children.start(JOBS, worker_command(), restarted=True)
        if cards:
            children.start(GATEWAY, cards, restarted=True)
        wait_until_served(children, server, host, port)
        _announce(f"http://localhost:{port}/", sign_ins)
        children.watch()
    finally:
        with undisturbed():
            children.stop()


def _begin_demo(embedded: EmbeddedDatabase | None) -> None:
    """Switch the demo's tools on, and clear away a demo whose filling was interrupted."""
    os.environ.update(DEMO_ENVIRONMENT)
    if demo_stage() != "filling":
        return
    if embedded is None:
        raise CannotGoOn(
            Text(
                "前回、デモの作成が途中で止まりました。DATABASE_URL のデータベースを空にしてからやり直してください。",
                "Filling the demo was interrupted last time. Empty the database of DATABASE_URL and start again.",
            )
        )
    say(Text("途中で止まったデモを作り直します…", "The demo was left half filled; making it anew…"))
    embedded.recreate_database()


def _demo_market(demo: bool) -> list[str]:
    """Fill an empty market with life; gives the lines that tell how to sign in.

    `kotowari.cli.demo` does it: `fill(progress)`, which tells `progress` a `Text` now and then, and
    `sign_in_lines()`, one line for each person to be, in both languages.
    """
    if demo_stage() is None and not demo:
        return []
    from kotowari.accounts.models import Member
    from kotowari.cli import demo as market

    if not demo:
        say(Text("このデータはデモです。デモとして続けます。", "These data are a demo's, and go on as a demo."))
    if not Member.objects.exists():
        mark_demo("filling")
        market.fill(say)
        mark_demo("filled")
    elif demo_stage() is None:
        raise CannotGoOn(
            Text(
                "このデータベースには実際の会員がいます。デモには別の場所を: KOTOWARI_DATA=.kotowari-demo",
                "This database holds real members. Give the demo a place of its own: KOTOWARI_DATA=.kotowari-demo",
            )
        )
    return list(market.sign_in_lines())


def _announce(address: str, sign_ins: Iterable[str]) -> None:
    line = "─" * 64
    click.echo(f"\n{line}")
    click.secho(f"  {address}", bold=True)
    click.echo("  ブラウザで開いてください / open it in a browser")
    for words in sign_ins:
        click.echo(f"  {words}")
    click.echo("  止めるには Ctrl-C / Ctrl-C stops it")
    click.echo(f"{line}\n")
