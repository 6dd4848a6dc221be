"""`kotowari gateway`: the demo's card gateway alone, for trying out cards without a demo's market around it."""

import os
import secrets
import sys

import click

from kotowari.cli.answers import say
from kotowari.cli.serve import check_port, host_option
from kotowari.config import environment
from kotowari.kernel.text import Text
from kotowari.payments.cards.choice import CARDS, GATEWAY_SECRET, GATEWAY_URL

GATEWAY = Text("カード決済(デモ)", "card gateway (demo)")


@click.command()
@host_option
@click.option("--port", type=click.IntRange(1, 65535), default=8010, show_default=True, help="ポート / the port.")
@click.option("--webhooks", default="", help="知らせを送るアドレス / the address its messages go to.")
def gateway(host: str, port: int, webhooks: str) -> None:
    """デモのカード決済だけを起動 / the demo's card gateway alone (no card is real, no money moves)."""
    check_port(host, port)
    os.environ.setdefault(GATEWAY_SECRET, secrets.token_urlsafe(32))
    say(
        Text(
            f"{CARDS}=fake、{GATEWAY_URL}=http://{host}:{port}、{GATEWAY_SECRET}={os.environ[GATEWAY_SECRET]} で使えます。",
            f"Use it with {CARDS}=fake, {GATEWAY_URL}=http://{host}:{port} and {GATEWAY_SECRET}={os.environ[GATEWAY_SECRET]}.",
        )
    )
    command = gateway_command(host, port, webhooks, public_url="")
    os.execv(command[0], command)  # noqa: S606 - our own interpreter


def gateway_command(host: str, port: int, webhooks: str, *, public_url: str) -> list[str]:
    """The command line of the gateway, its book beside the other data of this installation."""
    book = environment.data_dir() / "card-gateway.json"
    book.parent.mkdir(parents=True, exist_ok=True)
    return [
        *(sys.executable, "-m", "kotowari.payments.cards.gateway"),
        *("--host", host, "--port", str(port), "--book", str(book)),
        *(("--webhooks", webhooks) if webhooks else ()),
        *(("--public", public_url) if public_url else ()),
    ]
