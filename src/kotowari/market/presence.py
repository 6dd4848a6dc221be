"""When a member was last here and until when they are away, in words for others. Pure."""

from datetime import date, datetime, timedelta

from kotowari.kernel.text import Text

_COARSE = (
    (timedelta(days=3), Text("3日以内", "within 3 days")),
    (timedelta(days=7), Text("1週間以内", "within a week")),
    (timedelta(days=30), Text("1か月以内", "within a month")),
)
_LONGER = Text("1か月より前", "more than a month ago")


def last_here_in_words(last: datetime | None, now: datetime) -> Text | None:
    """How long ago somebody was last here, so coarsely that it tells nobody's habits (A196); None for never."""
    if last is None:
        return None
    return next((words for span, words in _COARSE if now - last <= span), _LONGER)


def away_in_words(until: date, today: date) -> Text:
    """Until when somebody is away (A112); the year is said when it is another."""
    if until.year == today.year:
        return Text(f"{until.month}月{until.day}日まで不在", f"away until {until:%-d %B}")
    return Text(f"{until.year}年{until.month}月{until.day}日まで不在", f"away until {until:%-d %B %Y}")
