"""A sheet as strings in one language, as the PDF and tables for programs take it; letters a font lacks stay visible."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kotowari.kernel.money import yen
from kotowari.kernel.text import Language, Text
from kotowari.papers.drafting.drafts import day_words
from kotowari.papers.sheets import PartyBlock, Sheet, Words

FONTS = Path(__file__).parent / "typst" / "fonts"
GETA = "〓"
"""What Japanese printers set where they have no type for a letter."""
MAX_NAMED = 12


@cache
def covered() -> frozenset[int]:
    """The code points that the font has."""
    found: set[int] = set()
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last, 16) + 1))
    return frozenset(found)


class Printer:
    """Turns words into letters that can be printed, and remembers which could not."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.missing: dict[str, None] = {}

    def say(self, words: Words) -> str:
        """The words in the language, with `〓` for each letter that the font lacks. Lines stay lines."""
        text = words.in_language(self.language) if isinstance(words, Text) else words
        return "".join(self._letter(letter) for letter in unicodedata.normalize("NFC", text))

    def yen(self, amount_yen: int) -> str:
        return self.say(yen(amount_yen))

    def note(self) -> Text | None:
        """Which letters were replaced, by their numbers, for they cannot be shown."""
        if not self.missing:
            return None
        named = "、".join(f"U+{ord(letter):04X}" for letter in list(self.missing)[:MAX_NAMED])
        more = "…" if len(self.missing) > MAX_NAMED else ""
        return Text(
            "「{geta}」は、この書類の書体にない文字です({named}{more})。正しい文字は、サイトの書類のページで確かめられます。",
            "“{geta}” stands for letters that this typeface lacks ({named}{more}); the page on the site shows them.",
        ).format(geta=GETA, named=named, more=more)

    def _letter(self, letter: str) -> str:
        if letter == "\n":
            return letter
        if letter in "\t\r\u2028\u2029":
            return " "
        if unicodedata.category(letter) in ("Cc", "Cf") or 0xFE00 <= ord(letter) <= 0xFE0F or ord(letter) >= 0xE0000:
            return ""  # no letters: directions, joiners, variants of the letter before
        if ord(letter) in covered():
            return letter
        self.missing.setdefault(letter)
        return GETA


def printable(sheet: Sheet, digest: str, language: Language = "ja") -> dict[str, Any]:
    """Everything that the template of the PDF shows, as strings (JSON)."""
    p = Printer(language)
    said = {
        "number": sheet.number,
        "title": p.say(sheet.title),
        "document_title": f"{p.say(sheet.title)} {sheet.number}",
        "digest_line": f"SHA-256 {digest[:32]}…",
        "number_line": p.say(Text("番号 {n}", "No. {n}").format(n=sheet.number)),
        "issued_line": p.say(Text("発行日 {day}", "Issued {day}").format(day=_day(sheet.issued_on))),
        "dealt_line": p.say(Text("取引年月日 {day}", "Date of dealing {day}").format(day=_day(sheet.dealt_on))),
        "issuer": _party(p, sheet.issuer),
        "recipient": _party(p, sheet.recipient) | {"honorific": honorific(sheet.recipient).in_language(language)},
        "replaces": p.say(replaces_words(sheet)) if sheet.replaces else "",
        "lead": p.say(sheet.lead),
        "total": {"label": p.say(sheet.total.label), "words": p.yen(sheet.total.amount_yen)}
        if sheet.total
        else {"label": "", "words": ""},
        "subject_label": p.say(Text("件名", "Subject")),
        "subject": p.say(sheet.subject),
        "tables": [
            {
                "title": p.say(table.title),
                "columns": [p.say(each) for each in table.columns],
                "rows": [[p.say(cell) for cell in row] for row in table.rows],
            }
            for table in sheet.tables
        ],
        "sums": [{"label": p.say(each.label), "words": p.yen(each.amount_yen)} for each in sheet.sums],
        "sums_title": p.say(Text("内訳", "Breakdown")),
        "amount_title": p.say(Text("金額", "Amount")),
        "facts_title": p.say(sheet.facts_title),
        "facts": [{"label": p.say(each.label), "words": p.say(each.words)} for each in sheet.facts],
    }
    notes = [p.say(each) for each in sheet.notes]
    replaced = p.note()
    return {**said, "notes": [*notes, replaced.in_language(language)] if replaced else notes}


def honorific(party: PartyBlock) -> Text:
    """様 for people, 御中 for companies."""
    return Text("御中", "") if party.is_company else Text("様", "")


def replaces_words(sheet: Sheet) -> Text:
    """What a corrected paper says of the one before."""
    return Text(
        "この書類は{was}に代わるものです。理由: {reason}", "This paper replaces {was}. Reason: {reason}"
    ).format(was=sheet.replaces, reason=sheet.reason)


def _party(p: Printer, party: PartyBlock) -> dict[str, Any]:
    return {"name": p.say(party.name), "details": _all(p, party.details)}


def _all(p: Printer, words: Sequence[Words]) -> list[str]:
    return [p.say(each) for each in words]


def _day(iso: str) -> Text:
    return day_words(date.fromisoformat(iso))
