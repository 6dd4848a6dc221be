"""`kotowari bank import` as somebody types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests import story
from tests.service.payments.bank_files import file, line
from tests.service.payments.test_importing import waiting_milestone

from kotowari.cli.main import main
from kotowari.payments.models import StatementFile

pytestmark = pytest.mark.django_db


def type_in(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["bank", "import", *words], env={"KOTOWARI_LANGUAGE": language})


@pytest.fixture
def statement(clock: Any, tmp_path: Path) -> str:
    m = waiting_milestone()
    path = tmp_path / "meisai.txt"
    path.write_bytes(file(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"), line(900, "ｽｽﾞｷ")))
    return str(path)


def test_a_file_is_imported_and_counted_and_a_second_time_adds_nothing(statement: str) -> None:
    first = json.loads(type_in(statement, "--json").stdout)
    assert (first["deposits"], first["matched"], first["in_suspense"], first["was_known"]) == (2, 1, 1, False)
    again = type_in(statement, "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["was_known"] is True
    assert "取込済み" in type_in(statement, language="ja").stdout


def test_who_imported_it_is_kept_and_only_staff_may(statement: str) -> None:
    staff, member = story.member(is_staff=True), story.member()
    refused = type_in(statement, "--by", member.username)
    assert refused.exit_code == 1
    assert "P008" in refused.stderr
    assert StatementFile.objects.count() == 0
    assert type_in(statement, "--by", staff.username).exit_code == 0
    assert StatementFile.objects.get().imported_by_id == staff.pk


def test_a_broken_file_is_wrong_usage_with_line_and_column(statement: str) -> None:
    path = Path(statement)
    path.write_bytes(path.read_bytes()[:350])
    wrong = type_in(statement)
    assert wrong.exit_code == 2
    assert "Line 2, column" in wrong.stderr
    assert StatementFile.objects.count() == 0


def test_a_file_that_is_not_there_is_wrong_usage(clock: Any) -> None:
    assert type_in("no-such-file.txt").exit_code == 2
