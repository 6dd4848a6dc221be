"""What a command needs around it: the database, Django, and whether this installation is a demo."""

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from psycopg.conninfo import conninfo_to_dict

from kotowari.cli.answers import CannotGoOn, say
from kotowari.cli.embedded import EmbeddedDatabase
from kotowari.config import environment
from kotowari.kernel.text import Text

P = ParamSpec("P")
R = TypeVar("R")

DEMO_ENVIRONMENT = {
    "KOTOWARI_DEMO": "1",
    "KOTOWARI_MAIL_BACKEND": "kotowari.foundation.mail.MailboxBackend",
    "KOTOWARI_SMS_BACKEND": "kotowari.accounts.sms.MailboxSender",
}


def with_django(command: Callable[P, R]) -> Callable[P, R]:
    """For commands that need tables: brings the database and Django before, and puts things back after.

    Without `DATABASE_URL` the database that comes along is started, or shared when it runs already; it is
    stopped again unless somebody else uses it or `kotowari db start` keeps it.
    """

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with database(), django_ready():
            return command(*args, **kwargs)

    return wrapped


@contextmanager
def database() -> Iterator[EmbeddedDatabase | None]:
    """`DATABASE_URL` inside the block; gives the embedded database if it is that one."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    embedded = EmbeddedDatabase(say=say)
    with embedded.in_use() as url:
        os.environ["DATABASE_URL"] = url
        try:
            yield embedded
        finally:
            del os.environ["DATABASE_URL"]


@contextmanager
def django_ready() -> Iterator[None]:
    """Django set up inside the block, its connections closed after it, its database trouble put in words."""
    if demo_stage() is not None:
        os.environ.update({name: os.environ.get(name, value) for name, value in DEMO_ENVIRONMENT.items()})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotowari.config.settings")
    import django
    from django.apps import apps
    from django.db import Error, connections

    was_ready = apps.ready
    django.setup()
    try:
        follow_the_demos_clock()
        yield
    except Error as error:
        raise _in_words(error) from error
    finally:
        if not was_ready:  # else somebody's connections (a test's) are in use, and not ours to close
            connections.close_all()


def follow_the_demos_clock() -> None:
    """Let the product's clock show what the demo's shows (nothing before the tables are there)."""
    from django.conf import settings
    from django.db import connection

    if settings.DEMO:
        from kotowari.foundation import demo_clock
        from kotowari.foundation.models import DemoClock

        if DemoClock._meta.db_table in connection.introspection.table_names():
            demo_clock.refresh()


def demo_stage() -> str | None:
    """Whether the database in use was given to a demo: `filling` or `filled`; None when it was not.

    A demo is marked in the data folder with the database's address, so that every later command knows and no
    mail to its invented members ever leaves the machine.
    """
    try:
        address, _, stage = _demo_mark().read_text().strip().rpartition(" ")
    except FileNotFoundError:
        return None
    return stage if address == _address() else None


def mark_demo(stage: str) -> None:
    """Remember how far the demo in the database in use has come (`filling`, `filled`)."""
    _demo_mark().parent.mkdir(parents=True, exist_ok=True)
    _demo_mark().write_text(f"{_address()} {stage}\n")


def _demo_mark() -> Path:
    return environment.data_dir() / "demo"


def _address() -> str:
    url = os.environ.get("DATABASE_URL")
    if not url or url == EmbeddedDatabase().url:
        return "embedded"
    parts = conninfo_to_dict(url)
    return f"{parts.get('host', '')}:{parts.get('port', '')}/{parts.get('dbname', '')}".replace(" ", "_")


def _in_words(error: Exception) -> Exception:
    from django.db import OperationalError, ProgrammingError

    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    detail = str(error).strip()
    if isinstance(error, ProgrammingError) and state == "42P01":
        return CannotGoOn(
            Text(
                "データベースに表がまだありません。先に kotowari migrate を実行してください。",
                "The database has no tables yet. Run `kotowari migrate` first.",
            ),
        )
    if isinstance(error, OperationalError) and state is None:
        return CannotGoOn(
            Text("データベースに接続できません。", f"The database cannot be reached. {detail}"),
        )
    if state == "53100":
        return CannotGoOn(
            Text("データベースのディスクがいっぱいです。", f"The database's disk is full. {detail}"),
        )
    return error
