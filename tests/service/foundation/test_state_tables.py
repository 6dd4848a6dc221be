"""The database keeps the very tables that the code names, and no row can be in a state that none of them knows."""

import importlib
import importlib.util

import pytest
from django.apps import apps
from django.db import connection

from kotowari.foundation.transitions import TransitionTable


def tables() -> list[TransitionTable]:
    found = []
    for app in apps.get_app_configs():
        name = f"{app.name}.transitions"
        if app.name.startswith("kotowari.") and app.name != "kotowari.foundation" and importlib.util.find_spec(name):
            module = importlib.import_module(name)
            found += [value for value in vars(module).values() if isinstance(value, TransitionTable)]
    return found


@pytest.mark.django_db
@pytest.mark.rule("P002")
@pytest.mark.parametrize("table", tables(), ids=lambda t: t.name)
def test_the_triggers_in_the_database_are_those_the_table_makes(table: TransitionTable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname, p.proname, p.prosrc, count(*) OVER () FROM pg_trigger t"
            " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgenabled = 'O' AND p.prosrc LIKE %s",
            [f"%'{table.name}: a new row cannot be %%"],
        )
        rows = cursor.fetchall()
    assert rows, f"{table.name} has no trigger: its migration lacks the operation"
    ((relation, function, source, triggers),) = rows
    assert triggers == 2
    column = function.removeprefix(f"{relation}_").removesuffix("_changes")
    assert source in table.sql_trigger(relation, column), f"{table.name} changed: renew its trigger in a migration"


@pytest.mark.parametrize("table", tables(), ids=lambda t: t.name)
def test_every_state_has_its_words_and_its_check(table: TransitionTable) -> None:
    assert all(text.ja and text.en for text in table.states.values())
    names = {constraint.name for model in apps.get_models() for constraint in model._meta.constraints}
    assert table.constraint().name in names
