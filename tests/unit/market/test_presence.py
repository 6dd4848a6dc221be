"""When somebody was last here and until when they are away: in words that tell no more than they should."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kotowari.market.presence import away_in_words, last_here_in_words

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.rule("A196")
@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(0), "3日以内"),
        (timedelta(days=3), "3日以内"),
        (timedelta(days=3) + SECOND, "1週間以内"),
        (timedelta(days=7), "1週間以内"),
        (timedelta(days=7) + SECOND, "1か月以内"),
        (timedelta(days=30), "1か月以内"),
        (timedelta(days=30) + SECOND, "1か月より前"),
        (timedelta(days=900), "1か月より前"),
    ],
)
def test_how_long_ago_is_told_coarsely(ago: timedelta, words: str) -> None:
    said = last_here_in_words(NOW - ago, NOW)
    assert said
    assert said.ja == words
    assert not any(digit in said.en for digit in "2468")


def test_never_is_no_words() -> None:
    assert last_here_in_words(None, NOW) is None


@pytest.mark.rule("A112")
@pytest.mark.parametrize(
    ("until", "ja", "en"),
    [
        (date(2026, 11, 30), "11月30日まで不在", "away until 30 November"),
        (date(2027, 1, 5), "2027年1月5日まで不在", "away until 5 January 2027"),
    ],
)
def test_until_when_somebody_is_away(until: date, ja: str, en: str) -> None:
    words = away_in_words(until, date(2026, 11, 20))
    assert (words.ja, words.en) == (ja, en)
