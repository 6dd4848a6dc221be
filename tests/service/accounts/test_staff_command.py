"""`kotowari staff`, as whoever runs the server types it."""

import json

import pytest
from click.testing import CliRunner, Result
from tests.service.accounts.conftest import Join

from kotowari.accounts.models import Member
from kotowari.cli.main import main
from kotowari.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db


def type_in(*words: str) -> Result:
    return CliRunner().invoke(main, words, env={"KOTOWARI_LANGUAGE": "en"})


def test_whoever_runs_the_server_appoints_staff_and_sees_them(join: Join) -> None:
    member = join("taro")
    appointed = type_in("staff", "add", "Taro")
    assert (appointed.exit_code, appointed.stdout.strip()) == (0, "taro is staff now.")
    assert Member.objects.get(pk=member.pk).is_staff
    assert AuditEntry.objects.get(kind="accounts.staff_appointed").actor_name == "system"
    assert [row["username"] for row in json.loads(type_in("staff", "list", "--json").stdout)] == ["taro"]
    assert type_in("staff", "list").stdout.split() == ["taro", "佐藤", "花子"]


def test_appointing_twice_or_nobody_is_refused_with_its_reason(join: Join) -> None:
    join("taro")
    type_in("staff", "add", "taro")
    again = type_in("staff", "add", "taro")
    assert again.exit_code == 1
    assert "staff already" in again.stderr
    assert type_in("staff", "add", "nobody").exit_code == 1
