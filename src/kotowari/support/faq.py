"""よくある質問: articles that stand in the product, in both languages, each with whom it is for (A186).

An article's numbers are policy values, read when it is shown, so that it never tells yesterday's rule. A part that
speaks of a page is shown only where that page exists; pages decide that by `Part.needs`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kotowari.foundation import policy
from kotowari.kernel.text import Text

Audience = Literal["all", "worker", "client"]
AUDIENCES: dict[Audience, Text] = {
    "all": Text("【共通】", "[Everybody]"),
    "worker": Text("【ワーカー】", "[Workers]"),
    "client": Text("【クライアント】", "[Clients]"),
}
GROUPS: dict[str, Text] = {
    "signing_in": Text("ログイン", "Signing in"),
    "safety": Text("安全に使う", "Staying safe"),
    "deadlines": Text("期限が迫っているとき", "When a deadline is near"),
    "papers": Text("書類と税", "Papers and tax"),
    "contact": Text("お問い合わせ", "Contacting us"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A link out of an article to the page where something can be done."""

    url: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section of an article: paragraphs, then a list of points, then links.

    `needs` is the address of a page without which the part says nothing of use; "" when it always holds.
    """

    title: Text
    words: tuple[Text, ...] = ()
    points: tuple[Text, ...] = ()
    ways: tuple[Way, ...] = ()
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One answer.

    `keywords` are further words that people use for it; `topics` and `codes` name the kinds of ticket and the
    beginnings of message codes that it answers. `numbers` gives the policy value behind each `{name}` in its words;
    `checked_on` is the day on which its words were last compared with the rules.
    """

    slug: str
    audience: Audience
    group: str
    title: Text
    lead: Text
    parts: tuple[Part, ...]
    keywords: Text
    checked_on: date
    related: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"{self.slug}: there is no group {self.group!r}")
        if self.slug in ARTICLES:
            raise ValueError(f"two articles are called {self.slug}")
        ARTICLES[self.slug] = self

    @property
    def heading(self) -> Text:
        """The title behind the tag of those whom it is for: 【共通】ログインができない."""
        tag = AUDIENCES[self.audience]
        return Text(f"{tag.ja}{self.title.ja}", f"{tag.en} {self.title.en}")

    @property
    def url(self) -> str:
        return f"/help/{self.slug}/"

    def filled(self, words: Text) -> Text:
        """Words of this article with the numbers in force."""
        if not self.numbers:
            return words
        shown = {name: policy.KEYS[key].kind.show(policy.value(key)) for name, key in self.numbers.items()}
        return words.format(**shown)

    def everything(self) -> Text:
        """All its words, for finding it."""
        said = [self.title, self.keywords, self.lead]
        for part in self.parts:
            said += [part.title, *part.words, *part.points]
        return Text("\n".join(text.ja for text in said), "\n".join(text.en for text in said))


ARTICLES: dict[str, Article] = {}
"""Every article, by slug, in the order in which it was written down."""
