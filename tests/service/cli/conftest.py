import os
import pickle
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kotowari.cli.embedded import EmbeddedDatabase


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, for a unix socket has to fit below it; open to pass through, for others run servers in it."""
    path = Path(tempfile.mkdtemp(prefix="ktw-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster_folders() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="ktw-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def ready_made(cluster_folders: Path) -> Iterator[Callable[..., EmbeddedDatabase]]:
    """An embedded database that earlier tests may have made already, empty and stopped (making one takes long)."""
    given: list[EmbeddedDatabase] = []

    def give(*, durable: bool = False, **options: Any) -> EmbeddedDatabase:
        database = EmbeddedDatabase(cluster_folders / ("real" if durable else "test"), durable=durable, **options)
        with database.in_use():
            database.recreate_database()
        given.append(database)
        return database

    yield give
    for database in given:
        database.release()
        database.stop(even_if_used=True)


@pytest.fixture
def as_ordinary_user() -> Callable[[Callable[[], Any]], Any]:
    """Call something in a child process that is not root, whoever runs the tests; gives its result."""

    def call(function: Callable[[], Any]) -> Any:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _answer(writing, function)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            answer = pipe.read()
        os.waitpid(child, 0)
        result = pickle.loads(answer)
        if isinstance(result, BaseException):
            raise result
        return result

    return call


def _answer(writing: int, function: Callable[[], Any]) -> None:
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
        result = function()
    except BaseException as error:
        result = AssertionError(f"{type(error).__name__}: {error}")
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(pickle.dumps(result))
    os._exit(0)
