"""Fields of forms: they understand what people type in Japanese, and say what is wrong and what would be right."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kotowari.kernel import clock, money
from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text
from kotowari.web import dates

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
_MOMENT = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?[T\s]+(\d{1,2})\D(\d{2})(?:分|:\d{2})?")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
NO_HINT = Text("", "")
CHOOSE = Text("選んでください", "Choose one")


def said(texts: Sequence[Text]) -> ValidationError:
    """Texts as Django's error; they stay bilingual until the page is drawn."""
    return ValidationError([ValidationError(text, code="input") for text in texts])  # type: ignore[arg-type]


def plain(typed: str, *, fold: bool = False) -> str:
    """What was typed without invisible characters and surrounding spaces (full-width ones too).

    `fold` makes full-width letters and digits half-width (NFKC): for addresses, names of accounts and numbers.
    """
    words = unicodedata.normalize("NFKC" if fold else "NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNSEEN.sub("", words).strip()


class _Bilingual(forms.Field):
    """A field with bilingual label, hint and words for "this is needed"."""

    asks = Text("入力してください。", "Please fill this in.")

    def __init__(self, label: Text, *, hint: Text = NO_HINT, required: bool = True, **kwargs: Any) -> None:
        attributes = kwargs.pop("attrs", None)
        super().__init__(label=label, help_text=hint, required=required, **kwargs)  # type: ignore[arg-type]
        self.error_messages["required"] = self.asks  # type: ignore[assignment]
        self.widget.attrs.update(attributes or {})

    def wrong(self, text: Text) -> ValidationError:
        """The error to raise: what is wrong and what would be right."""
        return said([text])


class TextField(_Bilingual):
    """One line of text. `fold` for identifiers (NFKC); plain words keep their full-width signs."""

    widget: type[forms.Widget] = forms.TextInput

    def __init__(
        self,
        label: Text,
        *,
        max_length: int = 200,
        min_length: int = 0,
        fold: bool = False,
        autocomplete: str = "off",
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.max_length, self.min_length, self.fold = max_length, min_length, fold
        self.widget.attrs.setdefault("autocomplete", autocomplete)

    def to_python(self, value: Any) -> str:
        words = plain(str(value or ""), fold=self.fold)
        return words if self.keeps_lines else " ".join(words.split("\n"))

    @property
    def keeps_lines(self) -> bool:
        return False

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not value:
            return
        if len(value) > self.max_length:
            raise self.wrong(
                Text(
                    "{max}文字以内で入力してください(いま{now}文字。あと{over}文字減らすと送信できます)。",
                    "Use at most {max} characters (now {now}; remove {over}).",
                ).format(max=f"{self.max_length:,}", now=f"{len(value):,}", over=f"{len(value) - self.max_length:,}")
            )
        if len(value) < self.min_length:
            raise self.wrong(
                Text(
                    "{min}文字以上で入力してください(いま{now}文字)。", "Use at least {min} characters (now {now})."
                ).format(min=self.min_length, now=len(value))
            )


class LongTextField(TextField):
    """Running text; lines are kept."""

    widget = forms.Textarea

    def __init__(self, label: Text, *, max_length: int = 5000, rows: int = 8, **kwargs: Any) -> None:
        super().__init__(label, max_length=max_length, **kwargs)
        self.widget.attrs["rows"] = rows

    @property
    def keeps_lines(self) -> bool:
        return True


class EmailField(TextField):
    """A mail address; full-width letters and spaces are put right silently (A003, A004)."""

    widget = forms.EmailInput

    def __init__(self, label: Text, **kwargs: Any) -> None:
        super().__init__(label, fold=True, max_length=254, autocomplete=kwargs.pop("autocomplete", "email"), **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not value:
            return
        try:
            validate_email(value)
        except ValidationError:
            raise self.wrong(
                Text(
                    "「{typed}」はメールアドレスの形になっていません。「name@example.com」のように入力してください。",
                    "“{typed}” is not a mail address. Enter it like name@example.com.",
                ).format(typed=value)
            ) from None


class LinkField(TextField):
    """The address of a web page, http or https only."""

    widget = forms.URLInput

    def __init__(self, label: Text, **kwargs: Any) -> None:
        super().__init__(label, fold=True, max_length=500, autocomplete="url", **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"https?://[^\s/@]+\.[^\s/@]+(/\S*)?", value):
            raise self.wrong(
                Text(
                    "「https://」から始まるアドレスを入力してください(例:https://example.com/works)。",
                    "Enter an address that begins with https://, for example https://example.com/works.",
                )
            )


class AmountField(_Bilingual):
    """Yen: `１０，０００円`, `¥10,000` and `1.5万` are all understood; the value is an int."""

    widget = forms.TextInput

    def __init__(self, label: Text, *, minimum_yen: int = 1, maximum_yen: int = money.MAX_YEN, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.minimum_yen, self.maximum_yen = minimum_yen, maximum_yen
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "data-unit": "yen"})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or not plain(str(value)):
            return None
        try:
            return money.parse_yen(str(value), minimum_yen=self.minimum_yen, maximum_yen=self.maximum_yen)
        except InputError as problem:
            raise said([text for texts in problem.fields.values() for text in texts]) from None


class NumberField(_Bilingual):
    """A whole number between two bounds, full-width digits and commas understood; `unit` is said in errors."""

    widget = forms.TextInput

    def __init__(self, label: Text, *, minimum: int, maximum: int, unit: Text = NO_HINT, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.minimum, self.maximum, self.unit = minimum, maximum, unit
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        words = plain(str(value if value is not None else ""), fold=True).replace(",", "")
        if not words:
            return None
        bounds = Text(
            "{low}から{high}{unit}までの数字で入力してください(「{typed}」と入力されています)。",
            "Enter a number from {low} to {high} {unit} (you typed “{typed}”).",
        ).format(low=f"{self.minimum:,}", high=f"{self.maximum:,}", unit=self.unit, typed=words[:40])
        if not re.fullmatch(r"-?\d{1,12}", words) or not self.minimum <= int(words) <= self.maximum:
            raise self.wrong(bounds)
        return int(words)


class DateField(_Bilingual):
    """A day in Tokyo: 2026-12-01, 2026/12/1 and 2026年12月1日 are understood.

    `earliest` and `latest` are asked each time, as the clock moves.
    """

    widget = forms.DateInput
    drawn_width = "short"

    def __init__(
        self,
        label: Text,
        *,
        earliest: Callable[[], date] | None = None,
        latest: Callable[[], date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        words = plain(str(value or ""), fold=True)
        if not words:
            return None
        match = _DATE.fullmatch(words)
        try:
            return date(*(int(part) for part in match.groups())) if match else self._unreadable(words)
        except ValueError:
            return self._unreadable(words)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest():
            raise self.wrong(
                Text("{day}以降の日付にしてください。", "Choose {day} or later.").format(
                    day=dates.full_day(self.earliest())
                )
            )
        if self.latest and value > self.latest():
            raise self.wrong(
                Text("{day}までの日付にしてください。", "Choose {day} or earlier.").format(
                    day=dates.full_day(self.latest())
                )
            )

    def _unreadable(self, words: str) -> date:
        raise self.wrong(
            Text(
                "「{typed}」という日付はありません。「2026-12-01」のように、年・月・日を入力してください。",
                "There is no day “{typed}”. Enter year, month and day, like 2026-12-01.",
            ).format(typed=words[:40])
        )


class MomentField(_Bilingual):
    """A minute by Tokyo's clocks: 2026-12-01 09:30 and what browsers send for it are understood."""

    widget = forms.DateTimeInput
    drawn_width = "medium"

    def to_python(self, value: Any) -> datetime | None:
        words = plain(str(value or ""), fold=True)
        match = _MOMENT.fullmatch(words)
        try:
            if words and match:
                return datetime(*(int(part) for part in match.groups()), tzinfo=clock.TOKYO)  # type: ignore[arg-type, misc]
        except ValueError:
            match = None
        if words:
            text = Text(
                "「{typed}」という時刻はありません。「2026-12-01 09:30」のように入力してください。",
                "There is no moment “{typed}”. Enter it like 2026-12-01 09:30.",
            )
            raise self.wrong(text.format(typed=words[:40]))
        return None


class ChoiceField(_Bilingual):
    """One of some choices: radio buttons up to five, a list beyond (`as_list` to decide)."""

    asks = Text("選んでください。", "Please choose one.")

    def __init__(
        self,
        label: Text,
        *,
        choices: Sequence[tuple[str, Text | str]],
        as_list: bool | None = None,
        empty: Text = CHOOSE,
        **kwargs: Any,
    ) -> None:
        listed = len(choices) > 5 if as_list is None else as_list
        self.choices = list(choices)
        kwargs["widget"] = forms.Select if listed else forms.RadioSelect
        super().__init__(label, **kwargs)
        self.empty = empty
        self.drawn_as = "select" if listed else "radio"

    def to_python(self, value: Any) -> str:
        return str(value or "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value not in {str(key) for key, _ in self.choices}:
            raise self.wrong(Text("選べるものの中から選んでください。", "Choose one of those that are offered."))


class ManyChoicesField(_Bilingual):
    """Any of some choices, as boxes to tick; the value is a list in the order of the choices."""

    asks = Text("1つ以上選んでください。", "Please choose at least one.")
    drawn_as = "checkboxes"

    def __init__(
        self, label: Text, *, choices: Sequence[tuple[str, Text | str]], maximum: int | None = None, **kwargs: Any
    ) -> None:
        self.choices = list(choices)
        kwargs["widget"] = forms.CheckboxSelectMultiple
        super().__init__(label, **kwargs)
        self.maximum = maximum

    def to_python(self, value: Any) -> list[str]:
        chosen = {str(v) for v in value or ()}
        return [str(key) for key, _ in self.choices if str(key) in chosen]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.maximum and len(value) > self.maximum:
            raise self.wrong(
                Text("{max}つまで選べます(いま{now}つ)。", "Choose at most {max} (now {now}).").format(
                    max=self.maximum, now=len(value)
                )
            )


class AgreeField(_Bilingual):
    """One box to tick: yes or no; when required it must be yes."""

    asks = Text("続けるにはチェックを入れてください。", "Tick this to continue.")
    widget = forms.CheckboxInput
    drawn_as = "checkbox"

    def to_python(self, value: Any) -> bool:
        return value in (True, "on", "true", "1", "True")

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")


class UploadField(_Bilingual, forms.FileField):
    """A file with a limit on size and kind; what is inside it is examined by the room that keeps it."""

    asks = Text("ファイルを選んでください。", "Please choose a file.")

    def __init__(
        self, label: Text, *, endings: Sequence[str], maximum_bytes: int = 10 * 1024 * 1024, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.endings, self.maximum_bytes = tuple(e.lower() for e in endings), maximum_bytes
        self.widget.attrs["accept"] = ",".join(f".{ending}" for ending in self.endings)
        self.error_messages["empty"] = Text(  # type: ignore[assignment]
            "選んだファイルは空です。中身のあるファイルを選んでください。",
            "The file is empty: choose one with content.",
        )

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None:
            return None
        if file.size > self.maximum_bytes:
            megabytes = self.maximum_bytes / 1024 / 1024
            raise self.wrong(
                Text(
                    "{max:g}MBまでのファイルを選んでください(いま{now:.1f}MB)。",
                    "Choose a file of at most {max:g} MB (now {now:.1f} MB).",
                ).format(max=megabytes, now=file.size / 1024 / 1024)
            )
        if (file.name or "").rpartition(".")[2].lower() not in self.endings:
            raise self.wrong(
                Text(
                    "{kinds}のどれかのファイルを選んでください。", "Choose a file of one of these kinds: {kinds}."
                ).format(kinds=", ".join(ending.upper() for ending in self.endings))
            )
        return file
