"""Ids, words in two languages, and the clock."""

from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text, use_language


def test_ids_are_version_7_distinct_and_in_order() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(i.version == 7 and i.variant == UUID(int=1 << 63).variant for i in ids[:100])


def test_a_text_follows_the_language_and_so_do_the_texts_inside_it() -> None:
    text = Text("{who}が{n}件", "{n} by {who}").format(who=Text("発注者", "the client"), n=2)
    assert str(text) == "発注者が2件"
    with use_language("en"):
        assert str(text) == "2 by the client"
    assert Text.from_dict(text.as_dict()) == text


def test_a_text_is_escaped_in_pages() -> None:
    assert Text("<b>", "<i>").__html__() == "&lt;b&gt;"


def test_today_is_tokyos_day() -> None:
    with clock.frozen(datetime(2026, 11, 19, 15, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 11, 20)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_the_end_of_a_day_is_the_start_of_the_next(day: date) -> None:
    assert clock.end_of(day) == clock.start_of(day + clock.DAY)
    assert clock.last_day(clock.end_of(day)) == day
