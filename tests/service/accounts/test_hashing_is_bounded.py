"""Too many passwords at once: the rest wait, or are told when, and nobody is charged for it."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD

from kotowari.accounts import hashing
from kotowari.accounts.models import Member
from kotowari.accounts.turns import Turns
from kotowari.cli.serve import server_command
from kotowari.foundation.models import Backoff
from kotowari.kernel.errors import Refused
from kotowari.kernel.text import use_language

PEOPLE = 64
KEPT = "argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A line in which nobody can wait any more."""
    turns = Turns(at_once=1, waiting_most=0, longest_wait_seconds=1)
    monkeypatch.setattr(hashing, "turns", lambda: turns)
    with turns.turn():
        yield


@pytest.mark.rule("A014")
def test_64_hashes_at_once_are_computed_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(at_once=2, waiting_most=PEOPLE, longest_wait_seconds=60)
    monkeypatch.setattr(hashing, "turns", lambda: turns)
    counted, lock = {"now": 0, "most": 0}, threading.Lock()
    plainly = hashing._fits

    def watched(password: str, encoded: str) -> bool:
        with lock:
            counted["now"] += 1
            counted["most"] = max(counted["most"], counted["now"])
        try:
            return plainly(password, encoded)
        finally:
            with lock:
                counted["now"] -= 1

    monkeypatch.setattr(hashing, "_fits", watched)
    kept = make_password(PASSWORD)
    gate = threading.Barrier(PEOPLE)

    def one(number: int) -> bool:
        gate.wait()
        return check_password(PASSWORD if number % 2 else "wrong", kept)

    with ThreadPoolExecutor(PEOPLE) as pool:
        found = list(pool.map(one, range(PEOPLE), timeout=120))
    assert found == [bool(number % 2) for number in range(PEOPLE)]
    assert counted == {"now": 0, "most": 2}


@pytest.mark.rule("A014")
def test_whoever_is_not_served_is_told_when_and_that_it_is_us(full: None, clock: MovableClock) -> None:
    for action in (lambda: make_password(PASSWORD), lambda: check_password(PASSWORD, KEPT)):
        with pytest.raises(Refused) as refused:
            action()
        (blocker,) = refused.value.decision.blockers
        assert blocker.code == "accounts.password.check.busy"
        assert (blocker.rule, blocker.status, blocker.resolved_by) == ("A014", 503, "operator")
        assert blocker.clears_at == clock.moment + timedelta(seconds=hashing.LONGEST_WAIT_SECONDS)
        with use_language("en"):
            assert "does not count as a failed sign-in" in str(blocker.reason)


@pytest.mark.rule("A014")
@pytest.mark.django_db(transaction=True)
def test_a_sign_in_that_could_not_be_checked_is_answered_503_and_counted_against_nobody(
    member: Member, full: None
) -> None:
    for login in (member.username, "nobody"):
        answer = Client().post("/login/", {"login": login, "password": PASSWORD}, headers={"accept-language": "en"})
        assert answer.status_code == 503
        assert 1 <= int(answer["Retry-After"]) <= hashing.LONGEST_WAIT_SECONDS
        words = answer.content.decode()
        assert "Passwords cannot be checked right now" in words
        assert "do not belong together" not in words
    assert not Backoff.objects.filter(tries__gt=0).exists()


@pytest.mark.rule("A014")
@pytest.mark.django_db(transaction=True)
def test_signing_up_is_told_when_too(full: None) -> None:
    typed = {"username": "hanako_s", "display_name": "花子", "email": "hanako@example.jp", "password": PASSWORD}
    answer = Client().post("/signup/", {**typed, "kind": "individual", "terms": "on", "message_check": "on"})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 1
    assert "パスワードの間違いではなく" in answer.content.decode()


def test_the_server_tells_its_processes_how_many_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KOTOWARI_WORKERS", "")
    command = server_command("127.0.0.1", 8000, 3, tmp_path)
    assert os.environ["KOTOWARI_WORKERS"] == "3"
    assert command[command.index("--workers") + 1] == "3"


def test_this_process_has_a_line_for_its_cores() -> None:
    hashing.turns.cache_clear()
    assert hashing.turns().at_once == hashing._cores()
    assert hashing.turns().waiting_most == hashing.WAITING_MOST
    assert hashing.turns() is hashing.turns()
