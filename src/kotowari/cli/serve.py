"""`kotowari serve`: the web server (granian, WSGI) with the static files."""

import errno
import http.client
import os
import socket
import sys
import time
from pathlib import Path

import click

from kotowari.cli.answers import CannotGoOn, say
from kotowari.cli.processes import Child, Children, told_to_stop, undisturbed
from kotowari.cli.surroundings import database, django_ready
from kotowari.kernel.text import Text

SERVER = Text("サーバー", "web server")
BLOCKING_THREADS = 4
SECONDS_TO_START = 60.0

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="待ち受けるアドレス / the address to listen on."
)
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="ポート / the port."
)
workers_option = click.option(
    "--workers", type=click.IntRange(1, 64), default=None, help="プロセス数 / processes (default: up to 2)."
)


@click.command()
@host_option
@port_option
@workers_option
def serve(host: str, port: int, workers: int | None) -> None:
    """サーバーだけを起動 / the web server alone; migrate first, run `kotowari work` beside it."""
    check_port(host, port)
    with told_to_stop(), database() as embedded:
        with django_ready():
            static = collect_static()
        children = Children(kept_open=[embedded.use_descriptor] if embedded and embedded.use_descriptor else [])
        try:
            server = children.start(SERVER, server_command(host, port, workers, static), restarted=False)
            wait_until_served(children, server, host, port)
            say(Text(f"http://{host}:{port}/ で動いています。", f"Serving on http://{host}:{port}/"))
            children.watch()
        finally:
            with undisturbed():
                children.stop()


def check_port(host: str, port: int) -> None:
    """See that nobody listens there yet: two granians would share a port without a word. Raises `CannotGoOn`."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror as error:
        raise CannotGoOn(
            Text(f"アドレス {host} が分かりません。", f"The address {host} is not known: {error.strerror}.")
        ) from error
    except OSError as error:
        raise CannotGoOn(_port_words(error, host, port)) from error


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there yet, and we may."""
    try:
        check_port(host, port)
    except CannotGoOn:
        return False
    return True


def reach(host: str) -> str:
    """The address at which something that listens on `host` is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - an address to compare with


def _port_words(error: OSError, host: str, port: int) -> Text:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return Text(
            f"ポート {port} は別のプログラムが使っています。別のポートを選んでください: "
            f"PORT={other} make run(または --port {other})",
            f"Port {port} is taken by another program. Choose another one: PORT={other} make run (or --port {other})",
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Text(
            f"ポート {port} を開く権限がありません。1024 以上を選んでください: PORT=8000 make run",
            f"Port {port} may not be opened by this user. Choose one above 1023: PORT=8000 make run",
        )
    return Text(
        f"{host}:{port} で待ち受けられません。", f"It is not possible to listen on {host}:{port}: {error.strerror}."
    )


def collect_static() -> Path:
    """Gather the static files of every room into the data folder; only what changed is copied."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    return Path(settings.STATIC_ROOT)


def server_command(host: str, port: int, workers: int | None, static: Path) -> list[str]:
    """The command line of granian; its processes learn from the environment how many of them share the cores."""
    count = str(workers or min(2, os.cpu_count() or 1))
    os.environ["KOTOWARI_WORKERS"] = count
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--no-ws"),
        *("--workers", count),
        *("--blocking-threads", str(BLOCKING_THREADS), "--blocking-threads-idle-timeout", "600"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
        *("--static-path-route", "/static", "--static-path-mount", str(static)),
        *("--static-path-expires", "3600", "--log-level", "warning"),
        "kotowari.config.wsgi:application",
    ]


def wait_until_served(children: Children, server: Child, host: str, port: int) -> None:
    """Wait until the server answers a request. Raises `CannotGoOn` when it dies or does not answer."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        children.revive(server)
        connection = http.client.HTTPConnection(reach(host), port, timeout=SECONDS_TO_START)
        try:
            connection.request("HEAD", "/", headers={"Host": "localhost"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)  # it is not listening yet
        else:
            return
        finally:
            connection.close()
    raise CannotGoOn(
        Text("サーバーが応答しません。", f"The web server does not answer within {SECONDS_TO_START:.0f} seconds.")
    )
