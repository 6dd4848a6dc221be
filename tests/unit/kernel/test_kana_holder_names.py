import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.company_forms import COMPANY_FORMS, strip_company_forms
from kotowari.kernel.holder_names import holder_key, same_holder
from kotowari.kernel.kana import FieldClass, is_bank_text, to_bank_text


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ヤマダ　タロウ", "ﾔﾏﾀﾞﾀﾛｳ"),
        ("きゃしい", "ｷﾔｼｲ"),
        ("株式会社サンプル", "ｶ)ｻﾝﾌﾟﾙ"),
        ("カブシキガイシャ サンプル", "ｻﾝﾌﾟﾙ(ｶ"),
        ("㈱サンプル", "サンプル（株）"),
        ("ｼﾔ)ｻﾝﾌﾟﾙ", "イッパンシャダンホウジン サンプル"),
        ("ヲガワ", "ｵｶﾞﾜ"),
        ("ジョン.スミス", "ジョン・スミス"),
    ],
)
def test_one_holder_written_two_ways_is_one_holder(left: str, right: str) -> None:
    assert same_holder(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ヤマダ タロウ", "ヤマダ ジロウ"),
        ("ハン", "バン"),
        ("山田太郎", "ヤマダタロウ"),
        ("", ""),
        ("株式会社", "カ)"),
        ("ｶ)", "ﾕ)"),
    ],
)
def test_two_holders_stay_two(left: str, right: str) -> None:
    assert not same_holder(left, right)


@pytest.mark.parametrize("form", COMPANY_FORMS, ids=lambda form: form.words[0])
def test_every_company_form_is_stripped_wherever_it_stands(form) -> None:
    for written in (f"{form.short})ﾓﾘ", f"ﾓﾘ({form.short}", f"({form.short})ﾓﾘ", f"ﾓﾘ({form.short})"):
        assert strip_company_forms(written) == "ﾓﾘ"
    for reading in form.readings:
        assert strip_company_forms(f"{reading} ﾓﾘ") == "ﾓﾘ"
        assert is_bank_text(reading, FieldClass.PARTY_NAME)
    for word in form.words:
        assert to_bank_text(f"{word}モリ", FieldClass.PARTY_NAME) == f"{form.short})ﾓﾘ"
        assert same_holder(f"{word}モリ", f"モリ{word}")
    assert strip_company_forms(f"ﾓﾘ({form.short})ｷﾀ") == "ﾓﾘｷﾀ"


@given(st.text(max_size=40))
def test_a_key_can_be_made_of_any_text(name: str) -> None:
    assert same_holder(name, name) == bool(holder_key(name))
