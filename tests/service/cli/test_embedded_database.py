"""The database that comes along, driven for real: made, shared, killed, recovered, stopped."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kotowari.cli.embedded import DatabaseProblem, EmbeddedDatabase, binaries
from kotowari.cli.embedded.account import AccountName
from kotowari.cli.embedded.locks import FileLock

ACCOUNTS: list[AccountName] = ["namespace", "capability", "switch"] if os.geteuid() == 0 else ["self"]
ReadyMade = Callable[..., EmbeddedDatabase]
# The newest of the system's and of the wheel's.
PROGRAMS = list({found.source: found for found in reversed(binaries.available())}.values())


def ask(database: EmbeddedDatabase, query: str) -> Any:
    with psycopg.connect(database.url) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def answers(database: EmbeddedDatabase) -> bool:
    try:
        return ask(database, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def kill_server(database: EmbeddedDatabase) -> None:
    pid = database.status().pid
    assert pid
    os.kill(pid, signal.SIGKILL)


def other_process(folder: Path, then: str) -> "subprocess.Popen[str]":
    program = f"""
import sys
from pathlib import Path
from kotowari.cli.embedded import EmbeddedDatabase
database = EmbeddedDatabase(Path({str(folder)!r}), durable=False)
print(database.acquire(), flush=True)
{then}
"""
    return subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("programs", PROGRAMS, ids=lambda found: f"{found.source}-{found.version}")
def test_each_postgresql_of_this_machine_serves_and_keeps_its_data(
    programs: binaries.Binaries, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "available", lambda _source=None: [programs])
    database = EmbeddedDatabase(folder / "pg", durable=False)
    with database.in_use():
        assert ask(database, "SHOW server_version_num").startswith(str(programs.major))
        ask(database, "CREATE TABLE kept AS SELECT '断り' AS word")
        # by code point, whatever the machine's locale: あ < ア < 亜, and case is known beyond ASCII
        assert ask(database, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['亜','ア','あ']) x") == "あア亜"
        assert ask(database, "SELECT upper('ÿ')") == "Ÿ"
    assert not answers(database)
    with database.in_use():
        assert ask(database, "SELECT word FROM kept") == "断り"


@pytest.mark.parametrize("account", ACCOUNTS)
def test_it_runs_whichever_way_root_steps_down(account: AccountName, ready_made: ReadyMade) -> None:
    database = ready_made(account=account)
    with database.in_use():
        assert ask(database, "SELECT 1") == 1
    with database.in_use():
        assert ask(database, "SELECT 1") == 1
    # only the owner may enter the folder in which everybody may sign in
    assert database.cluster.socket_folder.stat().st_mode & 0o077 == 0


def test_it_runs_as_an_ordinary_user(folder: Path, as_ordinary_user: Callable[[Callable[[], Any]], Any]) -> None:
    shared = folder / "theirs"
    shared.mkdir()
    shared.chmod(0o777)
    reachable = _reachable_programs(folder)

    def start_and_ask() -> tuple[Any, bool]:
        binaries.available = lambda _source=None: [reachable]
        database = EmbeddedDatabase(shared / "pg", durable=False)
        with database.in_use():
            return ask(database, "SELECT current_user"), database.cluster.data.stat().st_uid != 0

    assert as_ordinary_user(start_and_ask) == ("kotowari", True)


def _reachable_programs(folder: Path) -> binaries.Binaries:
    for found in PROGRAMS:
        if all(parent.stat().st_mode & 0o005 == 0o005 for parent in (found.folder, *found.folder.parents)):
            return found
    # The environment lies under a home that only its owner may enter; then the wheel's programs are copied out.
    wheel = next(found for found in PROGRAMS if found.source == "wheel")
    package = wheel.folder.parent.parent
    shutil.copytree(wheel.folder.parent, folder / package.name / wheel.folder.parent.name)
    shutil.copytree(package.with_name(f"{package.name}.libs"), folder / f"{package.name}.libs")
    copy = folder / package.name / wheel.folder.parent.name / "bin"
    return binaries.Binaries(copy, wheel.major, wheel.version, wheel.source)


def test_real_use_is_durable_and_tests_are_not(ready_made: ReadyMade) -> None:
    real = ready_made(durable=True)
    with real.in_use():
        assert [ask(real, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")] == ["on"] * 3
        assert ask(real, "SHOW data_checksums") == "on"
        assert ask(real, "SHOW listen_addresses") == ""
    with pytest.raises(DatabaseProblem, match="real use") as caught:
        EmbeddedDatabase(real.cluster.folder, durable=False).acquire()
    assert caught.value.code == "wrong_kind"


def test_a_killed_server_recovers_with_everything_committed(ready_made: ReadyMade) -> None:
    database = ready_made(durable=True)
    with database.in_use():
        ask(database, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        kill_server(database)
        # this process has not reaped its dead child: the number in postmaster.pid is a zombie's
        assert database.acquire() is True
        assert ask(database, "SELECT count(*) FROM kept") == 1000


def test_a_process_id_that_is_somebody_elses_by_now_misleads_nobody(ready_made: ReadyMade) -> None:
    database = ready_made(durable=True)
    with database.in_use():
        ask(database, "CREATE TABLE kept ()")
    lines = ["1"] * 8
    lines[0] = str(os.getpid())
    database.cluster.pid_file.write_text("\n".join(lines))
    with database.in_use():
        assert ask(database, "SELECT count(*) FROM kept") == 0


def test_a_torn_test_database_is_thrown_away(ready_made: ReadyMade) -> None:
    database = ready_made()
    with database.in_use():
        ask(database, "CREATE TABLE gone ()")
        kill_server(database)
        assert database.acquire() is True
        assert ask(database, "SELECT to_regclass('gone')") is None


def test_two_processes_share_it_and_the_last_one_stops_it(ready_made: ReadyMade) -> None:
    database = ready_made()
    assert database.acquire() is True
    other = other_process(database.cluster.folder, "sys.stdin.readline(); database.release()")
    assert other.stdout
    assert other.stdout.readline() == "False\n"  # joined, not started
    database.release()
    assert answers(database)
    other.communicate("go\n")
    assert not answers(database)


def test_a_user_that_was_killed_does_not_keep_it_running(ready_made: ReadyMade) -> None:
    database = ready_made()
    database.acquire()
    other = other_process(database.cluster.folder, "sys.stdin.readline()")
    assert other.stdout
    other.stdout.readline()
    other.kill()
    other.communicate()
    database.release()
    assert not answers(database)


def test_started_by_hand_it_stays_until_it_is_stopped(ready_made: ReadyMade) -> None:
    database = ready_made()
    assert database.start() is True
    assert database.start() is False
    with ready_made().in_use():
        with pytest.raises(DatabaseProblem, match="--force") as caught:
            database.stop()
        assert caught.value.code == "in_use"
        assert answers(database)
    assert answers(database)
    assert database.status().kept
    assert database.stop() is True
    assert not answers(database)
    assert database.stop() is False


def test_stopping_by_force_does_not_wait_for_users(ready_made: ReadyMade) -> None:
    database = ready_made()
    with database.in_use():
        assert database.stop(even_if_used=True) is True
        assert not answers(database)


def test_any_folder_name_will_do(folder: Path) -> None:
    database = EmbeddedDatabase(folder / ("データ a,b" + "x" * 110), durable=False)
    try:
        with database.in_use():
            assert ask(database, "SELECT 1") == 1
    finally:
        if database.cluster.socket_folder.parent == Path("/tmp"):
            shutil.rmtree(database.cluster.socket_folder)


def test_the_programs_that_made_it_are_kept_even_when_others_come_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTOWARI_PG", "wheel")
    with EmbeddedDatabase(folder / "pg", durable=False).in_use():
        pass
    monkeypatch.delenv("KOTOWARI_PG")
    database = EmbeddedDatabase(folder / "pg", durable=False)
    with database.in_use():
        assert database.status().source == "wheel"


def test_data_of_another_major_are_named_with_what_to_install(folder: Path) -> None:
    (folder / "pg" / "data").mkdir(parents=True)
    (folder / "pg" / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseProblem, match="postgresql-12") as caught:
        EmbeddedDatabase(folder / "pg").acquire()
    assert caught.value.code == "major_mismatch"


def test_a_machine_without_postgresql_is_told_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "available", lambda _source=None: [])
    with pytest.raises(DatabaseProblem, match="apt-get install postgresql") as caught:
        EmbeddedDatabase(folder / "pg").acquire()
    assert caught.value.code == "no_binaries"


def test_a_wish_for_unknown_programs_is_answered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTOWARI_PG", "mysql")
    with pytest.raises(DatabaseProblem, match="system or wheel"):
        EmbeddedDatabase(folder / "pg").acquire()


def test_whoever_holds_the_lock_is_named(folder: Path) -> None:
    database = EmbeddedDatabase(folder / "pg", lock_seconds=0.2)
    database.cluster.prepare_folder()
    held = FileLock(folder / "pg" / "lock")
    os.pwrite(held.descriptor, b"pid 4242\n", 0)
    assert held.take()
    with pytest.raises(DatabaseProblem, match="pid 4242") as caught:
        database.acquire()
    assert caught.value.code == "in_use"
    held.close()


def test_a_folder_that_cannot_be_written_is_named(
    folder: Path, as_ordinary_user: Callable[[Callable[[], Any]], Any]
) -> None:
    folder.chmod(0o555)

    def acquire() -> tuple[str, str]:
        try:
            EmbeddedDatabase(folder / "pg").acquire()
        except DatabaseProblem as problem:
            return problem.code, problem.text.en
        return "", ""

    code, words = as_ordinary_user(acquire)
    assert code == "not_writable"
    assert str(folder / "pg") in words


def test_somebody_elses_folder_is_named_with_its_owner(
    folder: Path, as_ordinary_user: Callable[[Callable[[], Any]], Any]
) -> None:
    def code_for_the_roots_own() -> str:
        try:
            EmbeddedDatabase(Path("/usr")).acquire()
        except DatabaseProblem as problem:
            return f"{problem.code} {problem.text.en}"
        return ""

    assert as_ordinary_user(code_for_the_roots_own).startswith("not_ours /usr belongs to root")


def test_a_full_disk_is_named_before_anything_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=20_000_000))
    with pytest.raises(DatabaseProblem, match="disk is full") as caught:
        EmbeddedDatabase(folder / "pg").acquire()
    assert caught.value.code == "disk_full"
    assert not (folder / "pg" / "data").exists()


def test_a_disk_that_fills_up_while_it_is_made_leaves_nothing_half_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The machine's own words for a full disk, from a program that really meets one, in place of initdb.
    full = folder / "initdb"
    full.write_text("#!/bin/sh\ncat /dev/zero > /dev/full || exit 1\n")
    full.chmod(0o755)
    found = PROGRAMS[0]
    shutil.copy(found.postgres, folder / "postgres")
    monkeypatch.setattr(
        binaries, "available", lambda _source=None: [binaries.Binaries(folder, found.major, found.version, "system")]
    )
    database = EmbeddedDatabase(folder / "pg", durable=False)
    with pytest.raises(DatabaseProblem, match="disk is full") as caught:
        database.acquire()
    assert caught.value.code == "disk_full"
    assert not database.cluster.exists
    monkeypatch.undo()
    with database.in_use():
        assert ask(database, "SELECT 1") == 1


def test_a_server_that_does_not_start_shows_its_own_words(ready_made: ReadyMade) -> None:
    database = ready_made()
    with database.in_use():
        pass
    control = database.cluster.data / "global" / "pg_control"
    sound = control.read_bytes()
    control.write_bytes(b"nonsense")
    started = time.monotonic()
    with pytest.raises(DatabaseProblem, match=r"pg_control|control file") as caught:
        database.acquire()
    control.write_bytes(sound)
    assert caught.value.code == "did_not_start"
    assert time.monotonic() - started < 10
