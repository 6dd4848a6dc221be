"""Days, moments and clocks as people read them, in Tokyo time: 11月30日(月), あと3日 (look.md, "Words")."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from markupsafe import Markup, escape

from kotowari.kernel import clock
from kotowari.kernel.text import Text

_WEEKDAYS = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date | datetime | str) -> Text:
    """A day: 11月30日(月) / Mon 30 Nov; the year is named when it is not this one.

    Facts of decisions may hold days as ISO text; these are understood too.
    """
    on = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    on = clock.tokyo(on).date() if isinstance(on, datetime) else on
    return _day(on, on.year == clock.today().year)


@lru_cache(maxsize=2_000)
def _day(on: date, this_year: bool) -> Text:
    ja = f"{on.month}月{on.day}日({_WEEKDAYS[on.weekday()]})"
    en = f"{_WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS_EN[on.month - 1]}"
    return Text(ja, en) if this_year else Text(f"{on.year}年{ja}", f"{en} {on.year}")


def full_day(when: date | datetime) -> Text:
    """A day with its year, for papers and history: 2026年11月30日(月) / Mon 30 Nov 2026."""
    on = clock.tokyo(when).date() if isinstance(when, datetime) else when
    return Text(
        f"{on.year}年{on.month}月{on.day}日({_WEEKDAYS[on.weekday()]})",
        f"{_WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS_EN[on.month - 1]} {on.year}",
    )


def moment(when: datetime) -> Text:
    """A moment: 11月30日(月)10:00 / Mon 30 Nov 10:00."""
    at = clock.tokyo(when)
    on, time = day(at), f"{at.hour:02}:{at.minute:02}"
    return Text(f"{on.ja}{time}", f"{on.en} {time}")


def until(when: datetime) -> Text:
    """The end of a wait: midnight is told as the end of the day before, as people count deadlines."""
    at = clock.tokyo(when)
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return Text("{day}の終わり", "the end of {day}").format(day=day(at.date() - timedelta(days=1)))
    return moment(at)


def left(when: datetime) -> Text:
    """How long until a moment, never overstated: あと3日, あと5時間, あと10分; past: 2日前に過ぎました."""
    seconds = (when - clock.now()).total_seconds()
    if abs(seconds) < 60:
        return Text("まもなく", "any moment") if seconds >= 0 else Text("いま過ぎました", "just passed")
    count = _span(abs(seconds))
    if seconds > 0:
        return Text(f"あと{count.ja}", f"{count.en} left")
    return Text(f"{count.ja}前に過ぎました", f"passed {count.en} ago")


def ago(when: datetime) -> Text:
    """How long since a moment: 3日前, 5時間前, たった今."""
    seconds = (clock.now() - when).total_seconds()
    if seconds < 60:
        return Text("たった今", "just now")
    return Text("{span}前", "{span} ago").format(span=_span(seconds))


def _span(seconds: float) -> Text:
    for unit, ja, en in ((86_400, "日", "day"), (3_600, "時間", "hour"), (60, "分", "minute")):
        count = int(seconds // unit)
        if count:
            return Text(f"{count}{ja}", f"{count} {en}" if count == 1 else f"{count} {en}s")
    raise AssertionError("a span shorter than a minute has its own words")


def clock_left(when: datetime | None) -> Markup:
    """あと3日 as a `<time>`, the exact moment on hover and on focus and for screen readers; nothing for nothing."""
    if when is None:
        return Markup("")
    return _time(when, left(when), "clock")


def stopped_clock(when: datetime) -> Text:
    """A clock that stands still, and when it ends as things stand."""
    return Text("止まっています(いまの見込みでは{until}まで)", "Stopped (as it stands, until {until})").format(
        until=until(when)
    )


def clock_ago(when: datetime) -> Markup:
    """3日前 as a `<time>`, the exact moment on hover, on focus and for screen readers."""
    return _time(when, ago(when), "clock")


def stamp(when: date | datetime) -> Markup:
    """A day or moment as a `<time>`, in words."""
    if isinstance(when, datetime):
        return Markup('<time datetime="{}">{}</time>').format(clock.tokyo(when).isoformat(), escape(moment(when)))
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(), escape(day(when)))


def _time(when: datetime, words: Text, css: str) -> Markup:
    # Written out: lists draw many of these, and `Markup.format` costs more than the rest of a card.
    exact = escape(str(moment(when)))
    return Markup(  # noqa: S704 - words are escaped here, the class and the ISO time are ours
        f'<time class="{css}" tabindex="0" datetime="{clock.tokyo(when).isoformat()}" data-exact="{exact}">'
        f'{escape(str(words))}<span class="unseen"> ({exact})</span></time>'
    )
