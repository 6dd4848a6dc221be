"""よくある質問: found by group and by words, each article readable in both languages and without signing in."""

import pytest
from django.test import Client

from kotowari.support.faq import ARTICLES, GROUPS

pytestmark = pytest.mark.django_db


def page(browser: Client, address: str, status: int = 200, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


@pytest.mark.rule("A186")
def test_the_list_shows_every_article_by_group(client: Client) -> None:
    shown = page(client, "/help/")
    for group in GROUPS.values():
        assert f"<h2>{group.ja}</h2>" in shown
    for article in ARTICLES.values():
        assert f'href="{article.url}"' in shown
        assert article.heading.ja in shown


def test_words_find_articles_and_finding_none_says_what_to_do(client: Client) -> None:
    found = page(client, "/help/", q="秘密の質問")
    assert "【共通】秘密の質問はありますか" in found
    assert "【クライアント】" not in found
    nothing = page(client, "/help/", q="xyzzy<b>")
    assert "近い質問が見つかりませんでした" in nothing
    assert "xyzzy&lt;b&gt;" in nothing


@pytest.mark.parametrize("slug", list(ARTICLES))
def test_every_article_opens_in_both_languages(client: Client, slug: str) -> None:
    article = ARTICLES[slug]
    japanese = page(client, article.url)
    assert article.heading.ja in japanese
    assert "版の数字で表示しています" in japanese
    english = Client(headers={"accept-language": "en"}).get(article.url).content.decode()
    assert article.heading.en in english
    assert "{" not in english.partition("<main")[2].partition("</main>")[0]


def test_an_article_that_is_not_there_is_told_on_a_page(client: Client) -> None:
    assert "このアドレスにページがないか" in page(client, "/help/nothing-of-the-kind/", status=404)
