"""Finding the articles that answer a question: by words, by the kind of ticket, by the code of a message (A062)."""

from collections import defaultdict
from functools import cache

from kotowari.kernel.text import LANGUAGES
from kotowari.market.search.words import runs_of
from kotowari.support import articles  # noqa: F401 - importing them fills the list
from kotowari.support.faq import ARTICLES, GROUPS, Article

IN_TITLE, IN_KEYWORDS, IN_TEXT = 6, 4, 1
"""What a word counts in the title, among the keywords, and anywhere else."""
OF_TOPIC, OF_CODE = 3.0, 6.0
"""What it counts that an article is for this kind of ticket, or for the message that was shown."""
CLOSE_ENOUGH = 0.2
"""The share of the best score below which an article is not shown for a search."""
LONGEST_QUESTION = 2_000
SUGGESTED = 4


def by_group() -> list[tuple[str, list[Article]]]:
    """Every article, group by group."""
    return [(group, [a for a in ARTICLES.values() if a.group == group]) for group in GROUPS]


def search(words: str) -> list[Article]:
    """The articles in which these words occur, the best first; an article may miss some of them."""
    found = _ranked(_scores(words))
    return [article for article, score in found if score >= found[0][1] * CLOSE_ENOUGH]


def matching(*, topic: str = "", code: str = "", words: str = "", limit: int = SUGGESTED) -> list[Article]:
    """The few articles most likely to answer a ticket of this topic, message and wording."""
    scores = _scores(words)
    for article in ARTICLES.values():
        if topic and topic in article.topics:
            scores[article.slug] += OF_TOPIC
        if any(_begins(one, prefix) for one in code.split(",") for prefix in article.codes):
            scores[article.slug] += OF_CODE
    return [article for article, score in _ranked(scores)[:limit] if score >= 1]


def _begins(code: str, prefix: str) -> bool:
    """Whether a code is of this action or reason: `accounts.sign_in.no_match` is of `accounts.sign_in`."""
    return code.strip() == prefix or code.strip().startswith(f"{prefix}.")


def _scores(words: str) -> dict[str, float]:
    """Per article how well the words fit; a word that stands in every article says little."""
    scores: dict[str, float] = defaultdict(float)
    for word in _words(words[:LONGEST_QUESTION]):
        found = _index().get(word, {})
        for slug, weight in found.items():
            scores[slug] += weight / len(found)
    return scores


def _ranked(scores: dict[str, float]) -> list[tuple[Article, float]]:
    places = [article.slug for _, group in by_group() for article in group]
    found = sorted(scores.items(), key=lambda item: (-item[1], places.index(item[0])))
    return [(ARTICLES[slug], score) for slug, score in found]


@cache
def _index() -> dict[str, dict[str, int]]:
    """Word by word in which articles it stands and how much it counts there; made once per process."""
    index: dict[str, dict[str, int]] = {}
    for article in ARTICLES.values():
        for text, weight in (
            (article.everything(), IN_TEXT),
            (article.keywords, IN_KEYWORDS),
            (article.title, IN_TITLE),
        ):
            for language in LANGUAGES:
                for word in _words(text.in_language(language)):
                    index.setdefault(word, {})[article.slug] = weight
    return index


def _words(text: str) -> set[str]:
    """The words of a text; a single Latin letter says nothing."""
    return {word for run in runs_of(text) for word in run if len(word) > 1 or not word.isascii()}
