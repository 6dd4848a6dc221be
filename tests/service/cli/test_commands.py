"""Commands on a migrated database, as somebody types them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tests import story
from tests.ledger import books

from kotowari.accounts.models import Member
from kotowari.cli.main import main
from kotowari.foundation import demo_clock
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.selectors import head
from kotowari.ledger.services import Line, post, seal

pytestmark = pytest.mark.django_db


def type_in(*words: str, language: str = "en", **environment: str) -> Result:
    return CliRunner().invoke(main, words, env={"KOTOWARI_LANGUAGE": language, **environment})


@pytest.fixture
def hanako() -> Member:
    return Member.objects.create_user("hanako", "hanako@example.com", display_name="花子")


@pytest.mark.parametrize("how", ["username", "email", "id"])
def test_explain_finds_a_member_by_name_address_or_id(how: str, hanako: Member) -> None:
    user = {"username": "HANAKO", "email": "hanako@example.com", "id": str(hanako.pk)}[how]
    answer = type_in("explain", "--user", user, "--action", "accounts.settings.change", "--json")
    assert answer.exit_code == 0, answer.stderr
    decision = json.loads(answer.stdout)
    assert decision["action"] == "accounts.settings.change"
    assert decision["allowed"] is True


def test_explain_shows_the_reasons_of_a_member_who_left(hanako: Member) -> None:
    hanako.left_at = hanako.joined_at
    hanako.save()
    answer = type_in("explain", "--user", "hanako", "--action", "accounts.settings.change", "--json")
    decision = json.loads(answer.stdout)
    assert decision["allowed"] is False
    assert decision["blockers"]
    in_words = type_in("explain", "--user", "hanako", "--action", "accounts.settings.change", language="ja")
    assert "設定を更新できません" in in_words.stdout
    assert decision["blockers"][0]["rule"] in in_words.stdout


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["--user", "nobody", "--action", "accounts.settings.change"], "There is no member nobody."),
        (["--user", "hanako", "--action", "accounts.setting.change"], "accounts.settings.change"),
        (["--user", "hanako", "--action", "contracts.milestone.accept"], "needs --subject"),
        (["--user", "hanako", "--action", "accounts.settings.change", "--subject", "7"], "takes no --subject"),
    ],
)
def test_explain_says_what_would_be_right(words: list[str], right: str, hanako: Member) -> None:
    answer = type_in("explain", *words)
    assert answer.exit_code == 2
    assert right in answer.stderr


def test_explain_tells_nobody_of_things_they_cannot_see(hanako: Member) -> None:
    words = ["explain", "--user", "hanako", "--action", "contracts.milestone.accept", "--subject"]
    unknown, nonsense = type_in(*words, str(new_id())), type_in(*words, "nonsense")
    assert (unknown.exit_code, nonsense.exit_code) == (1, 1)
    assert "There is no" in unknown.stderr


def test_explain_money_says_of_every_account_whose_it_is_and_why(clock: Any, hanako: Member) -> None:
    [milestone] = story.funded((10_000,), worker=hanako)
    told = json.loads(type_in("explain", "money", "--json").stdout)
    assert sum(row["balance_yen"] for row in told) == 0
    [escrow] = [row for row in told if row["account"].startswith("escrow:")]
    assert escrow["owner"] == milestone.contract.client.display_name
    assert milestone.title in escrow["words"]
    one = type_in("explain", "money", str(milestone.pk))
    assert one.exit_code == 0
    assert "+11,000" in one.stdout
    assert type_in("explain", "money", str(new_id())).exit_code == 2
    assert type_in("explain").exit_code == 2


def test_money_that_nobody_can_explain_ends_with_status_one(clock: Any) -> None:
    deposit_without_a_row = books.receive(5_000)
    answer = type_in("explain", "money")
    assert answer.exit_code == 1
    assert f"suspense:deposit:{deposit_without_a_row}" in answer.stdout


def test_the_clock_shows_and_moves_in_a_demo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = True
    demo_clock.install()
    monkeypatch.setattr(demo_clock, "catch_up", lambda: {"contracts.auto_accept": 2})
    try:
        moved = json.loads(type_in("clock", "advance", "--days", "3", "--json").stdout)
        assert moved["handled"] == {"contracts.auto_accept": 6}
        shown = json.loads(type_in("clock", "show", "--json").stdout)
        assert shown["ahead_seconds"] == 3 * 24 * 3600
        assert shown["demo"] is True
        assert "3.0 days ahead" in type_in("clock", "show").stdout
    finally:
        demo_clock.set_ahead(demo_clock.timedelta())
        demo_clock.clock.set_source(None)


def test_the_clock_moves_in_a_demo_only(settings: Any) -> None:
    settings.DEMO = False
    answer = type_in("clock", "advance", "--days", "3")
    assert answer.exit_code == 1
    assert "kotowari run --demo" in answer.stderr


def test_a_seal_that_was_kept_outside_is_held_against_the_chain() -> None:
    deposit_id = new_id()
    lines = [Line(accounts.bank_deposits(), -100), Line(accounts.suspense(deposit_id), 100)]
    post(
        kind=JournalKind.DEPOSIT_RECEIVED,
        scope="test.deposit",
        key="kept",
        lines=lines,
        actor=SYSTEM,
        deposit_id=deposit_id,
    )
    seal()
    kept = head()
    assert kept is not None
    assert "is not in the chain" not in type_in("verify", "--head", f"{kept.number}:{kept.digest}").stderr
    altered = type_in("verify", "--head", f"{kept.number}:{'0' * 64}")
    assert altered.exit_code == 1
    assert "is not in the chain" in altered.stderr
    assert type_in("verify", "--head", "7").exit_code == 2


def test_verify_passes_on_books_that_hold_and_fails_on_broken_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = type_in("verify", "--json")
    assert sound.exit_code == 0
    assert all(result["ok"] for result in json.loads(sound.stdout))
    broken = SimpleNamespace(name="L1", ok=False, detail="journal 7 sums to 1")
    monkeypatch.setattr("kotowari.ledger.invariants.check_all", lambda: [broken])
    answer = type_in("verify")
    assert answer.exit_code == 1
    assert "journal 7 sums to 1" in answer.stdout


def test_migrate_on_an_up_to_date_database_says_so() -> None:
    answer = type_in("migrate")
    assert answer.exit_code == 0
    assert "up to date" in answer.stderr


def test_check_sees_tables_that_are_behind() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("messaging", "0001_initial")
    behind = type_in("check")
    recorder.record_applied("messaging", "0001_initial")
    assert behind.exit_code == 1
    assert "kotowari migrate" in behind.stderr
    assert type_in("check").exit_code == 0


def test_the_embedded_database_is_driven_by_hand(folder: Path) -> None:
    environment = {"KOTOWARI_DATA": str(folder), "DATABASE_URL": ""}
    assert json.loads(type_in("db", "status", "--json", **environment).stdout)["running"] is False
    started = type_in("db", "start", **environment)
    try:
        assert started.stdout.startswith("postgresql://kotowari@/kotowari?host=")
        assert json.loads(type_in("db", "status", "--json", **environment).stdout)["running"] is True
        assert "running already" in type_in("db", "start", **environment).stderr
    finally:
        assert type_in("db", "stop", **environment).exit_code == 0
    assert "not running" in type_in("db", "stop", **environment).stderr
    assert "stopped" in type_in("db", "status", **environment).stdout


def test_the_embedded_database_is_left_alone_where_another_is_named() -> None:
    answer = type_in("db", "start", DATABASE_URL="postgresql:///elsewhere")
    assert answer.exit_code == 2
    assert "DATABASE_URL is set" in answer.stderr
