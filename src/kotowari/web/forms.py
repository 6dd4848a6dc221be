"""Forms: what was typed becomes typed values, or comes back as it was with what is wrong and what would be right.

Django's forms with bilingual labels (`web/fields.py`) and our own words. A view lets the service have the last say
inside `form.merging()`: the `InputError` it raises is shown at the fields of the same names.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django import forms

from kotowari.kernel.errors import InputError
from kotowari.web.fields import said

if TYPE_CHECKING:
    from kotowari.web.rows import Rows

KEY_LENGTH = 64


class KotowariForm(forms.Form):
    """The base of our forms; its field names are the keyword names of the service it calls."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "f-%s")
        super().__init__(*args, **kwargs)

    def add_prefix(self, field_name: str) -> str:
        """`milestones.0.title`: the name by which a service speaks of the field, too."""
        return f"{self.prefix}.{field_name}" if self.prefix else field_name

    @property
    def status(self) -> int:
        """The status of the page that shows this form: 422 when what was typed could not be used."""
        return 422 if self.is_bound and self.errors else 200

    @property
    def key(self) -> str | None:
        """The idempotency key that came with the form."""
        return posted_key(self.data)

    @contextmanager
    def merging(self, names: Mapping[str, str] | None = None, rows: Sequence["Rows"] = ()) -> Iterator[None]:
        """Catch a service's `InputError` inside the block and show it at the fields of this form.

        `names` tells which form field stands for a service's name where they differ; `rows` take what is said of
        them. What belongs to no field here is shown above the form.
        """
        try:
            yield
        except InputError as problem:
            left: InputError | None = problem
            for repeated in rows:
                left = repeated.merge(left) if left else None
            self.merge(left or InputError({}), names)

    def merge(self, problem: InputError, names: Mapping[str, str] | None = None) -> None:
        """Show an `InputError` at the fields of this form."""
        for name, texts in problem.fields.items():
            field = (names or {}).get(name, name)
            self.add_error(field if field in self.fields else None, said(texts))


def posted_key(data: Mapping[str, Any]) -> str | None:
    """The idempotency key of a POST, for buttons without a form class: `posted_key(request.POST)`."""
    key = str(data.get("idempotency_key", ""))
    return key if 0 < len(key) <= KEY_LENGTH and key.isprintable() else None
