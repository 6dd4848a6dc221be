"""Run as a process of its own: imports a statement and dies by SIGKILL right after the step that it is told.

Arguments: the step (`module:function`, or `commit`), the moment that the clock shows, the file.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import django

django.setup()

from kotowari.foundation.actors import SYSTEM  # noqa: E402
from kotowari.kernel import clock  # noqa: E402
from kotowari.payments.services import import_statement  # noqa: E402


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        die()

    return run


step, moment, path = sys.argv[1:]
now = datetime.fromisoformat(moment)
clock.set_source(lambda: now)
if step != "commit":
    module, _, name = step.partition(":")
    holder = import_module(f"kotowari.payments.services.{module}")
    setattr(holder, name, dying_after(getattr(holder, name)))
import_statement(actor=SYSTEM, data=Path(path).read_bytes(), filename="meisai.txt")
die()
