"""What makes a password acceptable, and which slips are pointed out."""

import pytest
from django.contrib.auth.hashers import check_password, make_password

from kotowari.accounts.passwords import password_problems, slips
from kotowari.kernel.text import use_language

GOOD = "correct horse battery"
NAMES = ("hanako_s", "佐藤 花子", "hanako@example.jp")


@pytest.mark.rule("A027")
@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "きょうの ゆうはんは カレーです",
        "k8#Vq!z2@Lm$w9^Rt&y",
        "x7" + "Jq9!fW2@" * 40,
        " leading and trailing ",
        "ALLCAPITALSBUTLONGANDODD",
    ],
)
def test_any_long_password_of_any_characters_is_accepted(password: str) -> None:
    assert password_problems(password, min_length=15, names=NAMES) == []


def test_one_character_decides_about_the_length() -> None:
    assert password_problems("correct horses!", min_length=15) == []
    assert len(password_problems("correct horses", min_length=15)) == 1


@pytest.mark.rule("A025")
@pytest.mark.parametrize("password", ["password123", "1234567890123456", "aaaaaaaaaaaaaaaaaa", "abcdefghijklmnop"])
def test_what_is_tried_first_is_turned_down_with_that_reason(password: str) -> None:
    with use_language("en"):
        assert "tried first" in str(password_problems(password, min_length=8)[0])


@pytest.mark.rule("A025")
@pytest.mark.parametrize(
    "password", ["hanako_shanako_s1", "hanako@example.jp!", "佐藤花子佐藤花子佐藤花子佐藤花子", "kotowariKOTOWARI!!"]
)
def test_a_password_made_of_ones_own_names_is_turned_down(password: str) -> None:
    assert len(password_problems(password, min_length=15, names=NAMES)) == 1


def test_no_password_is_asked_for_before_anything_else_is_said_of_it() -> None:
    with use_language("ja"):
        assert [str(p) for p in password_problems("", min_length=15)] == ["パスワードを入力してください。"]


def test_a_password_of_megabytes_is_turned_down() -> None:
    assert len(password_problems("correct horse " * 1000, min_length=15)) == 1


@pytest.mark.rule("A011")
def test_passwords_that_differ_in_one_capital_or_symbol_are_different_passwords() -> None:
    kept = make_password("Password!123")
    assert check_password("Password!123", kept)
    assert not check_password("password!123", kept)
    assert not check_password("Password123", kept)


def test_the_same_password_opens_in_full_width_and_in_half_width() -> None:
    kept = make_password("ｶﾀｶﾅ Ｐass１２３ です")
    assert check_password("カタカナ Pass123 です", kept)
    assert not check_password("カタカナ Pass123 です ", kept)


@pytest.mark.rule("A003", "A004", "A005", "A009", "A010")
def test_slips_point_out_what_is_seen_in_the_password_before_the_usual_ones() -> None:
    usual = slips("correct horse")
    with use_language("en"):
        for typed, word in ((" correct", "space"), ("ｃorrect", "full-width"), ("CORRECT1", "Caps Lock")):
            found = slips(typed)
            assert word in str(found[0])
            assert found[1:] == usual
        assert "Capital and small letters count" in str(usual[0])
