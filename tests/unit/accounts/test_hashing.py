"""One hash, two libraries: what argon2-cffi wrote, libsodium finds right or wrong."""

import unicodedata

import pytest
from argon2 import PasswordHasher
from django.contrib.auth.hashers import check_password, identify_hasher
from hypothesis import given, settings
from hypothesis import strategies as st

from kotowari.accounts.hashing import OF_NOBODY, Argon2id

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=25, deadline=None)
@given(ANY, ANY)
def test_a_password_opens_what_was_made_of_it_and_nothing_else_does(password: str, other: str) -> None:
    hasher = Argon2id()
    kept = hasher.encode(password, "of22lettersandnothing_")
    assert hasher.verify(password, kept)
    assert PasswordHasher().verify(kept.removeprefix("argon2"), hasher_form(password))
    assert hasher.verify(other, kept) is (hasher_form(other) == hasher_form(password))


def hasher_form(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@pytest.mark.parametrize("lanes", [1, 4])
def test_hashes_of_other_parameters_are_read_as_well(lanes: int) -> None:
    kept = "argon2" + PasswordHasher(time_cost=1, memory_cost=1024, parallelism=lanes).hash("words")
    assert Argon2id().verify("words", kept)
    assert not Argon2id().verify("Words", kept)


@pytest.mark.parametrize("password", ["", "!", "nobody's salt!", "A" * 43])
def test_nothing_opens_the_hash_of_nobody_and_it_costs_as_much_as_any(password: str) -> None:
    assert not check_password(password, OF_NOBODY)
    assert not Argon2id().must_update(OF_NOBODY), "the parameters of all others"
    assert identify_hasher(OF_NOBODY).algorithm == "argon2"
