"""Growing waits: exact under threads, told in advance, taken back when the fault was ours."""

import threading
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection, transaction
from tests.conftest import MovableClock

from kotowari.foundation import backoff
from kotowari.foundation.backoff import Limit, Taken
from kotowari.foundation.models import Backoff
from kotowari.foundation.ratelimit import LimiterUnavailable

pytestmark = pytest.mark.django_db(transaction=True)


def limit(key: str = "a", **more: Any) -> Limit:
    given = {"scope": "t", "free": 3, "first_seconds": 30, "most_seconds": 120, "forget_seconds": 3600}
    return Limit(**{**given, "key": key, **more})


def take(*limits: Limit) -> list[Taken]:
    return backoff.take(limits or [limit()])


def test_some_are_free_then_each_doubles_the_wait_up_to_the_longest(clock: MovableClock) -> None:
    assert [(t.counted, t.left, t.wait_until) for t in (take()[0], take()[0])] == [(True, 2, None), (True, 1, None)]
    waits = []
    for _ in range(4):
        counted = take()[0]
        assert counted.counted
        assert counted.wait_until
        waits.append((counted.wait_until - clock.moment).total_seconds())
        refused = take()[0]
        assert (refused.counted, refused.wait_until) == (False, counted.wait_until)
        clock.set(counted.wait_until)
    assert waits == [30, 60, 120, 120]


def test_trying_on_while_refused_does_not_prolong_the_wait(clock: MovableClock) -> None:
    for _ in range(3):
        take()
    for _ in range(50):
        assert not take()[0].counted
    clock.move(seconds=30)
    assert take()[0].tries == 4


def test_a_row_that_nobody_added_to_is_forgotten(clock: MovableClock) -> None:
    take(), take()
    clock.move(hours=1)
    assert take()[0].tries == 1
    clock.move(hours=1)
    assert backoff.forget_ended() == 1
    assert not Backoff.objects.exists()


def test_what_is_taken_back_was_never_tried(clock: MovableClock) -> None:
    for _ in range(3):
        taken = take()[0]
    assert taken.wait_until == clock.moment + timedelta(seconds=30)
    backoff.give_back("t", "a")
    assert take()[0].tries == 3
    backoff.clear([("t", "a"), ("t", "never there")])
    assert take()[0].tries == 1


def test_one_key_that_waits_keeps_every_other_from_being_counted(clock: MovableClock) -> None:
    for _ in range(3):
        take(limit("busy"))
    both = take(limit("busy"), limit("quiet"))
    assert [t.counted for t in both] == [False, False]
    assert take(limit("quiet"))[0].tries == 1


def test_a_limit_that_does_not_bind_is_told_and_refuses_nothing(clock: MovableClock) -> None:
    for _ in range(3):
        take(limit("account", binding=False))
    pair, account = take(limit("pair"), limit("account", binding=False))
    assert pair.counted
    assert not account.counted
    assert account.wait_until == clock.moment + timedelta(seconds=30)


def test_no_number_of_tries_at_once_slips_past() -> None:
    counted: list[bool] = []

    def tries() -> None:
        try:
            counted.append(take()[0].counted)
        finally:
            connection.close()

    threads = [threading.Thread(target=tries) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counted) == 24
    assert sum(counted) == 3


def test_inside_a_transaction_it_refuses_to_count_and_without_a_database_nobody_passes() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        take()
    with (
        mock.patch("kotowari.foundation.backoff.connection.cursor", side_effect=OperationalError("away")),
        pytest.raises(LimiterUnavailable),
    ):
        take()


def test_the_table_names_nobody(clock: MovableClock) -> None:
    take(limit("taro@example.jp"))
    assert b"taro" not in bytes(Backoff.objects.get().key_digest)


def test_a_key_that_somebody_holds_is_waited_for_no_longer_than_said(clock: MovableClock) -> None:
    take()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Backoff.objects.select_for_update().get()
                held.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(20)
        with mock.patch("kotowari.foundation.backoff.WAIT_FOR_KEY_MS", 50), pytest.raises(LimiterUnavailable):
            take()
    finally:
        done.set()
        thread.join()
    assert take()[0].tries == 2
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
