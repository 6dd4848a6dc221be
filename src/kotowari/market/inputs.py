"""What people hand in, read field by field: everything that is wrong is told at once, with what would be right."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime

from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")

NEEDED = Text("入力してください。", "Please fill this in.")
CHOOSE = Text("選んでください。", "Please choose one.")


class Reading:
    """Collects what is wrong with an input; `finish` raises it all as one `InputError`."""

    def __init__(self) -> None:
        self.problems: dict[str, list[Text]] = {}

    def wrong(self, field: str, problem: Text) -> None:
        """Note something wrong with a field."""
        self.problems.setdefault(field, []).append(problem)

    def finish(self) -> None:
        """Raises `InputError` when anything was wrong."""
        if self.problems:
            raise InputError(self.problems)

    def text(self, field: str, given: str | None, most: int, *, needed: bool = True) -> str:
        """Words without invisible characters and outer spaces, not longer than `most` characters."""
        words = unicodedata.normalize("NFC", (given or "").replace("\r\n", "\n").replace("\r", "\n"))
        words = _UNSEEN.sub("", words).strip()
        if needed and not words:
            self.wrong(field, NEEDED)
        if len(words) > most:
            self.wrong(
                field,
                Text(
                    "{most}文字以内にしてください(いま{count}文字です)。",
                    "At most {most} characters, please (there are {count}).",
                ).format(most=f"{most:,}", count=f"{len(words):,}"),
            )
        return words

    def line(self, field: str, given: str | None, most: int, *, needed: bool = True) -> str:
        """Words on one line."""
        return " ".join(self.text(field, given, most, needed=needed).split())

    def choice(self, field: str, given: str | None, known: Collection[str], *, needed: bool = True) -> str:
        """One of the known words."""
        if not given and not needed:
            return ""
        if given is None or given not in known:
            self.wrong(field, CHOOSE)
            return ""
        return given

    def yes_or_no(self, field: str, given: bool | None) -> bool:
        """An answer that has to be given one way or the other."""
        if given is None:
            self.wrong(field, CHOOSE)
        return bool(given)

    def amount(self, field: str, given: int | None, least_yen: int, most_yen: int) -> int:
        """Yen within bounds."""
        if given is None:
            self.wrong(field, Text("金額を入力してください。", "Please enter an amount."))
            return 0
        if not least_yen <= given <= most_yen:
            self.wrong(
                field,
                Text(
                    "{least}から{most}までの金額にしてください({given}が入力されています)。",
                    "Between {least} and {most}, please ({given} was entered).",
                ).format(least=yen(least_yen), most=yen(most_yen), given=yen(given)),
            )
        return given

    def whole(self, field: str, given: int | None, least: int, most: int) -> int:
        """A whole number within bounds."""
        if given is None or not least <= given <= most:
            self.wrong(
                field,
                Text(
                    "{least}から{most}までの整数にしてください。", "A whole number from {least} to {most}, please."
                ).format(least=f"{least:,}", most=f"{most:,}"),
            )
        return given or 0

    def day(self, field: str, given: date | None, first: date, last: date) -> date | None:
        """A date within bounds."""
        if given is None:
            self.wrong(field, Text("日付を入力してください。", "Please enter a date."))
            return None
        if not first <= given <= last:
            self.wrong(
                field,
                Text("{first}から{last}までの日付にしてください。", "A date from {first} to {last}, please.").format(
                    first=said(first), last=said(last)
                ),
            )
            return None
        return given


def said(day: date) -> Text:
    """A date in words."""
    return Text(f"{day:%Y年%-m月%-d日}", f"{day:%-d %B %Y}")


def said_until(moment: datetime) -> Text:
    """The end of a wait in words: midnight as the day before it, as people count; any other time as it is."""
    day, at = said(clock.last_day(moment)), clock.tokyo(moment)
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return day
    return Text(f"{day.ja}{at:%-H時%-M分}", f"{day.en}, {at:%H:%M}")


def words_of(choices: Mapping[str, Text], code: str) -> Text:
    """The words of a code from a menu; an unknown code speaks for itself."""
    return choices.get(code, Text(code, code))
