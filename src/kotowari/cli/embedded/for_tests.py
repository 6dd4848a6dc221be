"""A pytest plugin: without `DATABASE_URL` the tests get a database of their own, fast and thrown away when torn.

It is named in pyproject.toml (`-p`), not in a conftest, because pytest-django reads the settings before any
conftest is loaded. Worker processes of pytest-xdist inherit the address.
"""

import atexit
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from kotowari.cli.embedded import DatabaseProblem, EmbeddedDatabase
from kotowari.cli.embedded.locks import FileLock
from kotowari.kernel.text import Text

MOST_RUNS_AT_ONCE = 8


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start the database before anything asks for the settings."""
    os.environ.setdefault("KOTOWARI_TESTING", "1")
    os.environ.setdefault("KOTOWARI_SMS_BACKEND", "kotowari.accounts.sms.MailboxSender")
    os.environ.setdefault("KOTOWARI_DATA", str(early_config.rootpath / ".kotowari" / "test"))
    if not os.environ.get("DATABASE_URL"):
        try:
            os.environ["DATABASE_URL"] = _start(early_config.rootpath / ".kotowari" / "test-postgres")
        except DatabaseProblem as problem:
            raise pytest.UsageError(str(problem)) from problem
    return (yield)


def _start(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = EmbeddedDatabase(folder, durable=False, name=_free_name(folder), say=_tell)
    database.acquire()
    atexit.register(database.release)
    return database.url


def _free_name(folder: Path) -> str:
    # Two test runs at once share the server but not the database.
    for number in range(MOST_RUNS_AT_ONCE):
        lock = FileLock(folder / f"run-{number}.lock")
        if lock.take():
            atexit.register(lock.close)
            return f"kotowari{number or ''}"
        lock.close()
    raise pytest.UsageError(f"{MOST_RUNS_AT_ONCE} test runs use {folder} already; wait for one to end.")


def _tell(text: Text) -> None:
    print(text.en)
