"""What the field macros ask of a Django bound field, ours and allauth's alike."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from kotowari.kernel.text import Text

_DRAWN_AS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radio"),
    (forms.SelectMultiple, "checkboxes"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.EmailInput, "email"),
    (forms.URLInput, "url"),
    (forms.DateInput, "date"),
    (forms.DateTimeInput, "datetime-local"),
)


def input_type(bound: BoundField) -> str:
    """How a field is drawn: select, radio, checkboxes, checkbox, textarea, file, hidden or a kind of `<input>`."""
    if bound.is_hidden:
        return "hidden"
    widget = bound.field.widget
    kind = next((name for cls, name in _DRAWN_AS if isinstance(widget, cls)), None)
    if kind == "date" and not _is_iso_day(shown_value(bound)):
        return "text"  # a date control would swallow what was typed
    if kind == "datetime-local" and not _is_iso_minute(shown_value(bound)):
        return "text"
    return kind or str(getattr(widget, "input_type", "text"))


def input_attributes(bound: BoundField) -> dict[str, Any]:
    """The attributes of the control: name, id, state, and the ids of its hint and errors."""
    described = []
    if bound.help_text and str(bound.help_text):
        described.append(f"{bound.auto_id}-hint")
    if bound.errors:
        described.append(f"{bound.auto_id}-errors")
    attributes: dict[str, Any] = {
        name: value for name, value in bound.field.widget.attrs.items() if value not in (None, False)
    }
    attributes.update(
        {
            "id": bound.auto_id,
            "name": bound.html_name,
            "aria-required": "true" if bound.field.required else None,
            "aria-invalid": "true" if bound.errors else None,
            "aria-describedby": " ".join(described) or None,
        }
    )
    if getattr(bound.field.widget, "allow_multiple_selected", False):
        attributes["multiple"] = True
    return {name: str(value) if isinstance(value, Text) else value for name, value in attributes.items()}


def shown_value(bound: BoundField) -> str:
    """What stands in the control: what was typed, else the initial value; secrets are never shown back."""
    widget = bound.field.widget
    if isinstance(widget, forms.PasswordInput) and not widget.render_value:
        return ""
    value = bound.value()
    if value is None:
        return ""
    if isinstance(value, (str, Text)):
        return str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(widget.format_value(value) or "")


def choices_of(bound: BoundField) -> Iterator[tuple[str, Any, bool]]:
    """The choices of a field as (value, label, chosen); groups are told one after another."""
    value = bound.value()
    chosen = (
        {str(v) for v in value} if isinstance(value, (list, tuple, set)) else {str(value if value is not None else "")}
    )
    for key, label in getattr(bound.field, "choices", ()):
        if isinstance(label, (list, tuple)):
            for inner_key, inner_label in label:
                yield str(inner_key), inner_label, str(inner_key) in chosen
        else:
            yield str(key), label, str(key) in chosen


def _is_iso_minute(value: str) -> bool:
    return value == "" or (len(value) == 16 and value[10] == "T" and _is_iso_day(value[:10]))


def _is_iso_day(value: str) -> bool:
    return value == "" or (len(value) == 10 and value[4] == value[7] == "-" and value.replace("-", "").isdigit())
