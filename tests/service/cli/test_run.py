"""`kotowari run` as a newcomer starts it: from an empty folder, without any database of their own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from kotowari.cli.embedded import EmbeddedDatabase

SECONDS = 90


Type = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def type_in(folder: Path) -> Iterator[Type]:
    """Start `kotowari` with some words in an empty folder of its own; ended at the latest with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KOTOWARI_") and k != "DATABASE_URL"}
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "kotowari.cli.main", *words],
                env={**kept, "KOTOWARI_DATA": str(folder), "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=SECONDS)
    EmbeddedDatabase(folder / "postgres").stop(even_if_used=True)


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    read = ""
    assert process.stdout
    for line in process.stdout:
        read += line
        if words in line:
            return read
    raise AssertionError(f"{words!r} never came:\n{read}")


def status_of(port: int, path: str = "/") -> int:
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().status


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def eventually(is_so: "Iterator[bool]") -> bool:
    for so in is_so:
        if so:
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_it_runs_from_nothing_stops_cleanly_and_starts_again_with_its_data(
    folder: Path, port: int, type_in: Type
) -> None:
    database = EmbeddedDatabase(folder / "postgres")
    first = type_in("run", "--workers", "1", "--port", str(port))
    read_until(first, f"http://localhost:{port}/")
    assert status_of(port) < 500
    assert status_of(port, "/static/mark.svg") == 200
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    first.send_signal(signal.SIGINT)
    words, _ = first.communicate(timeout=SECONDS)
    assert first.returncode == 0, words
    assert "The data are kept." in words
    assert is_free(port)
    assert not database.status().running

    second = type_in("run", "--workers", "1", "--port", str(port))
    read_until(second, f"http://localhost:{port}/")
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)

    # killed outright it can tidy up nothing, yet its children go with it and the next start finds its way
    second.kill()
    second.communicate()
    assert eventually(is_free(port) for _ in range(200))
    with database.in_use():
        pass
    assert not database.status().running


def test_a_taken_port_is_found_out_before_anything_is_made(folder: Path, type_in: Type) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = type_in("run", "--port", str(port))
        words, _ = refused.communicate(timeout=SECONDS)
    assert refused.returncode == 1
    assert f"Port {port} is taken" in words
    assert f"PORT={port + 1} make run" in words
    assert list(folder.iterdir()) == []


def test_an_address_that_is_not_there_is_named(port: int, type_in: Type) -> None:
    refused = type_in("run", "--port", str(port), "--host", "203.0.113.7")
    words, _ = refused.communicate(timeout=SECONDS)
    assert refused.returncode == 1
    assert f"203.0.113.7:{port}" in words


def test_a_named_server_that_does_not_answer_is_told_of(folder: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": f"postgresql:///none?host={folder}", "KOTOWARI_DATA": str(folder)}
    answer = subprocess.run(
        [sys.executable, "-m", "kotowari.cli.main", "migrate"], env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert "The database cannot be reached." in answer.stderr
    assert "Traceback" not in answer.stderr
