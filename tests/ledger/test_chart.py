"""The chart of accounts says what the code and the database do."""

from pathlib import Path

import pytest
from django.db import connection

from kotowari.ledger import accounts, chart
from kotowari.ledger.accounts import ACCOUNT_CLASSES, NO_FLOOR_YEN
from kotowari.ledger.catalogue import CATALOGUE, JournalKind

PAGE = Path(__file__).parents[2] / "docs" / "domain" / "chart-of-accounts.md"


def test_the_page_is_what_the_catalogue_says():
    assert PAGE.read_text(encoding="utf-8") == chart.render(), (
        "run: python -m kotowari.ledger.chart > docs/domain/chart-of-accounts.md"
    )


def test_every_kind_has_its_words_and_a_way_for_money_to_move():
    assert set(CATALOGUE) == set(JournalKind)
    for kind, spec in CATALOGUE.items():
        texts = [spec.title, spec.sentence, spec.meaning, *(move.sentence for move in spec.moves)]
        assert all(text.ja and text.en for text in texts), kind
        if kind is not JournalKind.REVERSAL:
            signs = "".join(move.sign for move in spec.moves)
            assert "+" in signs, kind
            assert "-" in signs, kind
        classes = [move.account for move in spec.moves]
        assert len(classes) == len(set(classes)), f"{kind} moves a class twice"
        assert spec.once_per is None or spec.once_per in spec.references, kind


def test_every_account_is_moved_up_by_some_kind_and_down_by_another():
    for account_class in ACCOUNT_CLASSES.values():
        signs = {sign for spec in CATALOGUE.values() if (move := spec.move_of(account_class)) for sign in move.sign}
        assert "+" in signs or account_class.kind == "expense", account_class.name
        if account_class.floor_yen != NO_FLOOR_YEN:
            assert "-" in signs, f"money in {account_class.name} could never leave"


@pytest.mark.django_db
def test_the_database_knows_the_same_kinds():
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(enum_range(NULL::ledger_journal_kind))::text")
        assert {kind for (kind,) in cursor.fetchall()} == {kind.value for kind in JournalKind}


def test_an_account_class_that_cannot_keep_its_floor_is_not_made():
    kind = accounts.FEE_INCOME
    with pytest.raises(ValueError, match="without a lock"):
        accounts.AccountClass("test", kind.title, kind.meaning, "liability", 0, "rollup", None)
    with pytest.raises(ValueError, match="twice"):
        accounts.AccountClass("escrow", kind.title, kind.meaning, "liability", 0, "sync", None)
