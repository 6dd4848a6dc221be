import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.kana import (
    FieldClass,
    KanaFault,
    UnusableText,
    bank_text_problems,
    cut_bank_text,
    fold_digits,
    fold_search,
    is_bank_text,
    to_bank_text,
    to_hiragana,
    to_katakana,
)
from kotowari.kernel.text import use_language

NAME = FieldClass.PARTY_NAME


def faults(typed: str, field: FieldClass = NAME, **options: bool) -> list[tuple[KanaFault, int]]:
    with pytest.raises(UnusableText) as refusal:
        to_bank_text(typed, field, **options)
    return [(problem.fault, problem.position) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("やまだ　たろう", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("キャッシュカード", "ｷﾔﾂｼﾕｶ-ﾄﾞ"),
        ("ァィゥェォッャュョヮヵヶ", "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ"),
        ("ぁぃぅぇぉっゃゅょゎゕゖ", "ｱｲｳｴｵﾂﾔﾕﾖﾜｶｹ"),
        ("ｧｨｩｪｫｬｭｮｯｰ", "ｱｲｳｴｵﾔﾕﾖﾂ-"),
        ("ヴァイオリン", "ｳﾞｱｲｵﾘﾝ"),
        ("ゔ", "ｳﾞ"),
        ("ヰヱゐゑ", "ｲｴｲｴ"),
        ("パピプペポ", "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"),
        ("abc１２３ＸＹＺ", "ABC123XYZ"),
        ("ａｂｃ（ｄ）", "ABC(D)"),
        ("A‐B−C―D–E－F", "A-B-C-D-E-F"),
        ("  ヤマダ   タロウ ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("㌔", "ｷﾛ"),
        (unicodedata.normalize("NFD", "ガパヴ"), "ｶﾞﾊﾟｳﾞ"),
        ("カ゛ハ゜", "ｶﾞﾊﾟ"),
    ],
)
def test_what_people_type_becomes_the_half_width_text_of_a_bank_file(typed: str, wire: str) -> None:
    assert to_bank_text(typed, NAME) == wire
    assert is_bank_text(wire, NAME)


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("株式会社サンプル", "ｶ)ｻﾝﾌﾟﾙ"),
        ("株式会社　サンプル", "ｶ)ｻﾝﾌﾟﾙ"),
        ("サンプル株式会社", "ｻﾝﾌﾟﾙ(ｶ"),
        ("サンプル ㈱", "ｻﾝﾌﾟﾙ(ｶ"),
        ("（株）サンプル", "ｶ)ｻﾝﾌﾟﾙ"),
        ("サンプル(株)トウキョウシテン", "ｻﾝﾌﾟﾙ(ｶ)ﾄｳｷﾖｳｼﾃﾝ"),
        ("一般社団法人サンプル", "ｼﾔ)ｻﾝﾌﾟﾙ"),
        ("特定非営利活動法人サンプル", "ﾄｸﾋ)ｻﾝﾌﾟﾙ"),
        ("合同会社サンプル", "ﾄﾞ)ｻﾝﾌﾟﾙ"),
        ("医療法人社団サンプルカイ", "ｲ)ｻﾝﾌﾟﾙｶｲ"),
        ("地方独立行政法人サンプル", "ﾁﾄﾞｸ)ｻﾝﾌﾟﾙ"),
        ("カ）サンプル", "ｶ)ｻﾝﾌﾟﾙ"),
    ],
)
def test_company_words_become_the_banks_short_forms(typed: str, wire: str) -> None:
    assert to_bank_text(typed, NAME) == wire


def test_kanji_is_never_read_for_the_person() -> None:
    assert faults("山ダ") == [(KanaFault.KANJI, 1)]
    assert to_bank_text("ヤマダ", NAME) == "ﾔﾏﾀﾞ"


def test_all_problems_are_told_at_once_with_their_places() -> None:
    assert faults("山本・ヲ😀々") == [
        (KanaFault.KANJI, 1),
        (KanaFault.KANJI, 2),
        (KanaFault.SIGN, 3),
        (KanaFault.WO, 4),
        (KanaFault.SIGN, 5),
        (KanaFault.KANJI, 6),
    ]


def test_wo_is_refused_with_the_passbook_named_and_allowed_by_switch() -> None:
    with pytest.raises(UnusableText) as refusal:
        to_bank_text("ヲガワ", NAME)
    assert "通帳のカナ表記をご確認ください" in refusal.value.problems[0].remedy.ja
    assert to_bank_text("ヲガワ", NAME, allow_wo=True) == "ｦｶﾞﾜ"
    assert to_bank_text("ヲ", FieldClass.EDI) == "ｦ"


@pytest.mark.parametrize("typed", ["ア゛", "゛ア", "カ゜", "ン゛", "ガ゛", "株式会社゛"])
def test_a_voicing_mark_must_follow_a_kana_that_takes_it(typed: str) -> None:
    assert KanaFault.VOICING_MARK in [fault for fault, _ in faults(typed)]


@pytest.mark.parametrize(
    ("field", "signs"),
    [
        (FieldClass.BANK_NAME, "-"),
        (FieldClass.PARTY_NAME, "()-."),
        (FieldClass.EDI, "\\｢｣()-/."),
        (FieldClass.SALARY_NAME, ""),
    ],
)
def test_each_class_of_field_takes_its_own_signs_and_no_other(field: FieldClass, signs: str) -> None:
    for code in (*range(0x21, 0x7F), 0xFF62, 0xFF63, 0xFF61, 0xFF64, 0xFF65):
        character = chr(code)
        if character.isascii() and character.isalnum():
            continue
        assert is_bank_text(character, field) == (character in signs), character
    assert is_bank_text("ABC", field) == (field is not FieldClass.SALARY_NAME)
    assert is_bank_text("ｱ1 ", field)
    assert not is_bank_text("abc", field)


def test_small_kana_and_long_mark_never_stand_in_a_file() -> None:
    for field in FieldClass:
        for code in range(0xFF67, 0xFF71):
            assert not is_bank_text(chr(code), field, allow_wo=True)


def test_a_yen_sign_is_the_byte_5c_in_edi_and_refused_in_names() -> None:
    assert to_bank_text("￥100/¥200", FieldClass.EDI) == "\\100/\\200"
    assert faults("¥100") == [(KanaFault.SIGN, 1)]


def test_a_comma_is_refused_even_in_edi() -> None:
    assert faults("A,B", FieldClass.EDI) == [(KanaFault.SIGN, 2)]


def test_a_middle_dot_is_told_what_to_write_instead() -> None:
    with pytest.raises(UnusableText) as refusal:
        to_bank_text("ジョン・スミス", NAME)
    assert "「.」または空白" in refusal.value.problems[0].remedy.ja
    assert to_bank_text("ジョン.スミス", NAME) == "ｼﾞﾖﾝ.ｽﾐｽ"


def test_letters_are_refused_where_salaries_are_named() -> None:
    assert faults("ABC", FieldClass.SALARY_NAME) == [(KanaFault.LETTER, i) for i in (1, 2, 3)]


def test_a_text_past_its_limit_is_refused_or_cut_on_request() -> None:
    assert faults("ガ" * 16, limit=30) == [(KanaFault.TOO_LONG, 31)]
    assert to_bank_text("ガ" * 15, NAME, limit=30) == "ｶﾞ" * 15
    assert to_bank_text("ガ" * 16, NAME, limit=30, cut=True) == "ｶﾞ" * 15


def test_a_cut_never_parts_a_kana_from_its_mark() -> None:
    assert cut_bank_text("ｱ" * 29 + "ｶﾞ", 30) == "ｱ" * 29
    assert cut_bank_text("ｱ" * 28 + "ｶﾞ", 30) == "ｱ" * 28 + "ｶﾞ"
    assert cut_bank_text("ｱｲ ｳ", 3) == "ｱｲ"


def test_problems_of_a_wire_text_are_told_by_place() -> None:
    problems = bank_text_problems("ｱﾞaｬ,", NAME)
    assert [(p.fault, p.position) for p in problems] == [
        (KanaFault.VOICING_MARK, 2),
        (KanaFault.SIGN, 3),
        (KanaFault.SIGN, 4),
        (KanaFault.SIGN, 5),
    ]
    assert bank_text_problems("ｶﾞ", NAME, required=True, limit=2) == []
    assert [p.fault for p in bank_text_problems(" ", NAME, required=True)] == [KanaFault.EMPTY]


def test_a_problem_speaks_both_languages() -> None:
    problem = bank_text_problems("ｦ", NAME)[0]
    assert "ｦ" in problem.sentence.ja
    with use_language("en"):
        assert "passbook" in str(problem)


@given(st.text(max_size=40), st.sampled_from(list(FieldClass)), st.booleans(), st.integers(1, 40))
def test_any_text_becomes_clean_bytes_or_is_refused_with_reasons(
    typed: str, field: FieldClass, allow_wo: bool, limit: int
) -> None:
    problems = []
    wire = ""
    try:
        wire = to_bank_text(typed, field, allow_wo=allow_wo, limit=limit, cut=True)
    except UnusableText as refusal:
        problems = refusal.problems
        assert problems
    assert all(1 <= p.position <= len(typed) and p.message.ja and p.remedy.en for p in problems)
    assert is_bank_text(wire, field, allow_wo=allow_wo)
    assert len(wire.encode("cp932")) == len(wire) <= limit
    assert to_bank_text(wire, field, allow_wo=allow_wo) == wire


@given(st.text(alphabet=[chr(code) for code in range(0x3041, 0x3097)], max_size=20))
def test_hiragana_and_katakana_are_each_others_mirror(text: str) -> None:
    assert to_hiragana(to_katakana(text)) == text


@given(st.text(max_size=30))
def test_folding_for_search_is_done_once_and_for_all(text: str) -> None:
    assert fold_search(fold_search(text)) == fold_search(text)


def test_search_folding_makes_spellings_of_one_word_one() -> None:
    assert fold_search("ＷＥＢ　デザイン") == fold_search("web ﾃﾞｻﾞｲﾝ") == fold_search("Web でざいん")
    assert fold_search("サ−バ") == fold_search("サーバ")
    assert fold_search("A-B") == "a-b"


def test_number_fields_take_digits_however_typed() -> None:
    assert fold_digits("１２３－４５６ ７") == "1234567"
    assert fold_digits("12O4") == "12O4"
