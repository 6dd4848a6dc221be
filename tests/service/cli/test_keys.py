"""`kotowari keys`: personal data come under a new key while the market runs, and what does not open is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.service.cli.test_commands import type_in
from tests.service.payouts.market import Market

from kotowari.foundation import crypto, sealed
from kotowari.foundation.sealed import SEALED
from kotowari.payouts.models import BankAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako(own_keyring: Path, clock: Any) -> None:
    """A worker with a bank account."""
    Market(clock).worker("hanako", reward_yen=2_000)


@pytest.fixture(autouse=True)
def own_keyring(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    products = {label: seal for label, seal in SEALED.items() if str(seal.owner.__module__).startswith("kotowari.")}
    monkeypatch.setattr(sealed, "SEALED", products)  # and not a table of another test's own
    return tmp_path / "secrets" / "keyring"


def shown() -> dict[str, Any]:
    return json.loads(type_in("keys", "show", "--json").stdout)


def test_a_new_key_takes_everything_over(hanako: None) -> None:
    number = BankAccount.objects.get().number
    [old] = shown()["seal"]
    assert old["opens"] > 0
    added = type_in("keys", "add", "seal")
    assert added.exit_code == 0, added.stderr
    assert [key["opens"] for key in shown()["seal"]] == [0, old["opens"]]
    assert type_in("keys", "add", "index").exit_code == 0
    renewed = type_in("keys", "renew")
    assert renewed.exit_code == 0, renewed.stderr
    assert [key["opens"] for key in shown()["seal"]] == [old["opens"], 0]
    assert number is not None
    account = BankAccount.objects.get(BankAccount.number.matching(number))
    assert account.number == number
    assert f"seal  {added.stdout.strip()}" in type_in("keys", "show").stdout


def test_a_key_that_is_missing_is_named_and_its_values_are_left_alone(hanako: None, own_keyring: Path) -> None:
    lost = shown()["seal"][0]
    sealed = bytes(BankAccount.objects.get().number_sealed)
    own_keyring.unlink()
    answer = type_in("keys", "show")
    assert answer.exit_code == 1
    assert f"missing: {lost['id']} ({lost['opens']} values cannot be opened)" in answer.stdout
    refused = type_in("keys", "renew")
    assert refused.exit_code == 1
    assert "were left alone" in refused.stderr
    assert bytes(BankAccount.objects.get().number_sealed) == sealed


def test_keys_from_the_surroundings_are_not_added_to() -> None:
    ring = crypto.Keyring.made().render().replace("\n", ";")
    refused = type_in("keys", "add", "seal", KOTOWARI_KEYRING=ring)
    assert refused.exit_code == 1
    assert "KOTOWARI_KEYRING" in refused.stderr


def test_no_table_with_sealed_values_refuses_to_have_them_sealed_anew() -> None:
    with connection.cursor() as cursor:
        for seal in sealed.SEALED.values():
            assert seal.owner is not None
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE c.relname = %s AND t.tgtype & 16 > 0 AND t.tgqual IS NULL AND t.tgattr = '' "
                "AND p.proname = 'foundation_refuse_change'",
                [seal.owner._meta.db_table],
            )
            assert cursor.fetchall() == [], seal.label
