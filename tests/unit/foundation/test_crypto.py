import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.foundation import crypto
from kotowari.foundation.crypto import (
    HEAD_BYTES,
    Key,
    Keyring,
    KeyringInvalid,
    SealBroken,
    UnknownKey,
)

RING = Keyring.made()
words = st.text(max_size=40)
places = st.tuples(words, words)


@given(plain=st.binary(max_size=300), place=places)
def test_what_was_sealed_opens_in_its_place(plain: bytes, place: tuple[str, str]) -> None:
    label, row = place
    sealed = RING.seal(plain, label=label, row=row)
    assert RING.open(sealed, label=label, row=row) == plain


@given(plain=st.binary(max_size=60), here=places, there=places)
def test_a_sealed_value_opens_in_no_other_row_or_column(
    plain: bytes, here: tuple[str, str], there: tuple[str, str]
) -> None:
    sealed = RING.seal(plain, label=here[0], row=here[1])
    if here == there:
        assert RING.open(sealed, label=there[0], row=there[1]) == plain
    else:
        with pytest.raises(SealBroken):
            RING.open(sealed, label=there[0], row=there[1])


def test_label_and_row_cannot_borrow_letters_from_each_other() -> None:
    sealed = RING.seal(b"x", label="ab", row="c")
    with pytest.raises(SealBroken):
        RING.open(sealed, label="a", row="bc")


@given(plain=st.binary(max_size=60), data=st.data())
def test_one_changed_bit_anywhere_raises_and_never_gives_anything_back(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(plain, label="t.c", row="1"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((SealBroken, UnknownKey)):
        RING.open(bytes(sealed), label="t.c", row="1")


@given(cut=st.integers(0, 80), plain=st.binary(max_size=60))
def test_a_shortened_value_raises(cut: int, plain: bytes) -> None:
    sealed = RING.seal(plain, label="t.c", row="1")
    shortened = sealed[: max(0, len(sealed) - 1 - cut)]
    with pytest.raises(SealBroken):
        RING.open(shortened, label="t.c", row="1")


@given(noise=st.binary(max_size=120))
def test_what_was_never_sealed_raises(noise: bytes) -> None:
    with pytest.raises((SealBroken, UnknownKey)):
        RING.open(noise, label="t.c", row="1")


def test_the_wrong_keyring_raises_and_names_the_key_that_is_missing() -> None:
    sealed = RING.seal("山田".encode(), label="t.c", row="1")
    with pytest.raises(UnknownKey) as caught:
        Keyring.made().open(sealed, label="t.c", row="1")
    assert caught.value.key_id == RING.seal_keys[0].id.hex()


def test_two_seals_of_the_same_text_share_nothing_but_the_head() -> None:
    one, two = (RING.seal(b"same", label="t.c", row="1") for _ in range(2))
    assert one[:HEAD_BYTES] == two[:HEAD_BYTES]
    assert one[HEAD_BYTES:] != two[HEAD_BYTES:]
    assert b"same" not in one


@given(plain=st.binary(max_size=60), older=st.integers(0, 3))
def test_every_key_of_the_ring_opens_and_the_first_one_seals(plain: bytes, older: int) -> None:
    keys = tuple(Key.made() for _ in range(4))
    index = RING.index_keys
    sealed = Keyring((keys[older],), index).seal(plain, label="t.c", row="1")
    ring = Keyring(keys, index)
    assert ring.open(sealed, label="t.c", row="1") == plain
    assert ring.is_current(sealed) == (older == 0)
    assert ring.is_current(ring.seal(plain, label="t.c", row="1"))


@given(one=words, two=words)
def test_the_blind_index_is_equal_for_equal_texts_only(one: str, two: str) -> None:
    assert (RING.index(one, label="t.c") == RING.index(two, label="t.c")) == (one == two)
    assert RING.index(one, label="t.c") != RING.index(one, label="t.d")
    assert len(RING.index(one, label="t.c")) == 32


def test_the_blind_index_needs_its_own_key() -> None:
    other = Keyring(RING.seal_keys, Keyring.made().index_keys)
    assert other.index("a", label="t.c") != RING.index("a", label="t.c")
    with pytest.raises(KeyringInvalid):
        Keyring(RING.seal_keys, RING.seal_keys)


def test_a_keyring_reads_back_what_it_wrote() -> None:
    ring = Keyring((Key.made(), Key.made()), (Key.made(), Key.made()))
    assert Keyring.parse(ring.render()) == ring
    in_one_line = ";".join(line for line in ring.render().splitlines() if not line.startswith("#"))
    assert [k.id for k in Keyring.parse(in_one_line.replace("#", "\n#")).seal_keys] == [k.id for k in ring.seal_keys]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "seal AAAA",
        "seal " + "A" * 43 + "=",  # no index key
        "lock " + "A" * 43 + "=",
        "seal",
        "seal あ",
        "seal " + "!" * 43 + "=",
    ],
)
def test_a_keyring_that_lacks_something_is_refused_and_its_secrets_are_not_told(text: str) -> None:
    with pytest.raises(KeyringInvalid) as caught:
        Keyring.parse(text)
    assert "AAAA" not in str(caught.value)


def test_a_key_does_not_show_its_secret() -> None:
    key = Key.made()
    assert repr(key.secret) not in repr(key)
    assert str(key.secret) not in repr(Keyring((key,), (Key.made(),)))


@pytest.fixture
def own_folder(tmp_path: Path, settings, monkeypatch) -> Path:
    monkeypatch.delenv(crypto.KEYRING_VARIABLE, raising=False)
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_the_first_start_makes_a_keyring_for_the_owner_alone_and_keeps_it(own_folder: Path) -> None:
    ring = crypto.keyring()
    path = own_folder / "secrets" / "keyring"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert crypto.keyring() == ring == Keyring.parse(path.read_text())


def test_a_new_key_seals_at_once_and_the_old_one_still_opens(own_folder: Path) -> None:
    before = crypto.keyring()
    sealed = before.seal(b"x", label="t.c", row="1")
    new_id = crypto.add_seal_key()
    after = crypto.keyring()
    assert after.seal_keys[0].id.hex() == new_id
    assert after.seal_keys[1:] == before.seal_keys
    assert after.open(sealed, label="t.c", row="1") == b"x"
    assert not after.is_current(sealed)


def test_a_new_index_key_comes_first_and_the_old_one_still_finds(own_folder: Path) -> None:
    before = crypto.keyring()
    crypto.add_index_key()
    after = crypto.keyring()
    assert after.index("a", label="t.c") != before.index("a", label="t.c")
    assert before.index("a", label="t.c") in after.indexes("a", label="t.c")


def test_keys_given_by_the_surroundings_come_before_the_file_and_are_not_added_to(
    own_folder: Path, monkeypatch
) -> None:
    ring = Keyring.made()
    monkeypatch.setenv(crypto.KEYRING_VARIABLE, ring.render())
    assert crypto.keyring() == ring
    assert not (own_folder / "secrets").exists()
    with pytest.raises(KeyringInvalid):
        crypto.add_seal_key()


def test_an_emptied_keyring_file_is_refused_not_replaced(own_folder: Path) -> None:
    crypto.keyring()
    path = own_folder / "secrets" / "keyring"
    path.write_text("")
    with pytest.raises(KeyringInvalid):
        crypto.keyring()
    assert path.read_text() == ""
