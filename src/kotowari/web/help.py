"""よくある質問: the articles, by group or by words, and one article with the button to ask (A057, A064, A186)."""

from django.http import HttpRequest, HttpResponse

from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import policy_version
from kotowari.kernel.text import Text
from kotowari.support import finding
from kotowari.support.faq import ARTICLES, GROUPS, Article
from kotowari.web.gates import READ
from kotowari.web.screens import render, screen


@screen("help", path="help/", title=Text("よくある質問", "Frequent questions"), actions=[READ])
def help_pages(request: HttpRequest) -> HttpResponse:
    """Every article by group, or those that answer the words asked for."""
    words = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "help/list.html",
        {
            "words": words,
            "found": finding.search(words) if words else None,
            "groups": [(GROUPS[group], articles) for group, articles in finding.by_group() if articles],
        },
    )


@screen(
    "help.article",
    path="help/<slug:slug>/",
    title=Text("質問と答え", "Question and answer"),
    actions=[READ],
    parent="help",
)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One article, with the numbers in force now."""
    found = ARTICLES.get(slug)
    if found is None:
        raise NotVisible("support.article", slug)
    return render(
        request,
        "help/article.html",
        {"article": found, "related": _related(found), "policy_version": policy_version()},
    )


def _related(article: Article) -> list[Article]:
    return [ARTICLES[slug] for slug in article.related]
