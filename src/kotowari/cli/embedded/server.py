"""The server process of an embedded cluster: is it there, start it, stop it.

Whether a server runs is asked by connecting to it. Whether any of its processes still lives is asked of the
kernel: each inherits a lock on `server.lock`, which is free only when the last of them has ended. A process id
is never believed, for it may be a zombie's or somebody else's by now.
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Literal

import psycopg
from psycopg import sql

from kotowari.cli.embedded import problems
from kotowari.cli.embedded.account import Account
from kotowari.cli.embedded.binaries import Binaries
from kotowari.cli.embedded.cluster import PORT, USER, Cluster, server_environment
from kotowari.cli.embedded.locks import POLL_SECONDS, FileLock
from kotowari.cli.embedded.problems import DatabaseProblem, Say
from kotowari.kernel.text import Text

Answer = Literal["ready", "busy", "absent"]

LONGEST_RECOVERY_SECONDS = 1_800
LONGEST_SHUTDOWN_SECONDS = 60
_LARGEST_LOG_BYTES = 10_000_000

_RECOVERING = Text(
    "前回は正しく終了していません。データベースを回復しています…",
    "The database was not shut down properly last time; it is recovering…",
)

# Our own children, kept so that a dead one can be told from a live one and is reaped.
_children: dict[Path, subprocess.Popen[bytes]] = {}


def ask(cluster: Cluster) -> Answer:
    """Whether a server answers on the cluster's socket: `busy` while it starts, recovers or shuts down."""
    _reap(cluster)
    if not (cluster.socket_folder / f".s.PGSQL.{PORT}").exists():
        return "absent"
    try:
        connect(cluster).close()
    except psycopg.OperationalError as error:
        return "busy" if "the database system is" in str(error) else "absent"
    return "ready"


def connect(cluster: Cluster) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of our own, outside any transaction."""
    return psycopg.connect(
        host=str(cluster.socket_folder),
        port=PORT,
        user=USER,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
        application_name="kotowari launcher",
    )


def server_lock(cluster: Cluster) -> FileLock:
    """The lock that every process of the server holds."""
    return FileLock(cluster.folder / "server.lock")


def wait_until_gone(cluster: Cluster, lock: FileLock, *, say: Say) -> Answer:
    """Wait while processes of the server live but do not answer; with `absent` the lock is ours.

    Raises `DatabaseProblem` (`in_use`) when that does not end.
    """
    started = time.monotonic()
    told = False
    while True:
        answer = ask(cluster)
        if answer == "ready" or (answer == "absent" and lock.take()):
            return answer
        waited = time.monotonic() - started
        if waited > (LONGEST_RECOVERY_SECONDS if answer == "busy" else LONGEST_SHUTDOWN_SECONDS):
            raise problems.in_use(lock.path, f"postgres, pid {cluster.postmaster_pid()}", waited)
        if waited > 1 and not told:
            told = True
            say(Text("データベースの応答を待っています…", "Waiting for the database to answer…"))
        time.sleep(POLL_SECONDS)


def start(cluster: Cluster, binaries: Binaries, account: Account, lock: FileLock, *, say: Say) -> None:
    """Start the server, which takes over `lock`, and wait until it answers. Raises `DatabaseProblem`."""
    _remove_stale_pid_file(cluster)
    if cluster.log.exists() and cluster.log.stat().st_size > _LARGEST_LOG_BYTES:
        cluster.log.replace(cluster.log.with_name("log.1"))
    with cluster.log.open("ab") as log:
        log_start = log.tell()
        child = subprocess.Popen(  # noqa: S603
            account.command(binaries.postgres, "-D", cluster.data, *_server_options(cluster)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=server_environment(),
            pass_fds=(lock.descriptor,),
            start_new_session=True,
            **account.popen_identity,  # type: ignore[call-overload]
        )
    _children[cluster.folder] = child
    try:
        _wait_until_ready(cluster, child, log_start, say=say)
    except BaseException:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
        raise


def _wait_until_ready(cluster: Cluster, child: "subprocess.Popen[bytes]", log_start: int, *, say: Say) -> None:
    started = time.monotonic()
    told = False
    while (answer := ask(cluster)) != "ready":
        waited = time.monotonic() - started
        if child.poll() is not None or waited > LONGEST_RECOVERY_SECONDS:
            with cluster.log.open("rb") as log:
                log.seek(log_start)
                output = log.read().decode(errors="replace")
            raise problems.from_output(output, folder=cluster.folder, log=cluster.log)
        if answer == "busy" and waited > 0.3 and not told:
            told = True
            say(_RECOVERING)
        time.sleep(POLL_SECONDS)


def stop(cluster: Cluster, lock: FileLock) -> bool:
    """Shut the server down and wait for its last process; whether there was one. `lock` is ours afterwards.

    Raises `DatabaseProblem` (`did_not_stop`).
    """
    _reap(cluster)
    if lock.take():
        return False
    started = time.monotonic()
    # First end the connections and write everything down; then, if that hangs, leave it to recovery.
    for order, seconds in ((signal.SIGINT, LONGEST_SHUTDOWN_SECONDS), (signal.SIGQUIT, 10)):
        asked = False
        while time.monotonic() - started < seconds:
            pid = cluster.postmaster_pid()
            if pid is not None and not asked and _works_in(pid, cluster.data) is not False:
                asked = _signal(pid, order)
            _reap(cluster)
            if lock.take():
                return True
            time.sleep(POLL_SECONDS)
        started = time.monotonic()
    raise DatabaseProblem(
        "did_not_stop",
        Text(
            f"データベースが止まりません(pid {cluster.postmaster_pid()})。記録: {cluster.log}",
            f"The database does not stop (pid {cluster.postmaster_pid()}). Its log: {cluster.log}",
        ),
    )


def ensure_database(cluster: Cluster, name: str) -> None:
    """Create the database `name` unless it is there."""
    with connect(cluster) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_database(cluster: Cluster, name: str) -> None:
    """Drop the database `name` if it is there, whoever is connected to it."""
    with connect(cluster) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _server_options(cluster: Cluster) -> list[str]:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.socket_folder),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "400",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "off",
        "jit": "off",
        # PostgreSQL's own guess, 4, is that of turning disks: it would rather read a whole table than find 200 rows.
        "random_page_cost": "1.1",
    }
    if not cluster.durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [word for name, value in options.items() for word in ("-c", f"{name}={value}")]


def _remove_stale_pid_file(cluster: Cluster) -> None:
    # The lock is ours, so no process of a server that we started lives. PostgreSQL itself would be misled by a
    # zombie or by a process that has the same number by now. Where it cannot be known, it is left to judge.
    pid = cluster.postmaster_pid()
    if pid is None:
        return
    works_here = _works_in(pid, cluster.data)
    if works_here:
        raise problems.in_use(cluster.data, f"postgres, pid {pid}", 0)
    if works_here is False:
        cluster.pid_file.unlink(missing_ok=True)


def _works_in(pid: int, folder: Path) -> bool | None:
    """Whether a process has its working folder there, as every PostgreSQL process has; None: cannot be known."""
    if not Path("/proc/self/cwd").exists():
        return None
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError:
        return None


def _signal(pid: int, order: signal.Signals) -> bool:
    try:
        os.kill(pid, order)
    except ProcessLookupError:
        return False
    return True


def _reap(cluster: Cluster) -> None:
    child = _children.get(cluster.folder)
    if child is not None and child.poll() is not None:
        del _children[cluster.folder]
