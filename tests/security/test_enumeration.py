"""Before signing in nothing tells whether there is an account, or in what state: neither words nor time."""

import json
import random
import re
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.conftest import MovableClock

from kotowari.accounts.models import ApiToken, Lock, Member, Restriction, SignInRecord, SignUp
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery staple"
STATES = ("unknown", "wrong", "locked", "frozen", "left", "closed", "void")
PENDING = "pending"
"""A sign-up that waits for its code: a page leads on, a program has nowhere to go and is answered like the rest."""
TRIALS = 1_000
MEAN_DIFFERENCE_MAX_SECONDS = 0.005
MEAN_DIFFERENCE_MAX_SHARE = 0.1
"""Where everything takes longer, because the machine does other things too, noise grows with it."""


class Crowd:
    """Members in every state in which an account can be; asking for one of `unknown` names nobody."""

    def __init__(self, clock: MovableClock, of_each: int) -> None:
        self.of_each = of_each
        made = register_member(
            actor=SYSTEM, username="first", display_name="x", email="first@example.jp", password=PASSWORD
        )
        for state in (*STATES[1:], PENDING):
            for number in range(of_each):
                self._one(state, f"{state}{number}", made.password, clock)

    def _one(self, state: str, name: str, password: str, clock: MovableClock) -> None:
        if state == PENDING:
            self._pending(name, password, clock)
            return
        member = Member.objects.create(username=name, email=f"{name}@example.jp", display_name=name, password=password)
        member.emailaddress_set.create(email=member.email, verified=True, primary=True)
        soon = clock.moment + timedelta(days=1)
        if state == "locked":
            Lock.objects.create(member=member, level=1, tries=20, until=soon)
        if state == "frozen":
            Restriction.objects.create(member=member, cause="terms_breach", scope=["sign_in"], until=soon)
        changes = {"left": {"left_at": clock.moment}, "closed": {"is_active": False}}
        changes["void"] = {"password_void_since": clock.moment}
        if state in changes:
            Member.objects.filter(pk=member.pk).update(**changes[state])

    def _pending(self, name: str, password: str, clock: MovableClock) -> None:
        SignUp.objects.create(
            username=name,
            email=f"{name}@example.jp",
            display_name=name,
            password=password,
            lapses_at=clock.moment + timedelta(days=1),
            code_expires_at=clock.moment + timedelta(minutes=10),
        )

    def login(self, state: str, number: int) -> str:
        return f"{state}{number % self.of_each}@example.jp"


def from_somewhere(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.{number // 250 % 250}.{number % 250}.7"}


def bytes_of(answer: Any, typed: str) -> str:
    text = re.sub(r'(name="(csrfmiddlewaretoken|idempotency_key)" value|nonce)="[^"]*"', "", answer.content.decode())
    headers = {k: v for k, v in answer.headers.items() if k not in ("Content-Length", "Expires", "Set-Cookie")}
    cookies = sorted((name, morsel["path"], morsel["max-age"]) for name, morsel in answer.cookies.items())
    return f"{answer.status_code} {headers} {cookies} {text.replace(typed, 'TYPED')}"


def by_program(login: str, password: str, **from_where: str) -> Any:
    body = {"login": login, "password": password, "name": "books", "scopes": ["jobs:read"]}
    return Client(**from_where).post("/api/v1/sign-ins", json.dumps(body), content_type="application/json")


def by_page(login: str, password: str, **from_where: str) -> Any:
    return Client(**from_where).post("/login/", {"login": login, "password": password})


@pytest.mark.rule("A010", "A011")
def test_a_program_is_answered_in_the_same_bytes_in_every_state(clock: MovableClock) -> None:
    crowd = Crowd(clock, 1)
    seen: dict[str, list[str]] = {}
    for number, state in enumerate((*STATES, PENDING)):
        login, password = crowd.login(state, 0), "wrong" if state == "wrong" else PASSWORD
        answers = [by_program(login, password, **from_somewhere(number)) for _ in range(12)]
        seen[state] = [bytes_of(answer, login) for answer in answers]
        assert [a.status_code for a in answers] == [422] * 10 + [429] * 2, state
        assert answers[-1]["Retry-After"]
    assert {state for state, texts in seen.items() if texts != seen["unknown"]} == set()
    assert not ApiToken.objects.exists()


@pytest.mark.rule("A010", "A011")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_state_of_an_account_is_answered_in_the_same_bytes(clock: MovableClock, language: str) -> None:
    crowd = Crowd(clock, 1)
    seen: dict[str, list[str]] = {}
    for number, state in enumerate(STATES):
        browser, login = Client(headers={"accept-language": language}, **from_somewhere(number)), crowd.login(state, 0)
        password = "wrong" if state == "wrong" else PASSWORD
        answers = [browser.post("/login/", {"login": login, "password": password}) for _ in range(12)]
        seen[state] = [bytes_of(answer, login) for answer in answers]
        assert [a.status_code for a in answers] == [422] * 10 + [429] * 2, state
    for state in STATES[1:]:
        assert seen[state] == seen["unknown"], state


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/password/reset/", lambda login: {"email": login}),
        ("/help/cannot-log-in/", lambda login: {"login": login}),
        (
            "/signup/",
            lambda login: {
                "username": "a_new_name",
                "display_name": "x",
                "email": login,
                "password": PASSWORD,
                "kind": "individual",
                "terms": "on",
                "message_check": "on",
            },
        ),
    ],
)
def test_other_forms_before_signing_in_answer_every_address_alike(
    clock: MovableClock, path: str, form: Callable[[str], dict[str, str]]
) -> None:
    crowd = Crowd(clock, 1)
    seen = {}
    for number, state in enumerate(STATES):
        browser, login = Client(**from_somewhere(number)), crowd.login(state, 0)
        answers = [browser.post(path, form(login)) for _ in range(7)]
        after = browser.get(answers[0]["Location"])
        seen[state] = [bytes_of(answer, login) for answer in [*answers, after]]
        seen[state] = [re.sub(r"<time.*?</time>", "", text, flags=re.S) for text in seen[state]]
    assert {state for state, texts in seen.items() if texts != seen["unknown"]} == set()


def mean(seconds: list[float]) -> float:
    """Of the faster half, as whoever listens for a difference would take it: what else the machine does is left out."""
    return statistics.fmean(sorted(seconds)[: len(seconds) // 2])


def assert_alike(means: dict[str, float]) -> None:
    most = max(MEAN_DIFFERENCE_MAX_SECONDS, MEAN_DIFFERENCE_MAX_SHARE * min(means.values()))
    assert max(means.values()) - min(means.values()) < most, means


def timed(states: tuple[str, ...], trials: int, ask: Callable[[str, int], Any]) -> dict[str, float]:
    order = [state for state in states for _ in range(trials // len(states))]
    random.Random(7).shuffle(order)
    taken: dict[str, list[float]] = {state: [] for state in states}
    for number, state in enumerate(order):
        begun = time.perf_counter()
        ask(state, number)
        taken[state].append(time.perf_counter() - begun)
    return {state: mean(seconds) for state, seconds in taken.items()}


@pytest.mark.rule("A010")
@pytest.mark.parametrize("enter", [by_page, by_program])
def test_as_many_questions_are_asked_of_the_database_whoever_is_asked_about(
    clock: MovableClock, enter: Callable[..., Any]
) -> None:
    crowd, asked = Crowd(clock, 1), {}
    for number, state in enumerate(STATES):
        with CaptureQueriesContext(connection) as queries:
            enter(crowd.login(state, 0), PASSWORD[state == "wrong" :], **from_somewhere(number))
        asked[state] = [re.sub(r"\W.*", "", query["sql"]) for query in queries]
    # Of an address that no member has, the unfinished sign-ups are asked as well.
    assert asked["unknown"].count("SELECT") == asked["wrong"].count("SELECT") + 1
    asked["unknown"].remove("SELECT")
    assert {state for state, kinds in asked.items() if sorted(kinds) != sorted(asked["wrong"])} == set()


@pytest.mark.rule("A010")
@pytest.mark.parametrize("enter", [by_page, by_program])
def test_the_time_of_a_thousand_tries_tells_nothing(clock: MovableClock, enter: Callable[..., Any]) -> None:
    crowd = Crowd(clock, 30)

    def ask(state: str, number: int) -> None:
        password = "wrong" if state == "wrong" else PASSWORD
        assert enter(crowd.login(state, number), password, **from_somewhere(number)).status_code == 422

    means = timed(("unknown", "wrong", "locked", "frozen", "left"), TRIALS, ask)
    assert_alike(means)
    assert SignInRecord.objects.count() == TRIALS


@pytest.mark.parametrize(("path", "field"), [("/password/reset/", "email"), ("/help/cannot-log-in/", "login")])
def test_the_time_of_asking_for_a_mail_tells_nothing(clock: MovableClock, path: str, field: str) -> None:
    crowd = Crowd(clock, 30)

    def ask(state: str, number: int) -> None:
        browser = Client(**from_somewhere(number))
        assert browser.post(path, {field: crowd.login(state, number)}).status_code in (303, 429)

    means = timed(("unknown", "wrong", "locked", "frozen", "left"), 500, ask)
    assert_alike(means)
