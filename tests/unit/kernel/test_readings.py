"""One kana name as a passbook and its owner write it; never two people taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.company_forms import company_forms_in
from kotowari.kernel.holder_names import begins_same, same_holder, same_reading

pytestmark = pytest.mark.rule("A153")

KANA = st.text(
    alphabet="アカサタナハマヤラワイキシチニウクスツヌエケセテオコソトノンヅズヂジヲ", min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("シミズ ハナコ", "しみづ はなこ"),
        ("ヂンナイ", "ジンナイ"),
        ("カヲリ", "カオリ"),
        ("オーノ タロウ", "オオノ タロウ"),
        ("オーノ タロウ", "オウノ タロウ"),
        ("ケーコ", "ケイコ"),
        ("ユーコ", "ユウコ"),
        ("ｷﾔﾂｼﾕ", "キャッシュ"),
        ("ヤマダ・タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ALEX EXAMPLE", "Alex Example"),
    ],
)
def test_one_name(left: str, right: str) -> None:
    assert same_reading(left, right)
    assert same_reading(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("オオノ", "オノ"),
        ("オオノ", "オウノ"),
        ("オーノ", "オノ"),
        ("ユウコ", "ユコ"),
        ("コーノ", "コアノ"),
        ("ハナコ", "ハナコー"),
        ("シミズ", "シミス"),
        ("ハト", "バト"),
        ("ーオノ", "オオノ"),
        ("ンーノ", "ンウノ"),
        ("", ""),
        ("ヤマダ", ""),
    ],
)
def test_two_names(left: str, right: str) -> None:
    assert not same_reading(left, right)
    assert not same_reading(right, left)


@given(KANA)
def test_a_name_is_itself_however_wide_it_is_written(name: str) -> None:
    assert same_reading(name, name)


@given(KANA, KANA)
def test_the_order_does_not_matter(left: str, right: str) -> None:
    assert same_reading(left, right) == same_reading(right, left)


@given(KANA, KANA)
def test_what_is_one_holder_is_one_reading_and_without_long_marks_only_sounds_are_set_aside(
    left: str, right: str
) -> None:
    plain = str.maketrans("ヅヂヲ", "ズジオ")
    assert same_reading(left, right) == (left.translate(plain) == right.translate(plain))
    if same_holder(left, right):
        assert same_reading(left, right)


@given(KANA, st.integers(0, 7))
def test_a_letter_that_is_left_out_makes_another_name(name: str, at: int) -> None:
    shorter = name[: at % len(name)] + name[at % len(name) + 1 :]
    assert not same_reading(name, shorter)


def test_a_name_that_was_cut_begins_the_same() -> None:
    assert begins_same("ミホンシヨウジカンサイシテン", "ミホンシヨウジ")
    assert not begins_same("ミホン", "ミホンシヨウジ")
    assert not begins_same("ミホン", "")


@pytest.mark.parametrize(
    ("written", "forms"),
    [
        ("株式会社みほん", {"ｶ"}),
        ("みほん（有）", {"ﾕ"}),
        ("ｶ)ﾐﾎﾝ", {"ｶ"}),
        ("ﾐﾎﾝ(ｶ", {"ｶ"}),
        ("ﾐﾎﾝ(ﾕ)ﾓﾘ", {"ﾕ"}),
        ("ｶﾌﾞｼｷｶﾞｲｼﾔﾐﾎﾝ", {"ｶ"}),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", set()),
        ("ｶﾄｳ ﾀﾛｳ", set()),
    ],
)
def test_the_kind_of_company_is_read_out_of_a_name(written: str, forms: set[str]) -> None:
    assert company_forms_in(written) == forms
