"""The holder of an account beside the registered name: who fits, who has to be looked at, and what is said of it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel import clock
from kotowari.payouts.holder_check import HeldName, compare, contested, difference, fault, refusal

pytestmark = pytest.mark.rule("A153")
HANAKO = HeldName(is_company=False, name="髙橋 花子", kana="タカハシ ハナコ", trade_kana="ミホンドウ")
FIRM = HeldName(is_company=True, name="株式会社みほん商事", kana="カブシキガイシャ ミホンショウジ")
KANA = st.text(alphabet="アカサタナハマヤラワイキシチニウクスツヌエケセテオコソトノン", min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("held", "holder", "finding"),
    [
        (HANAKO, "ﾀｶﾊｼ ﾊﾅｺ", "fits"),
        (HANAKO, "ﾀｶﾊｼﾊﾅｺ", "fits"),
        (HeldName(False, "Alex Example", "アレックス エグザンプル"), "ALEX EXAMPLE", "fits"),
        (HeldName(False, "清水", "シミヅ オーノ"), "ｼﾐｽﾞ ｵｵﾉ", "fits"),
        (HANAKO, "ﾐﾎﾝﾄﾞｳ", "trade_name"),
        (HANAKO, "ﾐﾎﾝﾄﾞｳ ﾀｶﾊｼ ﾊﾅｺ", "trade_name"),
        (HANAKO, "ﾀｶﾊｼ ﾊﾅｺ ﾐﾎﾝﾄﾞｳ", "trade_name"),
        (HANAKO, "ｶ)ﾐﾎﾝﾄﾞｳ", "differs"),
        (HANAKO, "ｶ)ﾀｶﾊｼﾊﾅｺ", "differs"),
        (HANAKO, "ﾀｶﾊｼ ﾊﾅｴ", "differs"),
        (HANAKO, "ﾀｶﾊｼ", "differs"),
        (FIRM, "ｶ)ﾐﾎﾝｼﾖｳｼﾞ", "fits"),
        (FIRM, "ﾐﾎﾝｼﾖｳｼﾞ(ｶ", "fits"),
        (FIRM, "ﾐﾎﾝｼﾖｳｼﾞ", "fits"),
        (FIRM, "ﾕ)ﾐﾎﾝｼﾖｳｼﾞ", "differs"),
        (FIRM, "ﾀｶﾊｼ ﾊﾅｺ", "differs"),
    ],
)
def test_who_fits(held: HeldName, holder: str, finding: str) -> None:
    assert compare(held, holder) == finding


def test_a_name_that_fills_the_banks_field_was_cut() -> None:
    long = HeldName(
        True, "株式会社とても長い名前の見本会社", "トテモナガイナマエノミホンカイシャトウキョウシテンダイニ"
    )
    assert compare(long, "ﾄﾃﾓﾅｶﾞｲﾅﾏｴﾉﾐﾎﾝｶｲｼﾔﾄｳｷﾖｳｼﾃﾝﾀﾞｲ"[:30]) == "fits"
    assert compare(long, "ﾄﾃﾓﾅｶﾞｲ") == "differs"


@pytest.mark.parametrize(
    ("held", "holder", "said"),
    [
        (HANAKO, "ﾊﾅｺ ﾀｶﾊｼ", "順が逆"),
        (HANAKO, "ﾀｶﾊｼ", "一部だけ"),
        (HANAKO, "ﾀｶﾊｼ ﾊﾅｺ ﾀﾛｳ", "文字が続いて"),
        (HANAKO, "ｶ)ﾐﾎﾝ", "法人のもの"),
        (FIRM, "ﾕ)ﾐﾎﾝｼﾖｳｼﾞ", "法人の種類"),
        (HANAKO, "ﾔﾏﾀﾞ ﾀﾛｳ", "違います"),
    ],
)
def test_what_differs_is_said_in_form(held: HeldName, holder: str, said: str) -> None:
    assert said in difference(held, holder).ja


def test_what_is_said_has_its_clock_and_never_the_name() -> None:
    due_at, lapses_at = (datetime(2026, *day, tzinfo=clock.TOKYO) for day in ((11, 26), (12, 4)))
    for finding in ("differs", "trade_name"):
        reason = fault(finding, HANAKO, "ﾔﾏﾀﾞ ﾀﾛｳ", due_at, lapses_at)  # type: ignore[arg-type]
        assert all(day in reason.text.ja for day in ("2026年11月25日", "2026年12月3日"))
        assert all(day in reason.text.en for day in ("25 November 2026", "3 December 2026"))
        assert not any(name in reason.text.ja for name in ("タカハシ", "髙橋", "ﾔﾏﾀﾞ"))
    assert "2026年12月3日" in contested(due_at, lapses_at).text.ja
    assert "異議" in refusal("違う方です。", is_final=False).text.ja
    assert "異議" not in refusal("違う方です。", is_final=True).text.ja


@given(KANA, KANA)
def test_two_people_are_never_taken_for_one(mine: str, other: str) -> None:
    assert (compare(HeldName(False, "某", mine), other) == "fits") == (mine == other)
