"""Usernames, display names and addresses."""

import pytest

from kotowari.accounts import names


@pytest.mark.rule("A003", "A004")
@pytest.mark.parametrize(
    "typed",
    ["hanako@example.jp", "  hanako@example.jp\u3000", "ＨＡＮＡＫＯ＠ｅｘａｍｐｌｅ．ｊｐ", "Hanako@Example.JP"],
)
def test_an_address_is_folded_to_half_width_and_trimmed_without_a_word(typed: str) -> None:
    assert names.folded(typed) == "hanako@example.jp"
    assert names.email_problems(names.folded(typed)) == []


@pytest.mark.parametrize("typed", ["", "hanako", "hanako@", "@example.jp", "a b@example.jp", "a" * 250 + "@example.jp"])
def test_what_is_no_address_is_told_with_an_example(typed: str) -> None:
    assert names.email_problems(typed)


@pytest.mark.parametrize("username", ["abc", "hanako_s", "a23", "x" * 20])
def test_a_username_of_the_right_form_is_accepted(username: str) -> None:
    assert names.username_problems(username) == []


@pytest.mark.rule("A093")
@pytest.mark.parametrize(
    "username", ["", "ab", "2go", "_x1", "x" * 21, "花子", "a-b", "a.b", "Hanako", "admin", "kotowari"]
)
def test_a_username_of_another_form_or_of_the_operator_is_refused(username: str) -> None:
    assert names.username_problems(username)


@pytest.mark.rule("A094")
def test_a_display_name_may_be_anything_that_can_be_seen() -> None:
    assert names.tidied("  佐藤\u3000 花子 ") == "佐藤 花子"
    for name in ("佐藤 花子", "Ünïcødé", "株式会社ことわり製作所", "👩‍💻 hana", "あ"):
        assert names.display_name_problems(names.tidied(name)) == [], name


@pytest.mark.parametrize("name", ["", "   ", "あ" * 51, "花\u200b子", "花\u202e子", "花\x07子", "\ufeff花子"])
def test_a_display_name_that_is_empty_too_long_or_hides_something_is_refused(name: str) -> None:
    assert names.display_name_problems(names.tidied(name))
