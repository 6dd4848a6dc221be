"""Rows that repeat inside a form (milestones, packages): added and taken away without JavaScript, all in one sending.

The fields of the second row of `milestones` are named `milestones.1.title`, as in the `InputError` of a service.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, QueryDict

from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.web.forms import KotowariForm

ADD, REMOVE = "add_row", "remove_row"


class Rows:
    """The rows of one name: as many as were typed, at least `least` and at most `most`.

    Pressing "add" or "remove" sends the form too; then nothing is checked and what was typed is shown again.
    """

    def __init__(
        self,
        name: str,
        row: type[KotowariForm],
        request: HttpRequest,
        *,
        least: int = 1,
        most: int = 20,
        initial: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.name, self.least, self.most = name, least, most
        self.problems: list[Text] = []
        data = request.POST if request.method == "POST" else None
        if data is None:
            self.forms = [row(prefix=self._prefix(i), initial=dict(values)) for i, values in enumerate(initial)]
            self.forms += [row(prefix=self._prefix(i)) for i in range(len(self.forms), least)]
        elif pressed(data):
            typed = [_typed(row, data, self._prefix(i)) for i in self._kept(data)]
            if data.get(ADD) == name:
                typed.append({})
            typed = typed[:most] + [{}] * (least - len(typed))
            self.forms = [row(prefix=self._prefix(i), initial=values) for i, values in enumerate(typed)]
        else:
            numbers = self._kept(data)[:most]
            numbers += [n for n in range(most + least) if n not in numbers][: max(0, least - len(numbers))]
            self.forms = [row(data, request.FILES, prefix=self._prefix(i)) for i in numbers]

    def is_valid(self) -> bool:
        """Whether every row can be used."""
        return all([form.is_valid() for form in self.forms]) and not self.problems

    @property
    def cleaned(self) -> list[dict[str, Any]]:
        """The typed values of every row, in order."""
        return [form.cleaned_data for form in self.forms]

    @property
    def wrong_count(self) -> int:
        """At how many places something must be put right."""
        return len(self.problems) + sum(len(form.errors) for form in self.forms if form.is_bound)

    @property
    def may_grow(self) -> bool:
        return len(self.forms) < self.most

    @property
    def may_shrink(self) -> bool:
        return len(self.forms) > self.least

    def merge(self, problem: InputError) -> InputError | None:
        """Show what an `InputError` says of these rows; what it says of other fields comes back."""
        rest: dict[str, Sequence[Text]] = {}
        for name, texts in problem.fields.items():
            match = re.fullmatch(re.escape(self.name) + r"(?:\.(\d+)(?:\.(\w+))?)?", name)
            if match is None:
                rest[name] = texts
            elif match[1] is None or int(match[1]) >= len(self.forms):
                self.problems.extend(texts)
            else:
                self.forms[int(match[1])].merge(InputError({match[2] or "": texts}))
        return InputError(rest) if rest else None

    def _prefix(self, index: int) -> str:
        return f"{self.name}.{index}"

    def _kept(self, data: QueryDict) -> list[int]:
        """The numbers of the rows that came, without the one to be removed."""
        shape = re.compile(re.escape(self.name) + r"\.(\d{1,3})\.\w+")
        found = sorted({int(match[1]) for key in data if (match := shape.fullmatch(key))})
        return [i for i in found if data.get(REMOVE) != self._prefix(i)]


def pressed(data: Mapping[str, Any]) -> bool:
    """Whether a form was sent only to add or take away a row."""
    return ADD in data or REMOVE in data


def read(form: type[KotowariForm], request: HttpRequest, initial: Mapping[str, Any] | None = None) -> KotowariForm:
    """The form of a request: fresh, or with what was sent, or (when only a row was added) with what was typed so far."""
    if request.method != "POST":
        return form(initial=dict(initial or {}))
    if pressed(request.POST):
        return form(initial=_typed(form, request.POST, None))
    return form(request.POST, request.FILES)


def _typed(form: type[KotowariForm], data: QueryDict, prefix: str | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        sent = data.getlist(f"{prefix}.{name}" if prefix else name)
        values[name] = sent if getattr(field, "drawn_as", "") == "checkboxes" else sent[-1] if sent else ""
    return values
