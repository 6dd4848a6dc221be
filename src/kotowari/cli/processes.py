"""Child processes that live and die together: the server, the jobs."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from kotowari.cli.answers import CannotGoOn, say
from kotowari.kernel.text import Text

SECONDS_TO_STOP = 20.0
RESTARTS_WITHIN = 60.0
MOST_RESTARTS = 5
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One command that is kept running; one that may be `restarted` is started again when it dies."""

    name: Text
    command: Sequence[str]
    restarted: bool
    process: "subprocess.Popen[bytes]"
    starts: list[float] = field(default_factory=list)


class Children:
    """The children of this process. Each has a process group of its own, so only we hear Ctrl-C and end them."""

    def __init__(self, *, kept_open: Sequence[int] = ()) -> None:
        self._kept_open = tuple(kept_open)
        self._children: list[Child] = []

    def start(self, name: Text, command: Sequence[str], *, restarted: bool) -> Child:
        """Start a command as a child."""
        child = Child(name, command, restarted, self._spawn(command), [time.monotonic()])
        self._children.append(child)
        return child

    def watch(self) -> None:
        """Keep them running until we are told to stop (KeyboardInterrupt).

        Raises `CannotGoOn` when one ends that must not, or keeps dying.
        """
        while True:
            for child in self._children:
                self.revive(child)
            time.sleep(0.2)  # nothing to do but to look after the children

    def revive(self, child: Child) -> None:
        """See to one child. Raises `CannotGoOn` when it has ended for good."""
        status = child.process.poll()
        if status is None:
            return
        recent = [start for start in child.starts if time.monotonic() - start < RESTARTS_WITHIN]
        if not child.restarted or len(recent) >= MOST_RESTARTS:
            raise CannotGoOn(
                Text(
                    f"{child.name.ja}が終了しました(状態 {status})。",
                    f"The {child.name.en} ended with status {status}.",
                )
            )
        say(
            Text(
                f"{child.name.ja}が終了したので再起動します(状態 {status})。",
                f"The {child.name.en} ended with status {status} and is started again.",
            )
        )
        child.process = self._spawn(child.command)
        child.starts = [*recent, time.monotonic()]

    def stop(self) -> None:
        """End all of them, politely, then not."""
        say(Text("止めています…", "Stopping…"))
        for child in self._children:
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        for child in self._children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(Text(f"{child.name.ja}を強制終了します。", f"The {child.name.en} is being killed."))
            _signal(child, signal.SIGKILL, group=True)
            child.process.wait()

    def _spawn(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=self._kept_open,
            process_group=0,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


@contextmanager
def told_to_stop() -> Iterator[None]:
    """SIGTERM and SIGHUP end the block like Ctrl-C does, and leaving it that way is no error."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not interrupt the tidying up inside the block."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal(child: Child, number: signal.Signals, *, group: bool = False) -> None:
    try:
        if group:
            os.killpg(child.process.pid, number)
        elif child.process.poll() is None:
            child.process.send_signal(number)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    # Were we killed outright, the children would go on holding the port.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
