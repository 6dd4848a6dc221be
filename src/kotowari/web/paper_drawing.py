"""Papers as pages draw them: a sheet in the reader's language, searches as forms, and words around both."""

from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.papers.drafting.drafts import percent
from kotowari.papers.kinds import KINDS
from kotowari.papers.printing import honorific, replaces_words
from kotowari.papers.selectors import Search
from kotowari.papers.sheets import Sheet
from kotowari.web.drawing import Line
from kotowari.web.fields import AmountField, ChoiceField, DateField, LongTextField, TextField
from kotowari.web.forms import KotowariForm

CREDIT = "tax.unregistered_credit_permille"


class SearchForm(KotowariForm):
    """What papers are found by: day of the dealing, amount, other side, kind; each may stay empty."""

    since = DateField(Text("取引日がこの日から", "Dealt from"), required=False)
    until = DateField(Text("この日まで", "to"), required=False)
    least_yen = AmountField(Text("金額(税込)がこれ以上", "At least, with tax"), minimum_yen=0, required=False)
    most_yen = AmountField(Text("これ以下", "at most"), minimum_yen=0, required=False)
    other = TextField(Text("相手の名前", "Name of the other side"), max_length=100, required=False)
    kind = ChoiceField(
        Text("書類の種類", "Kind"),
        choices=[("", Text("すべて", "All")), *((kind.name, kind.title) for kind in KINDS.values())],
        as_list=True,
        required=False,
    )

    def search(self) -> Search:
        """What was typed as far as it can be read; what cannot be stands in the errors and narrows nothing."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return Search(**given)


class CorrectForm(KotowariForm):
    """Why a paper is issued again; the other side reads it."""

    reason = LongTextField(
        Text("出し直す理由", "Why it is issued again"),
        hint=Text("新しい書類に載り、相手も読みます。", "It stands on the new paper; the other side reads it."),
        max_length=200,
        rows=2,
    )


def search_form(asked: QueryDict) -> SearchForm:
    """The form with what is asked in the address."""
    return SearchForm(asked)


def is_narrowed(search: Search) -> int:
    """By how many conditions a search is narrowed."""
    return sum(value not in (None, "") for value in asdict(search).values())


def query_of(asked: QueryDict) -> str:
    """The search as an address carries it on to a table of its results."""
    kept = {name: asked[name] for name in SearchForm.base_fields if asked.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def drawn(sheet: Sheet) -> dict[str, Any]:
    """A sheet with what stands around it on the page."""
    return {
        "sheet": sheet,
        "issued_on": date.fromisoformat(sheet.issued_on),
        "dealt_on": date.fromisoformat(sheet.dealt_on),
        "honorific": honorific(sheet.recipient),
        "replaces": replaces_words(sheet) if sheet.replaces else None,
        "sums": [Line(each.label, each.amount_yen, total=each.is_total) for each in sheet.sums],
    }


def credit_rates() -> list[tuple[Text, str]]:
    """From which day on how much of the tax can be credited when the supplier is not registered."""
    today = policy.active().entries[CREDIT]
    began = today.effective_on
    now = Text("いま", "Now")
    if began is not None:
        now = Text(f"{began.year}年{began.month}月{began.day}日から(いま)", f"from {began:%-d %B %Y} (now)")
    rows = [(now, percent(today.value))]
    for turn in policy.coming(on=clock.today()):
        if turn.after.key.name == CREDIT:
            day = turn.on
            words = Text(f"{day.year}年{day.month}月{day.day}日から", f"from {day:%-d %B %Y}")
            rows.append((words, percent(turn.after.value)))
    return rows
