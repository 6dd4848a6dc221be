"""File locks that the kernel lets go of when their last holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kotowari.cli.embedded import problems
from kotowari.cli.embedded.problems import Say
from kotowari.kernel.text import Text

POLL_SECONDS = 0.03


class FileLock:
    """An open lock file. Child processes that inherit `descriptor` share the lock until they too have ended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock if nobody holds it against us; never waits."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go of our share; a child that inherited the lock keeps it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@contextmanager
def exclusive(path: Path, *, seconds: float, say: Say) -> Iterator[None]:
    """Hold a lock inside the block, waiting up to `seconds` for it.

    The file tells who holds it. Raises `DatabaseProblem` (`in_use`).
    """
    lock = FileLock(path)
    started = time.monotonic()
    told = False
    try:
        while not lock.take():
            waited = time.monotonic() - started
            holder = path.read_text().strip() or "?"
            if waited > seconds:
                raise problems.in_use(path, holder, waited)
            if waited > 1 and not told:
                told = True
                say(
                    Text(
                        f"別のプロセス({holder})の準備が終わるのを待っています…",
                        f"Waiting for another process ({holder}) to get ready…",
                    )
                )
            time.sleep(POLL_SECONDS)  # flock has no wait with a limit
        os.ftruncate(lock.descriptor, 0)
        os.pwrite(lock.descriptor, f"pid {os.getpid()}\n".encode(), 0)
        yield
    finally:
        lock.close()
