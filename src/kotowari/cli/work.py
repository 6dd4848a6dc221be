"""`kotowari work`: the background jobs (a procrastinate worker)."""

import sys
from typing import cast

import click

from kotowari.cli.answers import say
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text

JOBS = Text("ジョブ", "job worker")
SECONDS_TO_FINISH = 8


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="同時に行うジョブの数 / how many jobs at once.",
)
@with_django
def work(concurrency: int) -> None:
    """ジョブだけを動かす / the background jobs alone; the tables must be there."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    say(Text("ジョブを動かしています。", "Working on background jobs."))
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    with app.replace_connector(connector) as worker:
        # Finished jobs are not kept: what they did stands in the audit log.
        worker.run_worker(
            concurrency=concurrency, shutdown_graceful_timeout=SECONDS_TO_FINISH, delete_jobs="successful"
        )


def worker_command() -> list[str]:
    """The command line that runs the jobs in a process of their own."""
    return [sys.executable, "-m", "kotowari.cli.main", "work"]
