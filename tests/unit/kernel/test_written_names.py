"""Names in kanji are one name although a character is written another way; different names stay different."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.kana import nfkc
from kotowari.kernel.written_names import VARIANTS, name_key, same_name

pytestmark = pytest.mark.rule("A153")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("髙橋 一郎", "高橋一郎"),
        ("山﨑", "山崎"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡辺"),
        ("濵田", "浜田"),
        ("濱田", "浜田"),
        ("大澤 廣", "大沢 広"),
        ("中嶋", "中島"),
        ("中嶌", "中島"),
        ("櫻井", "桜井"),
        ("國分 德惠", "国分 徳恵"),
        ("眞瀨", "真瀬"),
        ("塚本", "\ufa10本"),
        ("葛\U000e0101城", "葛城"),
        ("㈱みほん商事", "株式会社みほん商事"),
        ("(株)みほん商事", "株式会社 みほん商事"),
        ("ＡＢＣ商会", "abc商会"),
        ("もり・ゆう", "モリユウ"),
    ],
)
def test_one_name_written_in_two_ways(left: str, right: str) -> None:
    assert same_name(left, right)
    assert same_name(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("高橋 一郎", "高橋 二郎"),
        ("大田", "太田"),
        ("川崎", "川埼"),
        ("株式会社みほん", "有限会社みほん"),
        ("株式会社みほん", "みほん株式会社"),
        ("渡辺", "渡部"),
        ("", ""),
        (" ", "　"),
        ("森", ""),
    ],
)
def test_two_names(left: str, right: str) -> None:
    assert not same_name(left, right)


def test_each_character_stands_in_one_group_only() -> None:
    forms = [nfkc(form) for group in VARIANTS for form in group]
    assert len(forms) == len(set(forms))


@given(st.text(alphabet="高橋森ゆうモリabc㈱ 髙齋﨑", max_size=12))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.sampled_from(VARIANTS), st.text(alphabet="森田中村本", max_size=5))
def test_every_form_of_a_character_gives_one_name(group: str, rest: str) -> None:
    assert {name_key(form + rest) for form in group} == {name_key(group[0] + rest)}


@given(
    st.text(alphabet="森田中村本山川", min_size=1, max_size=6),
    st.text(alphabet="森田中村本山川", min_size=1, max_size=6),
)
def test_names_without_variants_are_one_only_when_they_are_equal(left: str, right: str) -> None:
    assert same_name(left, right) == (left == right)
