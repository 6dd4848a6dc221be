"""What stands in the index for one job, and what is asked of it: literal tsvector and tsquery, built here.

Four kinds of lexemes, told apart by their first letter: words and pairs of neighbouring words (`翻訳`,
`ロゴ デザイン`), pairs of letters of the title (`~翻訳`), facts to filter by (`#c:design`), and the shelves the
job stands on (`#s0:48`). Everything a search can ask is thereby one lexeme, and PostgreSQL answers any
combination of them from one GIN index, starting with the rarest.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kotowari.market.search.words import letter_pairs_of, lexemes_of, neighbours_of, runs_of, stretches_of

SHELVES = (1_024, 8_192)
"""Running numbers on a small and on a large shelf. The shelves a job stands on are lexemes, so that a search can begin
with the newest."""

PAY_STEPS_YEN = (1_000, 3_000, 5_000, 10_000, 30_000, 50_000, 100_000, 300_000, 500_000, 1_000_000)
"""Pay from which a job carries a lexeme, so that "at least 50,000 yen" is asked of the index too."""

LONGEST_QUERY = 200
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Filters:
    """Facts that narrow a search; empty means any."""

    category: str = ""
    group: str = ""
    kind: str = ""
    min_yen: int = 0
    stays_inside: bool = False

    def lexemes(self) -> list[str]:
        """The facts as lexemes; pay below the first step and between steps is compared on the rows."""
        found = []
        if self.category:
            found.append(f"#c:{self.category}")
        if self.group:
            found.append(f"#g:{self.group}")
        if self.kind:
            found.append(f"#k:{self.kind}")
        if self.stays_inside:
            found.append("#inside")
        steps = [step for step in PAY_STEPS_YEN if step <= self.min_yen]
        if steps:
            found.append(f"#y:{steps[-1]}")
        return found


def document(
    *,
    number: int,
    title: str,
    description: str,
    category: str,
    group: str,
    kind: str,
    pay_yen: int,
    stays_inside: bool,
) -> str:
    """The tsvector of one job; `pay_yen` is the most it may pay, without tax."""
    found = lexemes_of(runs_of(title)) | lexemes_of(runs_of(description)) | letter_pairs_of(title)
    return literal(found | facts(number, category, group, kind, pay_yen, stays_inside))


def facts(number: int, category: str, group: str, kind: str, pay_yen: int, stays_inside: bool) -> set[str]:
    """The lexemes of a job that are no words."""
    found = {f"#c:{category}", f"#g:{group}", f"#k:{kind}", *shelves_of(number)}
    found.update(f"#y:{step}" for step in PAY_STEPS_YEN if step <= pay_yen)
    if stays_inside:
        found.add("#inside")
    return found


def shelves_of(number: int) -> list[str]:
    """The lexemes of the small and the large shelf on which a running number stands."""
    return [f"#s{level}:{number // size}" for level, size in enumerate(SHELVES)]


def literal(lexemes: Iterable[str]) -> str:
    """A tsvector as PostgreSQL reads it: no positions, nothing to parse, nothing to guess."""
    return " ".join(quoted(lexeme) for lexeme in lexemes)


def quoted(lexeme: str) -> str:
    """One lexeme, safe inside a tsvector or a tsquery whatever it contains."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def readings_of(text: str) -> list[list[str]]:
    """How a query may be understood, strictest first; each a list of tsquery parts that must all hold.

    1. every word, and words written as one stand side by side (ロゴデザイン);
    2. every word, wherever it stands (ロゴ … デザイン);
    3. the letters stand in the title (part of a made-up name).
    Empty when there is nothing to look for.
    """
    text = " ".join(text[:LONGEST_QUERY].split())
    runs = runs_of(text)
    found: list[list[str]] = []
    if runs:
        strict = [lexeme for run in runs for lexeme in (neighbours_of(run) or run)]
        loose = [word for run in runs for word in run]
        found += [_parts(strict), _parts(loose)]
    letters = _letters(text)
    if letters:
        found.append(letters)
    return [reading for i, reading in enumerate(found) if reading not in found[:i]]


def _parts(lexemes: list[str]) -> list[str]:
    return [quoted(lexeme) for lexeme in dict.fromkeys(lexemes)][:MOST_WORDS]


def _letters(text: str) -> list[str]:
    """The query as pairs of letters; a single letter stands for every pair that begins with it."""
    found = []
    for stretch in stretches_of(text):
        if len(stretch) == 1:
            found.append(f"{quoted('~' + stretch)}:*")
        else:
            found += [quoted("~" + stretch[i : i + 2]) for i in range(len(stretch) - 1)]
    return list(dict.fromkeys(found))[: 2 * MOST_WORDS]
