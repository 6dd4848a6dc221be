"""Words are found however people write them; nothing here asks a database."""

import threading

import pytest

from kotowari.market.search.spellings import SPELLINGS, one_spelling
from kotowari.market.search.vector import Filters, document, literal, quoted, readings_of
from kotowari.market.search.words import lexemes_of, runs_of, skeleton

VARIANTS = [
    ("翻訳",),
    ("引越し", "引っ越し", "ひっこし", "引越", "引っ越しする", "引っ越して"),
    ("サーバ", "サーバー", "ｻｰﾊﾞｰ"),
    ("ＷＥＢ", "Web", "ウェブ", "web", "ｗｅｂ"),
    ("見積", "見積り", "見積もり", "お見積り", "みつもり"),
    ("打合せ", "打ち合わせ", "うちあわせ"),
    ("問合せ", "問い合わせ", "お問い合わせ"),
    ("申込", "申込み", "申し込み"),
    ("ＬＰ", "LP", "ランディングページ"),
    ("WordPress", "ワードプレス", "ＷＰ"),
    ("Excel", "エクセル", "ＥＸＣＥＬ"),
    ("データ入力", "ﾃﾞｰﾀ入力"),
    ("文字起こし", "テープ起こし", "文字おこし"),
    ("ロゴデザイン", "ﾛｺﾞﾃﾞｻﾞｲﾝ"),
    ("イラレ", "Illustrator"),
    ("インスタ", "インスタグラム", "Instagram"),
    ("取引", "取り引き"),
    ("子供", "子ども", "こども"),
]


@pytest.mark.rule("A156")
@pytest.mark.parametrize("spellings", VARIANTS, ids=lambda v: v[0])
def test_every_spelling_of_a_word_is_the_same_word(spellings: tuple[str, ...]) -> None:
    assert len({tuple(runs_of(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("翻訳", "英語から日本語への翻訳をお願いします"),
        ("翻訳", "医療翻訳者を募集"),
        ("引越し", "引っ越し業者のサイト制作"),
        ("ひっこし", "引越し先での家具の組み立て"),
        ("サーバ", "サーバーを構築してください"),
        ("ＷＥＢ", "Webデザイン(バナー3枚)"),
        ("ウェブデザイン", "ＷＥＢデザイン"),
        ("ロゴ", "ロゴデザインコンペ開催"),
        ("ロゴデザイン", "飲食店のロゴデザイン"),
        ("動画編集", "動画編集者を募集します"),
        ("翻訳 医療", "【医療】翻訳のお仕事"),
        ("C#", "C#での業務システム開発"),
        ("C++", "組込みC++エンジニア"),
        ("日本語", "日本語教師"),
    ],
)
def test_a_title_that_holds_the_words_is_found_by_the_strictest_reading(query: str, title: str) -> None:
    strictest = readings_of(query)[0]
    words = {quoted(lexeme) for lexeme in lexemes_of(runs_of(title))}
    assert words.issuperset(strictest)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("京都", "東京都の店舗"),
        ("インスタ", "インスタントコーヒーの感想"),
        ("C#", "C言語"),
        ("ロゴデザイン", "ロゴの要らないデザイン"),
    ],
)
def test_a_title_that_only_looks_like_it_is_not_found(query: str, title: str) -> None:
    strictest = readings_of(query)[0]
    words = {quoted(lexeme) for lexeme in lexemes_of(runs_of(title))}
    assert not words.issuperset(strictest)


def test_words_written_apart_are_found_by_the_second_reading_and_parts_of_words_by_the_last() -> None:
    apart = {quoted(lexeme) for lexeme in lexemes_of(runs_of("ロゴの新しいデザイン"))}
    strict, loose, letters = readings_of("ロゴデザイン")
    assert not apart.issuperset(strict)
    assert apart.issuperset(loose)
    assert letters == [quoted(pair) for pair in ("~ロゴ", "~ゴデ", "~デザ", "~ザイ", "~イン")]


@pytest.mark.parametrize("query", ["", "   ", "　", "!!!", "(・・)"])
def test_a_query_without_letters_asks_for_nothing(query: str) -> None:
    assert readings_of(query) == []


def test_a_single_letter_stands_for_every_pair_that_begins_with_it() -> None:
    assert readings_of("の") == [["'~の':*"]]


@pytest.mark.parametrize("nasty", ["' | '1", "\\", "a'b", "'); DROP TABLE x; --", "a & !b", "x:*", "\x00", "😀"])
def test_signs_in_a_query_are_never_read_as_commands(nasty: str) -> None:
    for reading in readings_of(nasty):
        for part in reading:
            inner = part.removesuffix(":*")
            assert inner[0] == inner[-1] == "'"
            assert "'" not in inner[1:-1].replace("''", "")
            assert "\\" not in inner[1:-1].replace("\\\\", "")


def test_a_query_of_any_length_stays_small() -> None:
    for reading in readings_of("翻訳 サーバー " * 500):
        assert len(reading) <= 24
    assert readings_of("あ" * 10_000)


def test_a_long_text_is_read_in_pieces() -> None:
    text = "翻訳と校正" * 4_000
    assert {"翻訳", "校正"} <= lexemes_of(runs_of(text))


def test_facts_become_lexemes_and_filters_ask_for_them() -> None:
    vector = document(
        number=5_000,
        title="ロゴ",
        description="お店のロゴ",
        category="logo",
        group="design",
        kind="project",
        pay_yen=60_000,
        stays_inside=True,
    )
    filters = Filters(category="logo", group="design", kind="project", min_yen=55_000, stays_inside=True)
    for lexeme in filters.lexemes():
        assert quoted(lexeme) in vector.split()
    assert quoted("#y:100000") not in vector.split()
    assert Filters().lexemes() == []


def test_every_spelling_of_the_table_leads_to_a_spelling_that_stays() -> None:
    for written, canonical in SPELLINGS.items():
        assert one_spelling(written) == canonical
        assert one_spelling(canonical) == canonical


def test_a_skeleton_keeps_words_without_kanji() -> None:
    assert skeleton("ひらがな") == "ひらがな"
    assert skeleton("サーバー") == "サーバ"
    assert skeleton("キー") == "キー"
    assert skeleton("引っ越し") == "引越"


def test_lexemes_are_quoted_for_postgresql() -> None:
    assert literal(["it's", "back\\slash"]) == "'it''s' 'back\\\\slash'"


def test_many_threads_read_the_same_text_alike() -> None:
    text = "企業サイトのリニューアルに伴い、ロゴデザインと翻訳をお願いします。"
    alone, seen = runs_of(text), []

    def read() -> None:
        seen.extend(runs_of(text) for _ in range(50))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 400
    assert all(runs == alone for runs in seen)
