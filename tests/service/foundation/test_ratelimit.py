import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kotowari.foundation import ratelimit
from kotowari.foundation.models import RateWindow
from kotowari.foundation.ratelimit import LimiterUnavailable, blocked, clear, forget_expired, hit, peek
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import ACTIONS, Action
from kotowari.kernel.text import Text, use_language

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
THREE_A_MINUTE: dict[str, Any] = {"scope": "test.three", "limit": 3, "window_seconds": 60}


def at(seconds: float):
    return clock.frozen(START + timedelta(seconds=seconds))


def hits(*seconds: float, key: str = "a") -> list[bool]:
    answers = []
    for second in seconds:
        with at(second):
            answers.append(hit(key=key, **THREE_A_MINUTE).allowed)
    return answers


@pytest.fixture
def action():
    made = Action(name="test.knock", title=Text("たたく", "Knock"), no=Text("たたけません", "Cannot knock"))
    yield made
    del ACTIONS["test.knock"]


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Real transactions, for what a rolled-back test cannot show; leaves no hits behind."""
    with django_db_blocker.unblock():
        RateWindow.objects.all().delete()
        yield
        RateWindow.objects.all().delete()
        connection.close()


@pytest.mark.django_db
def test_the_limit_is_passed_up_to_its_number_and_not_beyond() -> None:
    assert hits(0, 1, 2, 3) == [True, True, True, False]


@pytest.mark.django_db
def test_another_key_and_another_scope_have_their_own_room() -> None:
    hits(0, 0, 0)
    assert hits(0, key="b") == [True]
    with at(0):
        assert hit(scope="test.other", key="a", limit=3, window_seconds=60).allowed


@pytest.mark.rule("P011")
@pytest.mark.django_db
def test_there_is_room_again_from_the_moment_that_was_told_and_not_before() -> None:
    hits(0, 20, 40)
    with at(50):
        told = hit(key="a", **THREE_A_MINUTE)
    assert told.retry_at == START + timedelta(seconds=60)
    assert hits(59.999) == [False]
    assert hits(60, 61) == [True, False]


@pytest.mark.django_db
def test_trying_on_while_refused_does_not_prolong_the_wait() -> None:
    hits(0, 0, 0)
    hits(*range(1, 60))
    assert hits(60) == [True]


@pytest.mark.rule("P011")
@pytest.mark.django_db
def test_what_remains_is_counted_down_and_the_last_hit_tells_when_the_next_is_possible() -> None:
    with at(0):
        results = [hit(key="a", **THREE_A_MINUTE) for _ in range(4)]
    assert [r.remaining for r in results] == [2, 1, 0, 0]
    assert [r.retry_at for r in results] == [None, None, START + timedelta(minutes=1), START + timedelta(minutes=1)]


@pytest.mark.django_db
def test_a_look_counts_nothing_and_says_what_a_hit_would_meet() -> None:
    with at(0):
        assert [peek(key="a", **THREE_A_MINUTE).remaining for _ in range(5)] == [3] * 5
    hits(0, 0, 0)
    with at(1):
        look = peek(key="a", **THREE_A_MINUTE)
    assert (look.allowed, look.remaining, look.retry_at) == (False, 0, START + timedelta(minutes=1))
    with at(60):
        assert peek(key="a", **THREE_A_MINUTE).allowed


@pytest.mark.django_db
def test_a_limit_lowered_meanwhile_waits_for_all_that_is_too_much() -> None:
    hits(0, 10, 20)
    with at(30):
        told = hit(scope="test.three", key="a", limit=1, window_seconds=60)
    assert (told.allowed, told.retry_at) == (False, START + timedelta(seconds=80))


@pytest.mark.django_db
def test_clearing_gives_the_whole_room_back_to_that_key_only() -> None:
    hits(0, 0, 0)
    hits(0, 0, 0, key="b")
    clear(scope="test.three", key="a")
    assert hits(1) == [True]
    assert hits(1, key="b") == [False]


@pytest.mark.django_db
def test_the_table_does_not_hold_whose_hits_they_are() -> None:
    hits(0, key="hanako@example.jp")
    row = RateWindow.objects.get()
    assert b"hanako" not in bytes(row.key_digest)
    assert len(bytes(row.key_digest)) == 32


@pytest.mark.django_db
def test_what_no_limit_needs_any_more_is_forgotten_and_the_rest_is_kept() -> None:
    for n in range(5):
        hits(0, key=f"old{n}")
    hits(30, key="young")
    with at(60):
        assert forget_expired(batch_rows=2) == 5
        assert forget_expired(batch_rows=2) == 0
    assert RateWindow.objects.count() == 1
    assert hits(61, key="old0") == [True]


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [0, -1, ratelimit.MAX_LIMIT + 1])
def test_a_limit_out_of_range_is_a_mistake_of_the_program(limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        hit(scope="test.wrong", key="a", limit=limit, window_seconds=60)


@pytest.mark.django_db
@pytest.mark.parametrize("window", [0, -5, ratelimit.MAX_WINDOW_SECONDS + 1])
def test_a_window_out_of_range_is_a_mistake_of_the_program(window: int) -> None:
    with pytest.raises(ValueError, match="window"):
        peek(scope="test.wrong", key="a", limit=3, window_seconds=window)


@pytest.mark.rule("P011")
@pytest.mark.django_db
def test_a_reached_limit_becomes_a_blocker_with_its_end() -> None:
    with at(30):
        for _ in range(3):
            assert blocked(hit(key="a", **THREE_A_MINUTE), rule="P011") is None
        blocker = blocked(hit(key="a", **THREE_A_MINUTE), rule="P011")
    assert blocker is not None
    assert (blocker.status, blocker.resolved_by) == (429, "time")
    assert blocker.clears_at == START + timedelta(seconds=90)
    with at(31):
        assert "10:02" in blocker.reason.ja
    with use_language("en"):
        assert "3 times in 1 minute" in str(blocker.reason)


@pytest.mark.django_db
def test_an_end_on_another_day_names_the_day() -> None:
    with at(0):
        for _ in range(2):
            result = hit(scope="test.daily", key="a", limit=1, window_seconds=2 * 86400)
        blocker = blocked(result, rule="P011")
    assert blocker is not None
    assert "11月22日 10:00" in blocker.reason.ja
    assert "2 days" in blocker.reason.en
    assert "22 November, 10:00" in blocker.reason.en


@pytest.mark.rule("P011")
@pytest.mark.django_db
def test_requiring_room_refuses_with_429_when_there_is_none(action: Action) -> None:
    with at(0):
        for _ in range(3):
            ratelimit.require(action, rule="P011", key="a", **THREE_A_MINUTE)
        with pytest.raises(Refused) as caught:
            ratelimit.require(action, rule="P011", key="a", **THREE_A_MINUTE)
    decision = caught.value.decision
    assert decision.status == 429
    assert decision.blockers[0].code == "test.knock.too_often"
    assert decision.clears_at == START + timedelta(minutes=1)


@pytest.mark.rule("A014")
@pytest.mark.django_db
def test_requiring_room_refuses_with_503_when_nobody_can_tell(action: Action, monkeypatch) -> None:
    monkeypatch.setattr(ratelimit, "_HIT", "SELECT 1/0")
    with pytest.raises(Refused) as caught:
        ratelimit.require(action, rule="P011", key="a", **THREE_A_MINUTE)
    assert caught.value.decision.status == 503


@pytest.mark.django_db
def test_a_limiter_that_gets_no_answer_lets_nobody_through(monkeypatch) -> None:
    class Gone:
        def __init__(self, *_: object) -> None:
            raise OperationalError("the connection is closed")

    monkeypatch.setattr(connection, "cursor", Gone)
    with pytest.raises(LimiterUnavailable):
        hit(key="a", **THREE_A_MINUTE)
    with pytest.raises(LimiterUnavailable):
        peek(key="a", **THREE_A_MINUTE)


@pytest.mark.usefixtures("committed")
def test_a_hit_inside_a_transaction_is_refused_as_a_mistake_of_the_program() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        hit(key="a", **THREE_A_MINUTE)
    assert RateWindow.objects.count() == 0
    assert hit(key="a", **THREE_A_MINUTE).allowed


@pytest.mark.usefixtures("committed")
def test_a_hit_stays_counted_when_what_followed_was_rolled_back() -> None:
    hit(key="a", **THREE_A_MINUTE)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    assert peek(key="a", **THREE_A_MINUTE).remaining == 2


@pytest.mark.usefixtures("committed")
def test_twenty_at_once_pass_exactly_as_many_as_the_limit_says() -> None:
    answers: list[bool] = []
    gate = threading.Barrier(20)

    def knock() -> None:
        try:
            gate.wait()
            answers.append(hit(scope="test.crowd", key="a", limit=7, window_seconds=600).allowed)
        finally:
            connection.close()

    threads = [threading.Thread(target=knock) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 13 + [True] * 7
    assert len(RateWindow.objects.get().hits) == 7


@pytest.mark.usefixtures("committed")
def test_a_key_that_somebody_holds_too_long_gives_no_answer_instead_of_hanging(monkeypatch) -> None:
    monkeypatch.setattr(ratelimit, "WAIT_FOR_KEY_MS", 100)
    hit(key="a", **THREE_A_MINUTE)
    outcome: list[BaseException] = []

    def knock() -> None:
        try:
            hit(key="a", **THREE_A_MINUTE)
        except LimiterUnavailable as error:
            outcome.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        RateWindow.objects.select_for_update().get()
        thread = threading.Thread(target=knock)
        thread.start()
        thread.join(timeout=10)
    assert len(outcome) == 1
    assert peek(key="a", **THREE_A_MINUTE).remaining == 2


@pytest.mark.django_db
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 5), window=st.integers(1, 30), steps=st.lists(st.integers(0, 15), max_size=25))
def test_no_stretch_of_the_window_ever_holds_more_than_the_limit(limit: int, window: int, steps: list[int]) -> None:
    clear(scope="test.property", key="a")
    passed: list[int] = []
    second = 0
    for step in steps:
        second += step
        with at(second):
            result = hit(scope="test.property", key="a", limit=limit, window_seconds=window)
        recent = [p for p in passed if p > second - window]
        assert result.allowed == (len(recent) < limit)
        if result.allowed:
            passed.append(second)
        elif result.retry_at is not None:
            assert result.retry_at > START + timedelta(seconds=second)
    for first, last in zip(passed, passed[limit:], strict=False):
        assert last - first >= window
    assert all(a <= b for a, b in pairwise(passed))
