"""What is said of a clock that stands still: never why (A185). Pure."""

from datetime import datetime, timedelta

from kotowari.kernel.text import Text

STOPPED_FOR_OTHER = Text(
    "お相手の方がいまサイトを使えないため、この期限を止めています。再開後に残りの日数が続きます。",
    "The other side cannot use the site at the moment, so this clock stands still. What is left of it goes on afterwards.",
)
"""For whoever waits."""
STOPPED_FOR_SELF = Text(
    "あなたがサイトを使えないあいだ、この期限を止めています。再開後に残りの日数が続きます。",
    "While you cannot use the site, this clock stands still. What is left of it goes on afterwards.",
)
"""For the member whom the clock waits for."""

NEWS_FROM = timedelta(hours=1)


def is_news(was_at: datetime, due_at: datetime) -> bool:
    """Whether a clock moved so far that both sides are written to: a lock of minutes is seen on its page, and no more."""
    return abs(due_at - was_at) >= NEWS_FROM
