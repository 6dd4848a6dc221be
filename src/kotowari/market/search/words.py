"""From text to words: what is indexed and what is asked for go through the same door.

A text becomes *runs*: words that stand side by side with no particle, sign or space between them. Each word
is the shortest unit of the dictionary (SudachiPy, mode A) in its normalised spelling, reduced to its *kanji
skeleton*: 引っ越し, 引越し, ひっこし and the verb 引っ越す are all 引越, however the dictionary reads them in
this sentence.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from sudachipy import Dictionary, Morpheme, SplitMode, Tokenizer

from kotowari.market.search.spellings import one_spelling

Run = tuple[str, ...]

LONGEST_WORD = 60
LONGEST_PIECE = 4_000
"""Characters given to the tokenizer at once; it refuses 48 kB and more."""

_DROPPED = {"補助記号", "空白", "助詞", "助動詞"}
_KANJI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆]")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_KATAKANA_WORD = re.compile(r"[\u30a1-\u30faー]+")
_BREAKS = re.compile(r"[\n\r。．！？!?]+")
_LETTERS = re.compile(r"\w+")

_dictionary: Dictionary | None = None
_dictionary_lock = threading.Lock()
_local = threading.local()


def folded(text: str) -> str:
    """NFKC, lower case, one spelling: ＷＥＢ is web, ﾃﾞｰﾀ is データ, ワードプレス is wordpress."""
    return one_spelling(unicodedata.normalize("NFKC", text).lower())


def runs_of(text: str) -> list[Run]:
    """The words of a text, run by run, in order."""
    found: list[Run] = []
    for piece in _pieces(folded(text)):
        found.extend(_runs_of_piece(piece))
    return found


def lexemes_of(runs: list[Run]) -> set[str]:
    """What is indexed of runs: every word, and every pair of neighbours as one.

    With neighbours as lexemes of their own, a word that the dictionary splits (ロゴ, デザイン) is found by one
    look into the index, without positions and without reading the rows again.
    """
    found: set[str] = set()
    for run in runs:
        found.update(run)
        found.update(neighbours_of(run))
    return found


def neighbours_of(run: Run) -> list[str]:
    """Each two words side by side, as one lexeme."""
    return [f"{a} {b}" for a, b in pairwise(run)]


def stretches_of(text: str) -> list[str]:
    """The letters of a text as they stand, without signs and spaces."""
    return _LETTERS.findall(folded(text))


def letter_pairs_of(text: str) -> set[str]:
    """Every two letters side by side and the last letter of each stretch: for what is no word at all."""
    return {"~" + stretch[i : i + 2] for stretch in stretches_of(text) for i in range(len(stretch))}


def skeleton(word: str) -> str:
    """A word in the form in which it is compared."""
    bare = unicodedata.normalize("NFKC", word).lower()
    if _KANJI.search(bare):
        bare = _HIRAGANA.sub("", bare)
    elif len(bare) >= 4 and _KATAKANA_WORD.fullmatch(bare):
        bare = bare.rstrip("ー")
    return bare[:LONGEST_WORD]


def _pieces(text: str) -> Iterator[str]:
    for sentence in _BREAKS.split(text):
        for start in range(0, len(sentence), LONGEST_PIECE):
            yield sentence[start : start + LONGEST_PIECE]


def _runs_of_piece(piece: str) -> Iterator[Run]:
    run: list[str] = []
    for morpheme in _tokenizer().tokenize(piece, SplitMode.A):
        words = _words_of(morpheme)
        if words is None:
            if run:
                yield tuple(run)
            run = []
        else:
            run.extend(words)
    if run:
        yield tuple(run)


def _words_of(morpheme: Morpheme) -> list[str] | None:
    """The words of one morpheme: usually one; none for an honorific prefix; None where the run breaks."""
    part, kind = morpheme.part_of_speech()[:2]
    if part in _DROPPED or (part == "動詞" and kind == "非自立可能"):
        return None
    normalized = morpheme.normalized_form()
    if part == "接頭辞" and normalized == "御":
        return []
    if morpheme.is_oov():
        surface = morpheme.surface()
        if len(surface) >= 4 and _KATAKANA_WORD.fullmatch(surface):
            return [skeleton(word) for word in _split_katakana(surface)]
    word = skeleton(normalized)
    return [word] if _LETTERS.search(word) else None


@lru_cache(maxsize=20_000)
def _split_katakana(surface: str) -> tuple[str, ...]:
    """Katakana that the dictionary does not know as a whole, cut into the fewest nouns that it knows.

    ロゴデザイン is ロゴ and デザイン; what cannot be cut so stays whole.
    """
    best: list[tuple[str, ...] | None] = [()] + [None] * len(surface)
    for end in range(2, len(surface) + 1):
        for start in range(end - 1):
            before, part = best[start], surface[start:end]
            if before is None or not _is_noun(part):
                continue
            candidate = (*before, part)
            current = best[end]
            if current is None or (len(candidate), -len(candidate[0])) < (len(current), -len(current[0])):
                best[end] = candidate
    return best[-1] or (surface,)


@lru_cache(maxsize=20_000)
def _is_noun(surface: str) -> bool:
    _tokenizer()
    assert _dictionary is not None
    return any(m.part_of_speech()[:2] == ("名詞", "普通名詞") for m in _dictionary.lookup(surface) if not m.is_oov())


def _tokenizer() -> Tokenizer:
    """This thread's own tokenizer, on the one dictionary of the process (0.1 s to load, mapped into memory)."""
    global _dictionary
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        with _dictionary_lock:
            if _dictionary is None:
                _dictionary = Dictionary(dict="core")
            tokenizer = _dictionary.tokenizer(SplitMode.A)
        _local.tokenizer = tokenizer
    return tokenizer
