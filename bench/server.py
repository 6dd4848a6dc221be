"""What everything is measured on: one PostgreSQL, durable as in production, with scratch databases; the web server."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL. `url` names any database on it whose user may create others."""

    url: str

    @contextmanager
    def scratch(self, name: str) -> Iterator[str]:
        """A new empty database for the time of the block, gone afterwards; gives its address."""
        name = f"kotowari_bench_{name}"
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(drop)
            connection.execute(make)
        try:
            yield make_conninfo(**{**conninfo_to_dict(self.url), "dbname": name})
        finally:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute(drop)

    def describe(self) -> str:
        """Which server this is, and whether it keeps what it commits."""
        with psycopg.connect(self.url) as connection:
            settings = {
                name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0]
                for name in ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
            }
        return "PostgreSQL " + ", ".join(f"{name} {value}" for name, value in settings.items())


@contextmanager
def django_on(url: str, settings: str = "kotowari.config.settings") -> Iterator[None]:
    """Django over the product's tables in the database at `url`, for the one measurement of this process."""
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections.close_all()


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """The product's server command over the bench's settings; gives its port and process."""
    from kotowari.cli.serve import server_command

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as static:
        command = server_command("127.0.0.1", port, 2, Path(static))
        server = subprocess.Popen(command, env=dict(os.environ), process_group=0)
        try:
            _wait_for(server, f"http://127.0.0.1:{port}/bare/hello/")
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def _wait_for(server: "subprocess.Popen[bytes]", url: str) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with status {server.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.1)  # it is not listening yet
        else:
            return
    raise RuntimeError("the server does not answer")


def pgbench() -> Path | None:
    """PostgreSQL's own measuring program: beside the programs in use, else anywhere on this machine."""
    from kotowari.cli.embedded.binaries import available

    for binaries in available():
        if (binaries.folder / "pgbench").exists():
            return binaries.folder / "pgbench"
    found = shutil.which("pgbench")
    return Path(found) if found else None


def run_pgbench(program: Path, url: str, *options: str) -> str:
    """What pgbench prints. Raises `CalledProcessError`."""
    parts = conninfo_to_dict(url)
    environment = {**os.environ, "PGDATABASE": str(parts["dbname"])}
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    environment |= {variable: str(parts[name]) for variable, name in names.items() if name in parts}
    done = subprocess.run([program, *options], env=environment, capture_output=True, text=True, check=True)
    return done.stdout
