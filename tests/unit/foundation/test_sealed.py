import unicodedata
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from kotowari.foundation import crypto
from kotowari.foundation.crypto import Keyring, SealBroken, UnknownKey
from kotowari.foundation.sealed import sealed_text
from kotowari.kernel.ids import new_id


class Card(models.Model):
    """A model of this test alone; it has no table."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True, max_length=32)
    name_sealed = models.BinaryField(null=True)
    number = sealed_text(
        "unit_card.number",
        column="number_sealed",
        index="number_index",
        normalise=lambda s: unicodedata.normalize("NFKC", s),
    )
    name = sealed_text("unit_card.name", column="name_sealed")

    class Meta:
        app_label = "unit_sealed"


@pytest.fixture(autouse=True)
def _keys(monkeypatch) -> None:
    monkeypatch.setenv(crypto.KEYRING_VARIABLE, Keyring.made().render())


@given(text=st.text(max_size=60))
def test_the_attribute_reads_what_was_set_and_the_column_holds_none_of_it(text: str) -> None:
    card = Card(name=text)
    assert card.name == text
    assert isinstance(card.name_sealed, bytes)
    if len(text.encode()) > 3:
        assert text.encode() not in card.name_sealed


def test_nothing_stays_nothing_and_an_empty_text_stays_empty() -> None:
    card = Card(number=None, name="")
    assert card.number is None
    assert card.number_sealed is None
    assert card.number_index is None
    assert card.name == ""
    card.number = "1234567"
    card.number = None
    assert card.number_sealed is None
    assert card.number_index is None


def test_a_value_moved_to_another_row_raises() -> None:
    mine, yours = Card(number="1234567"), Card(number="7654321")
    mine.number_sealed, yours.number_sealed = yours.number_sealed, mine.number_sealed
    for card in (mine, yours):
        with pytest.raises(SealBroken):
            _ = card.number
    mine.number_sealed, yours.number_sealed = yours.number_sealed, mine.number_sealed
    assert (mine.number, yours.number) == ("1234567", "7654321")


def test_a_value_moved_to_another_column_raises() -> None:
    card = Card(number="1234567")
    card.name_sealed = card.number_sealed
    with pytest.raises(SealBroken):
        _ = card.name
    assert card.number == "1234567"


def test_a_row_whose_key_was_changed_does_not_open() -> None:
    card = Card(number="1234567")
    card.id = uuid5(NAMESPACE_URL, "elsewhere")
    with pytest.raises(SealBroken):
        _ = card.number


def test_a_value_put_into_the_column_unsealed_raises() -> None:
    card = Card()
    card.number_sealed = b"1234567"
    with pytest.raises(SealBroken):
        _ = card.number


def test_other_keys_raise(monkeypatch) -> None:
    card = Card(number="1234567")
    monkeypatch.setenv(crypto.KEYRING_VARIABLE, Keyring.made().render())
    with pytest.raises(UnknownKey):
        _ = card.number


def test_a_value_read_from_the_database_as_a_view_of_memory_opens() -> None:
    card = Card(number="1234567")
    card.number_sealed = memoryview(card.number_sealed)
    assert card.number == "1234567"


def test_equal_texts_are_found_after_normalising_and_differ_between_columns() -> None:
    one, two = Card(number="１２３４５６７"), Card(number="1234567")
    assert one.number_index == two.number_index
    assert one.number == "１２３４５６７"
    assert Card.number.matching("1234567") == models.Q(number_index__in=[two.number_index])
    with pytest.raises(TypeError):
        Card.name.matching("山田")


def test_only_a_text_can_be_set_and_nothing_deleted() -> None:
    with pytest.raises(TypeError):
        Card(number=1234567)
    with pytest.raises(AttributeError):
        del Card().number


def test_a_row_without_a_key_cannot_hold_a_sealed_value() -> None:
    with pytest.raises(ValueError, match="needs its key"):
        Card(id=None, number="1234567")


def test_two_sealed_values_cannot_share_a_label() -> None:
    with pytest.raises(ValueError, match="labelled"):

        class Twin(models.Model):
            id = models.UUIDField(primary_key=True, default=new_id)
            name_sealed = models.BinaryField(null=True)
            name = sealed_text("unit_card.name", column="name_sealed")

            class Meta:
                app_label = "unit_sealed"


def test_an_abstract_model_cannot_hold_a_sealed_value() -> None:
    with pytest.raises(ValueError, match="abstract"):

        class Base(models.Model):
            name_sealed = models.BinaryField(null=True)
            name = sealed_text("unit_base.name", column="name_sealed")

            class Meta:
                abstract = True
                app_label = "unit_sealed"


def test_a_misspelt_column_is_refused_instead_of_losing_the_text() -> None:
    class Misspelt(models.Model):
        id = models.UUIDField(primary_key=True, default=new_id)
        name_sealed = models.BinaryField(null=True)
        name = sealed_text("unit_misspelt.name", column="nam_sealed")

        class Meta:
            app_label = "unit_sealed"

    with pytest.raises(FieldDoesNotExist):
        Misspelt(name="山田")
