"""`kotowari migrate`: bring the tables up to date, telling how far it has come."""

import io
import sys

import click

from kotowari.cli.answers import say
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text

_ONE_AT_A_TIME = 7_226_701
"""The advisory lock under which only one process migrates a database."""


@click.command()
@with_django
def migrate() -> None:
    """表を最新にする / bring the tables up to date."""
    if not bring_up_to_date():
        say(Text("表は最新です。", "The tables are up to date."))


def bring_up_to_date() -> int:
    """Apply the migrations that are missing; returns how many. Django must be ready."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            say(Text(f"表を用意しています({missing}段階)…", f"Preparing the tables ({missing} steps)…"))
            call_command("migrate", interactive=False, verbosity=1, stdout=_Progress(missing))
        return missing
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


class _Progress(io.TextIOBase):
    """Turns the migrate command's lines into one line that counts; silent when nobody watches."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def write(self, words: str) -> int:
        self._done += words.count(" OK")
        if sys.stderr.isatty() and " OK" in words:
            end = "\n" if self._done >= self._total else ""
            click.echo(f"\r  {self._done}/{self._total}{end}", err=True, nl=False)
        return len(words)
