"""How many guesses a password withstands, and what makes it weak: zxcvbn's estimate over our own words.

The parts of zxcvbn are put together here instead of calling it whole, for three reasons: its search for swapped
letters (p4ssw0rd) takes seconds on some inputs of forty characters, it keeps one person's names in a place that all
threads share, and its advice is in English. Nothing of a password stays behind: no cache, no log.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from zxcvbn.matching import date_match, regex_match, sequence_match, spatial_match
from zxcvbn.scoring import most_guessable_match_sequence

from kotowari.accounts.passwords.words import SITE_WORDS, Listed, known, longest_known, name_parts

Weakness = Literal["common", "word", "person", "own", "repeat", "sequence", "keyboard", "date"]

JUDGED_LENGTH = 24
"""So many characters are judged at a time, which takes some milliseconds whatever they are."""

SHORTEST_CHANGED = 3
"""Words read backwards or with swapped letters count from this length; shorter ones are found in anything."""

_LOOKS_LIKE = "4@8({[<3690$5+%2"
_LETTERS = "aabcccceggosstxz"
_SWAPS = tuple(str.maketrans(f"{_LOOKS_LIKE}1!|7", f"{_LETTERS}{letters}") for letters in ("iiit", "lill"))
_REPEAT = re.compile(r"(.+?)\1+")
_WEAKNESS_OF: Mapping[str, Weakness] = {
    "repeat": "repeat",
    "sequence": "sequence",
    "spatial": "keyboard",
    "date": "date",
    "regex": "date",
}
_Match = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Guessed:
    """`guesses` that open it at the latest, and what it is made of, the largest part first."""

    guesses: float
    weaknesses: tuple[Weakness, ...]


def judge(plain: str, *, names: Sequence[str] = (), enough: float) -> Guessed:
    """The estimate for a password in its NFKC form.

    A long one is judged at its beginning, its end and its middle; it withstands what the best of these does, and
    the first that reaches `enough` guesses ends the question.
    """
    words = {part: Listed(1, "own") for part in (*name_parts(names), *SITE_WORDS)}
    best = Guessed(0, ())
    for piece in _pieces(plain):
        found = _judge(piece, words)
        if found.guesses > best.guesses:
            best = found
        if best.guesses >= enough:
            break
    return best


def _pieces(plain: str) -> Iterator[str]:
    yield plain[:JUDGED_LENGTH]
    if len(plain) > JUDGED_LENGTH:
        yield plain[-JUDGED_LENGTH:]
        middle = (len(plain) - JUDGED_LENGTH) // 2
        yield plain[middle : middle + JUDGED_LENGTH]


def _judge(piece: str, own: Mapping[str, Listed]) -> Guessed:
    if not piece:
        return Guessed(0, ())
    result = most_guessable_match_sequence(piece, _matches(piece, own))
    parts = sorted(result["sequence"], key=lambda match: match["i"] - match["j"])
    named = (weakness for match in parts if (weakness := _weakness(match)))
    return Guessed(float(result["guesses"]), tuple(dict.fromkeys(named)))


def _matches(piece: str, own: Mapping[str, Listed]) -> list[_Match]:
    found = [*_words(piece, piece, own), *_words_backwards(piece, own), *_words_swapped(piece, own)]
    found += [*spatial_match(piece), *_repeats(piece, own), *sequence_match(piece)]
    found += [*regex_match(piece), *date_match(piece)]
    return sorted(found, key=lambda match: (match["i"], match["j"]))


def _words(piece: str, typed: str, own: Mapping[str, Listed], *, least: int = 2) -> Iterator[_Match]:
    """Listed words inside `piece`, of at least so many letters; `typed` is what stands in the password itself."""
    lowered, listed = piece.lower(), known()
    longest = max([longest_known(), *map(len, own)])
    if len(lowered) != len(piece):  # a few letters become two when they are made small
        return
    for start in range(len(lowered)):
        for end in range(start + least, min(len(lowered), start + longest) + 1):
            word = lowered[start:end]
            entry = own.get(word) or listed.get(word)
            if entry is not None:
                yield {
                    "pattern": "dictionary",
                    "i": start,
                    "j": end - 1,
                    "token": typed[start:end],
                    "matched_word": word,
                    "rank": entry.rank,
                    "source": entry.source,
                }


def _words_backwards(piece: str, own: Mapping[str, Listed]) -> Iterator[_Match]:
    backwards = piece[::-1]
    for match in _words(backwards, backwards, own, least=SHORTEST_CHANGED):
        start, end = len(piece) - 1 - match["j"], len(piece) - 1 - match["i"]
        yield {**match, "token": match["token"][::-1], "i": start, "j": end, "reversed": True}


def _words_swapped(piece: str, own: Mapping[str, Listed]) -> Iterator[_Match]:
    """Words with letters swapped for digits and signs that look like them."""
    for table in _SWAPS:
        meant = piece.translate(table)
        if meant == piece:
            return
        for match in _words(meant, piece, own, least=SHORTEST_CHANGED):
            token, word = match["token"].lower(), match["matched_word"]
            swapped = {typed: letter for typed, letter in zip(token, word, strict=True) if typed != letter}
            if swapped:
                yield {**match, "l33t": True, "sub": swapped}


def _repeats(piece: str, own: Mapping[str, Listed]) -> Iterator[_Match]:
    """What stands several times in a row; it costs as many guesses as the repeated part, times how often."""
    for found in _REPEAT.finditer(piece):
        base = found[1]
        times = len(found[0]) // len(base)
        yield {
            "pattern": "repeat",
            "i": found.start(),
            "j": found.end() - 1,
            "token": found[0],
            "base_token": base,
            "base_guesses": most_guessable_match_sequence(base, _matches(base, own))["guesses"],
            "repeat_count": times,
        }


def _weakness(match: _Match) -> Weakness | None:
    """What to call it: a listed password that is a row of keys, a sequence or the like is called that."""
    if match["pattern"] != "dictionary":
        return _WEAKNESS_OF.get(match["pattern"])
    source: Weakness = match["source"]
    return (_drawn(match["matched_word"]) if source == "common" else None) or source


def _drawn(word: str) -> Weakness | None:
    """The one kind of pattern that a whole word follows: aaaaaa, 123456, 1qaz2wsx, 19900101."""
    spans: dict[Weakness, set[int]] = {"repeat": {i for found in _REPEAT.finditer(word) for i in range(*found.span())}}
    for match in (*sequence_match(word), *spatial_match(word), *date_match(word)):
        spans.setdefault(_WEAKNESS_OF[match["pattern"]], set()).update(range(match["i"], match["j"] + 1))
    return next((kind for kind, covered in spans.items() if len(covered) == len(word)), None)
