"""What some line of the bank explains without having been matched: the same amount around the same day, one for one."""

import time
from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.ids import new_id
from kotowari.payouts.selectors.reconciling import DAYS_AROUND, Item, without_pair

DAY = date(2026, 11, 20)
days = st.integers(0, 20).map(lambda n: DAY + timedelta(days=n))
amounts = st.sampled_from([-1_000, -660, 660])
items = st.lists(st.builds(Item, st.just("run"), st.uuids(), amounts, days), max_size=12)
lines = st.lists(st.tuples(amounts, days), max_size=12)


def one_by_one(found: list[Item], told: list[tuple[int, date]]) -> list[Item]:
    """The same by looking at every line for every item."""
    free, left = Counter(sorted(told, key=lambda at: at[1])), []
    for item in found:
        near = [
            day
            for (amount_yen, day), n in free.items()
            if n and amount_yen == item.amount_yen and abs(day - item.on) <= timedelta(days=DAYS_AROUND)
        ]
        if near:
            free[item.amount_yen, min(near, key=lambda day: (abs(day - item.on), day))] -= 1
        else:
            left.append(item)
    return left


@given(items, lines)
def test_each_item_takes_the_nearest_line_that_is_free(found: list[Item], told: list[tuple[int, date]]) -> None:
    assert without_pair(found, told) == one_by_one(found, told)


def test_ten_thousand_items_against_ten_thousand_lines_are_a_matter_of_a_moment() -> None:
    found = [Item("run", new_id(), -1_000 - n % 7, DAY + timedelta(days=n % 90)) for n in range(10_000)]
    told = [(-1_000 - n % 7, DAY + timedelta(days=n % 90)) for n in range(10_000)]
    started = time.perf_counter()
    assert without_pair(found, told) == []
    assert without_pair(found, told[1:]) != []
    assert time.perf_counter() - started < 5, "each against each took minutes"
