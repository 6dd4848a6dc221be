"""`kotowari check`: is this installation in order?"""

import click

from kotowari.cli.answers import REFUSED, say
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text


@click.command()
@click.option("--deploy", is_flag=True, help="公開前の点検も行う / also what matters before going public.")
@with_django
def check(deploy: bool) -> None:
    """設定とデータベースを点検する / look over settings and database."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from kotowari.foundation import policy
    from kotowari.foundation.actors import SYSTEM
    from kotowari.kernel.gates import require
    from kotowari.ledger.gates import POST

    is_wrong = False
    try:
        call_command("check", deploy=deploy, databases=["default"], fail_level="WARNING" if deploy else "ERROR")
    except SystemCheckError as error:
        click.echo(str(error), err=True)
        is_wrong = True
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        say(
            Text(
                f"表が最新ではありません(あと{missing}段階)。kotowari migrate を実行してください。",
                f"The tables are {missing} steps behind. Run `kotowari migrate`.",
            )
        )
        is_wrong = True
    elif deploy and not policy.value("console.second_factor_required"):
        say(
            Text(
                "担当者に二段階認証を求めていません(規則の値 console.second_factor_required)。公開する前に true にしてください。",
                "Staff need no second factor (policy value console.second_factor_required). Set it to true before going public.",
            )
        )
        is_wrong = True
    if is_wrong:
        raise click.exceptions.Exit(REFUSED)
    require(POST, SYSTEM)  # refused with its reason while the clock stands behind the books (P018)
