"""The articles: complete in both languages, true to the rules in force, and found by the words people use."""

import re
from datetime import date

import pytest

from kotowari.foundation import policy
from kotowari.support import finding
from kotowari.support.faq import ARTICLES, AUDIENCES, Article

EVERY = pytest.mark.parametrize("article", list(ARTICLES.values()), ids=list(ARTICLES))


@EVERY
def test_an_article_is_whole_in_both_languages(article: Article) -> None:
    said = [article.title, article.lead, article.keywords]
    for part in article.parts:
        said += [part.title, *part.words, *part.points, *(way.label for way in part.ways)]
        assert part.words or part.points, part.title.en
    for text in map(article.filled, said):
        assert text.ja
        assert text.en
        assert "{" not in text.ja + text.en
    assert date(2026, 1, 1) <= article.checked_on
    assert article.heading.ja.startswith(AUDIENCES[article.audience].ja)


@EVERY
def test_an_article_leads_only_to_what_is_there(article: Article) -> None:
    assert set(article.related) <= set(ARTICLES) - {article.slug}
    assert all(key in policy.KEYS for key in article.numbers.values())
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", article.slug)


@pytest.mark.rule("A186")
def test_every_title_says_whom_it_is_for() -> None:
    assert ARTICLES["sign-in-trouble"].heading.ja == "【共通】ログインができない"
    tags = {article.heading.ja.partition("】")[0] + "】" for article in ARTICLES.values()}
    assert tags == {"【共通】", "【ワーカー】", "【クライアント】"}


@pytest.mark.rule("A013")
def test_the_article_about_signing_in_goes_through_connection_input_reset_and_contact() -> None:
    titles = [part.title.ja for part in ARTICLES["sign-in-trouble"].parts]
    assert [re.sub(r"^\d\. ", "", title) for title in titles] == [
        "接続を確かめる",
        "入力を確かめる",
        "パスワードを再設定する",
        "お問い合わせ",
    ]
    assert "パスワードの間違いと表示することはありません" in ARTICLES["sign-in-trouble"].parts[0].points[2].ja


@pytest.mark.rule("A116")
def test_security_questions_are_not_asked_and_the_article_says_what_replaces_them() -> None:
    said = ARTICLES["security-questions"].everything().ja
    for words in ("ありません", "NIST", "回復コード", "パスキー", "複数のメールアドレス"):
        assert words in said


@pytest.mark.rule("A025", "A026")
def test_members_are_advised_one_password_per_place_a_manager_and_no_calendar() -> None:
    said = ARTICLES["passwords"].everything().ja
    assert "ほかのサービスと同じものを使わないでください" in said
    assert "パスワードマネージャー" in said
    assert "はじめはオフ" in said
    assert "メモ帳アプリやメールの下書き、付せんなど、だれでも読める形では残さないでください" in said


def test_numbers_follow_the_rules_in_force() -> None:
    article = ARTICLES["account-locked"]
    assert "続けて10回" in str(article.filled(article.parts[0].points[0]))
    with policy.overridden({"accounts.login_tries": 6}):
        assert "続けて6回" in str(article.filled(article.parts[0].points[0]))


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("ログインできない", "sign-in-trouble"),
        ("I cannot sign in", "sign-in-trouble"),
        ("アカウント ロック 解除", "account-locked"),
        ("ｇｏｏｇｌｅ", "external-accounts"),
        ("スマホを機種変更したら認証コードが合わない", "second-factor"),
        ("秘密の質問", "security-questions"),
        ("パスワード 使い回し", "passwords"),
        ("乗っ取られたかもしれない", "unknown-sign-in"),
        ("返事が来ない", "about-contact"),
        ("納期に間に合わない", "worker-deadline-locked-out"),
        ("自動検収", "client-deadline-locked-out"),
    ],
)
def test_the_words_people_use_find_the_article_first(words: str, slug: str) -> None:
    assert finding.search(words)[0].slug == slug


def test_what_is_nowhere_finds_nothing() -> None:
    assert finding.search("xyzzy") == []
    assert finding.matching() == []


@pytest.mark.rule("A062")
def test_a_ticket_is_matched_by_topic_code_and_words() -> None:
    by_topic = [a.slug for a in finding.matching(topic="not_me")]
    assert by_topic[0] == "unknown-sign-in"
    assert finding.matching(code="accounts.sign_in.too_many_tries")[0].slug in ("account-locked", "sign-in-trouble")
    by_code = {a.slug for a in finding.matching(code="accounts.sign_in.too_many_tries")}
    assert {"account-locked", "sign-in-trouble"} <= by_code
    assert finding.matching(code="accounts.sign_in.no_match")[0].slug == "sign-in-trouble"
    assert finding.matching(topic="cannot_sign_in", words="googleのボタン")[0].slug == "external-accounts"
    assert (
        len(finding.matching(topic="cannot_sign_in", words="ログイン パスワード ロック コード 期限"))
        == finding.SUGGESTED
    )
