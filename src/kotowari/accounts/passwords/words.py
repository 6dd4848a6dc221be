"""The words that are tried first, kept here and never asked of anybody outside: lists of passwords and of ordinary
words, the site's own, and those of the person."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.contrib.auth.password_validation import CommonPasswordValidator
from zxcvbn.frequency_lists import FREQUENCY_LISTS

Source = Literal["common", "word", "person", "own"]
"""Where a word stands: among passwords, in ordinary texts, among people's names, or in what is this person's."""

SITE_WORDS = ("kotowari", "ことわり", "コトワリ", "理")
_JAPANESE = (
    "パスワード", "ぱすわーど", "あいうえお", "かきくけこ", "さしすせそ", "いろはにほへと", "いろはにほへとちりぬるを",
    "ありがとう", "ありがとうございます", "こんにちは", "あいしてる", "愛してる", "だいすき", "大好き", "おはよう",
    "にほん", "日本", "とうきょう", "東京", "さくら", "password日本", "sakura", "arigatou", "arigato", "aishiteru",
    "daisuki", "konnichiwa", "ohayou", "nihon", "nippon", "pasuwado", "anpanman", "doraemon", "pokemon", "totoro",
    "ぬふあうえおやゆよわほへ", "たていすかんなにらせ",
)  # fmt: skip
"""What is tried first in Japanese and stands in no English list; the last two are rows of keys read as kana."""

_SOURCES: Mapping[str, Source] = {
    "passwords": "common",
    "english_wikipedia": "word",
    "us_tv_and_film": "word",
    "female_names": "person",
    "male_names": "person",
    "surnames": "person",
}
SHORTEST_NAME = 3
"""Parts of names in letters of the alphabet below this length say nothing; in kanji and kana two do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A word that is tried first: the `rank`-th of its list."""

    rank: int
    source: Source


@cache
def known() -> Mapping[str, Listed]:
    """Every listed word in small letters, with its best rank. Some 100,000; made once in a process."""
    found: dict[str, Listed] = {}
    lists: list[tuple[Sequence[str], Source]] = [(words, _SOURCES[name]) for name, words in FREQUENCY_LISTS.items()]
    lists.append((_JAPANESE, "common"))
    lists.append((sorted(CommonPasswordValidator().passwords), "common"))
    for words, source in lists:
        # Django's list has no order: none of it is rarer than the last of the ordered one.
        for rank, word in enumerate(words, 1):
            if word not in found or found[word].rank > rank:
                found[word] = Listed(rank, source)
    return found


@cache
def longest_known() -> int:
    """The length of the longest listed word: nothing longer need be looked up."""
    return max(map(len, known()))


def name_parts(names: Sequence[str]) -> frozenset[str]:
    """What somebody who knows these names would try, in small letters: each whole, without its spaces, and its parts.

    Of an address the part before the @ and the domain's names count.
    """
    found: set[str] = set()
    for name in names:
        lowered = unicodedata.normalize("NFKC", name).lower()
        found |= {lowered, "".join(lowered.split()), *lowered.split("@"), *re.split(r"[\s@._+\-]+", lowered)}
    return frozenset(part for part in found if len(part) >= (SHORTEST_NAME if part.isascii() else 2))
