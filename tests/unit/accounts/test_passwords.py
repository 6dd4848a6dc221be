"""What makes a password acceptable, and which slips are pointed out."""

import time
import unicodedata

import pytest
from django.contrib.auth.hashers import check_password, make_password
from hypothesis import given
from hypothesis import strategies as st

from kotowari.accounts.passwords import PasswordRules, password_problems, slips
from kotowari.accounts.passwords.reasons import LISTED, OWN, WEAK
from kotowari.accounts.passwords.words import known, name_parts
from kotowari.kernel.text import use_language

GOOD = "correct horse battery"
NAMES = ("hanako_s", "佐藤 花子", "hanako@example.jp")
JAPANESE_64 = "夕焼けの坂道をのぼると海がひらけて　古い灯台の影が長くのびていたサトウキビ畑のむこうで犬がなき　私はキャラメルを１２粒かぞえた。"


def said(password: str, **how: object) -> list[str]:
    """The reasons in English."""
    with use_language("en"):
        return [str(problem) for problem in password_problems(password, **how)]  # type: ignore[arg-type]


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
        "🦊🐢🍙🚲🌋🎻🧂🪁🦉🧭🛶🥕🪵🧶🐙",
        JAPANESE_64,
        "".join(chr(0x4E00 + 37 * n % 20_000) for n in range(1024)),
    ],
)
def test_any_long_password_of_any_characters_is_accepted(password: str) -> None:
    assert password_problems(password, names=NAMES) == []


@pytest.mark.rule("A027")
def test_one_character_decides_about_the_length() -> None:
    assert said("gentle oxen out") == []
    assert said("gentle oxen ou") == [
        "A password has at least 15 characters (now 14). A few words in a row make a long one."
    ]
    assert said("k8#Vq!z2", has_second_factor=True) == []
    assert "at least 8 characters (now 7)" in said("k8#Vq!z", has_second_factor=True)[0]
    assert "at least 15 characters (now 8)" in said("k8#Vq!z2")[0]


@pytest.mark.rule("A027")
def test_1024_characters_are_taken_and_one_more_is_not() -> None:
    password = ("The orchard behind the mill, " * 40)[:1024]
    assert password_problems(password) == []
    assert said(password + "!") == ["A password has at most 1024 characters."]
    # One letter that NFKC writes out as eighteen.
    assert said(password[:-1] + "\ufdfa") == ["A password has at most 1024 characters."]


@pytest.mark.rule("A025")
@pytest.mark.parametrize(
    ("password", "kind"),
    [
        ("aaaaaaaaaaaaaaaaaa", "repeat"),
        ("abcabcabcabcabcabc", "repeat"),
        ("passwordpassword1", "repeat"),
        ("abcdefghijklmnop", "sequence"),
        ("9876543210987654", "sequence"),
        ("1234567890123456", "sequence"),
        ("あいうえおかきくけこさしすせそ", "sequence"),
        ("qwertyuiopasdfgh", "keyboard"),
        ("1qaz2wsx3edc4rfv", "keyboard"),
        ("qwertyuiopasdfghjklz", "keyboard"),
        ("sunshine2001-04-05", "date"),
        ("Password12345678", "common"),
        ("P4ssw0rd12345678", "common"),
        ("drowssap12345678", "common"),
        ("ぱすわーどだよパスワード", "common"),
        ("tanakasuzuki1234", "person"),
        ("mountain bicycle", "common"),
        ("governmentpopulation", "word"),
    ],
)
def test_what_is_guessed_first_is_turned_down_and_called_what_it_is(password: str, kind: str) -> None:
    assert WEAK[kind] in password_problems(password)  # type: ignore[index]
    assert password_problems(password + " and my grey umbrella") == []


@pytest.mark.rule("A025")
@pytest.mark.parametrize("password", ["sunshine", "dragon88", "passw0rd", "パスワード", "Monkey12", "letmein!"])
def test_beside_a_second_factor_the_common_ones_are_still_turned_down(password: str) -> None:
    assert password_problems(password, has_second_factor=True)


@pytest.mark.rule("A025")
def test_every_listed_password_is_turned_down_however_it_is_written() -> None:
    listed = [word for word, entry in known().items() if entry.source == "common" and len(word) >= 15]
    assert len(listed) > 20
    for word in listed:
        assert password_problems(word), word
        assert password_problems(word.upper()), word
    assert password_problems("password123", has_second_factor=True) == [LISTED]


@pytest.mark.rule("A025")
@pytest.mark.parametrize(
    "password",
    [
        "hanako_shanako_s1",
        "hanako@example.jp!",
        "佐藤花子佐藤花子佐藤花子佐藤花子",
        "kotowariKOTOWARI!!",
        "ＨＡＮＡＫＯ＿Ｓ-kotowari",
    ],
)
def test_a_password_made_of_ones_own_names_is_turned_down(password: str) -> None:
    assert OWN in password_problems(password, names=NAMES)
    assert password_problems(password + " grey umbrella", names=NAMES) == []


def test_own_names_are_known_with_their_parts_in_any_width() -> None:
    parts = name_parts(["Ｔａｒｏ Yamada", "佐藤 花", "taro.yamada@mail.example.jp"])
    assert {"taro", "yamada", "taroyamada", "佐藤", "佐藤花", "taro.yamada", "mail"} <= parts
    assert not {"", "jp", "花"} & parts


def test_the_names_of_one_person_are_nothing_to_another() -> None:
    password = "zanzibarquokka99"
    assert password_problems(password, names=("zanzibar", "quokka")) == [OWN]
    assert password_problems(password, names=NAMES) == []


def test_no_password_is_asked_for_before_anything_else_is_said_of_it() -> None:
    with use_language("ja"):
        assert [str(p) for p in password_problems("")] == ["パスワードを入力してください。"]


def test_a_password_of_megabytes_is_turned_down_at_once() -> None:
    assert said("correct horse " * 700_000) == ["A password has at most 1024 characters."]


@pytest.mark.parametrize(
    "password",
    ["a" * 1024, "4@8({[<36901!|$5+7%2" * 51, "ab" * 512, "19900101" * 128, "qwertyuiop[]asdfghjkl;" * 46, "01" * 512],
)
def test_no_password_takes_long_to_judge(password: str) -> None:
    known()  # read once in a process
    took = []
    for _ in range(5):
        started = time.thread_time()
        password_problems(password, names=NAMES)
        took.append(time.thread_time() - started)
    assert min(took) < 0.05


@given(st.text(min_size=1, max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_odd_characters_are_judged_like_any_others(password: str, names: list[str]) -> None:
    for problem in password_problems(password, names=names):
        for language in ("ja", "en"):
            words = problem.in_language(language)
            assert words.endswith((".", "。"))
            assert "{" not in words


@pytest.mark.rule("A025")
def test_reasons_are_in_both_languages_and_repeat_nothing_of_the_password() -> None:
    for text in (*WEAK.values(), LISTED, OWN):
        assert text.en.isascii()
        assert not text.ja.isascii()
    assert "hunter" not in " ".join(said("hunterhunterhunter"))


def test_django_and_allauth_are_given_the_same_reasons() -> None:
    from django.core.exceptions import ValidationError

    with use_language("en"), pytest.raises(ValidationError) as refused:
        PasswordRules().validate("aaaaaaaaaaaaaaaaaa")
    assert refused.value.messages == [WEAK["repeat"].en]
    PasswordRules().validate(GOOD)


@pytest.mark.rule("A011")
def test_passwords_that_differ_in_one_capital_or_symbol_are_different_passwords() -> None:
    kept = make_password("Password!123")
    assert check_password("Password!123", kept)
    assert not check_password("password!123", kept)
    assert not check_password("Password123", kept)


@pytest.mark.rule("A004", "A027")
def test_the_same_password_opens_in_full_width_and_in_half_width() -> None:
    kept = make_password("ｶﾀｶﾅ Ｐass１２３ です")
    assert check_password("カタカナ Pass123 です", kept)
    assert not check_password("カタカナ Pass123 です ", kept)


@pytest.mark.rule("A004", "A027")
def test_a_japanese_passphrase_of_64_characters_opens_in_every_form_of_writing_it() -> None:
    assert len(JAPANESE_64) == 64
    kept = make_password(JAPANESE_64)
    forms = {form: unicodedata.normalize(form, JAPANESE_64) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(set(forms.values())) > 1
    for typed in (
        *forms.values(),
        JAPANESE_64.replace("１２", "12").replace("\u3000", " ").replace("キャラメル", "ｷｬﾗﾒﾙ"),
    ):
        assert check_password(typed, kept)
    assert not check_password(JAPANESE_64[:-1], kept)
    assert not check_password(JAPANESE_64.replace("犬", "猫"), kept)


@pytest.mark.rule("A003", "A004", "A005", "A009", "A010")
def test_slips_point_out_what_is_seen_in_the_password_before_the_usual_ones() -> None:
    usual = slips("correct horse")
    with use_language("en"):
        for typed, word in (
            (" correct", "space"),
            ("correct\u3000", "space"),
            ("ｃorrect", "full-width"),
            ("CORRECT1", "Caps Lock"),
        ):
            found = slips(typed)
            assert word in str(found[0])
            assert found[-len(usual) :] == usual
        assert "Capital and small letters count" in str(usual[0])
