import pytest
from django.db import connection, models

from kotowari.foundation import crypto, sealed
from kotowari.foundation.crypto import Key, Keyring, UnknownKey
from kotowari.foundation.models import RateWindow
from kotowari.foundation.sealed import keys_in_use, reseal, sealed_text
from kotowari.kernel.ids import new_id

pytestmark = pytest.mark.django_db
OLD, NEW = Keyring.made(), Keyring.made()
BOTH = Keyring((*NEW.seal_keys, *OLD.seal_keys), (*NEW.index_keys, *OLD.index_keys))


class Letter(models.Model):
    """A model of this test alone; its table lives as long as one test."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to_sealed = models.BinaryField(null=True)
    to_index = models.BinaryField(null=True, max_length=32)
    text_sealed = models.BinaryField(null=True)
    to = sealed_text("service_letter.to", column="to_sealed", index="to_index")
    text = sealed_text("service_letter.text", column="text_sealed")

    class Meta:
        app_label = "service_sealed"


@pytest.fixture(autouse=True)
def _table(db, monkeypatch) -> None:
    use(monkeypatch, OLD)
    mine = {label: seal for label, seal in sealed.SEALED.items() if seal.owner is Letter}
    monkeypatch.setattr(sealed, "SEALED", mine)
    with connection.schema_editor() as editor:
        editor.create_model(Letter)


def use(monkeypatch, ring: Keyring) -> None:
    monkeypatch.setenv(crypto.KEYRING_VARIABLE, ring.render())


def written(count: int) -> list[Letter]:
    return [Letter.objects.create(to=f"宛先{n % 3}", text=f"本文{n}") for n in range(count)]


def test_what_is_saved_is_read_back_and_the_table_holds_no_word_of_it() -> None:
    letter = Letter.objects.create(to="山田花子", text=None)
    again = Letter.objects.get(id=letter.id)
    assert (again.to, again.text) == ("山田花子", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM service_sealed_letter WHERE position(%s in to_sealed) > 0", ["山田".encode()]
        )
        assert cursor.fetchone() == (0,)


def test_a_sealed_value_swapped_between_rows_in_the_database_raises() -> None:
    one, two = written(2)
    Letter.objects.filter(id=one.id).update(text_sealed=two.text_sealed)
    with pytest.raises(crypto.SealBroken):
        _ = Letter.objects.get(id=one.id).text
    assert Letter.objects.get(id=two.id).text == "本文1"


def test_equal_texts_are_found_before_during_and_after_a_change_of_keys(monkeypatch) -> None:
    written(6)
    for ring in (OLD, BOTH):
        use(monkeypatch, ring)
        assert Letter.objects.filter(Letter.to.matching("宛先1")).count() == 2
    reseal(Letter, chunk_rows=4)
    use(monkeypatch, NEW)
    assert Letter.objects.filter(Letter.to.matching("宛先1")).count() == 2
    assert Letter.objects.filter(Letter.to.matching("宛先9")).count() == 0


@pytest.mark.parametrize("count", [0, 4, 5])
def test_resealing_brings_every_row_under_the_new_keys_once(monkeypatch, count: int) -> None:
    written(count)
    Letter.objects.create()
    use(monkeypatch, BOTH)
    assert keys_in_use() == ({OLD.seal_keys[0].id.hex(): count * 2} if count else {})
    assert reseal(Letter, chunk_rows=4).renewed == count
    assert keys_in_use() == ({NEW.seal_keys[0].id.hex(): count * 2} if count else {})
    assert reseal(Letter, chunk_rows=4).renewed == 0
    use(monkeypatch, NEW)
    assert sorted(letter.text or "" for letter in Letter.objects.all()) == ["", *(f"本文{n}" for n in range(count))]


def test_without_resealing_the_old_key_is_still_needed(monkeypatch) -> None:
    letter = written(1)[0]
    use(monkeypatch, NEW)
    with pytest.raises(UnknownKey):
        _ = Letter.objects.get(id=letter.id).text


def test_only_the_index_is_behind_and_is_renewed(monkeypatch) -> None:
    letter = written(1)[0]
    use(monkeypatch, Keyring(OLD.seal_keys, (Key.made(), *OLD.index_keys)))
    assert reseal(Letter).renewed == 1
    assert bytes(Letter.objects.get(id=letter.id).to_index) != letter.to_index


def test_a_damaged_value_is_reported_and_does_not_hold_up_the_others(monkeypatch) -> None:
    letters = written(5)
    Letter.objects.filter(id=letters[1].id).update(text_sealed=b"\x01" + b"damaged" * 9)
    use(monkeypatch, BOTH)
    outcome = reseal(Letter, chunk_rows=2)
    assert outcome.unreadable == ((letters[1].id, "service_letter.text"),)
    assert outcome.renewed == 5
    use(monkeypatch, NEW)
    assert Letter.objects.get(id=letters[1].id).to == "宛先1"
    assert Letter.objects.get(id=letters[4].id).text == "本文4"


def test_a_model_without_sealed_values_cannot_be_resealed() -> None:
    with pytest.raises(ValueError, match="no sealed values"):
        reseal(RateWindow)
