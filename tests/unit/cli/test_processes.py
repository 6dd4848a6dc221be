import os
import signal
import sys
import time

import pytest

from kotowari.cli import processes
from kotowari.cli.answers import CannotGoOn
from kotowari.cli.processes import Child, Children, told_to_stop
from kotowari.kernel.text import Text

NAME = Text("試し", "trial")
WAIT = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]
END = [sys.executable, "-S", "-c", "raise SystemExit(3)"]


def ended(child: Child) -> None:
    child.process.wait(10)


def test_a_child_that_may_be_restarted_is_and_one_that_keeps_dying_is_not() -> None:
    children = Children()
    child = children.start(NAME, END, restarted=True)
    for _ in range(processes.MOST_RESTARTS - 1):
        ended(child)
        children.revive(child)
    ended(child)
    with pytest.raises(CannotGoOn, match="ended with status 3"):
        children.revive(child)


def test_a_child_that_must_not_end_ends_everything() -> None:
    children = Children()
    child = children.start(NAME, END, restarted=False)
    ended(child)
    with pytest.raises(CannotGoOn, match="trial"):
        children.watch()


def test_children_end_when_they_are_told_to() -> None:
    children = Children()
    child = children.start(NAME, WAIT, restarted=True)
    children.stop()
    assert child.process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS_TO_STOP", 0.1)
    children = Children()
    child = children.start(NAME, DEAF, restarted=True)
    time.sleep(0.5)  # until it is deaf
    children.stop()
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_way_of_being_told_to_stop_ends_the_block_quietly(number: signal.Signals) -> None:
    tidied = False
    with told_to_stop():
        try:
            os.kill(os.getpid(), number)
            time.sleep(5)
        finally:
            tidied = True
    assert tidied
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
