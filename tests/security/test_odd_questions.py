"""Odd values for every question that any address reads: which they are is found by opening it, not typed in here."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from tests.conftest import MovableClock
from tests.security.test_api_matrix import NAMED, token_of
from tests.security.test_route_matrix import address_of, browser_of, state_of_affairs
from tests.security.world import World

import kotowari.config.urls  # noqa: F401 - registers every screen
from kotowari.accounts.scopes import SCOPES
from kotowari.api.calls import describe_problems
from kotowari.api.urls import api
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.statements import Asked, lines
from kotowari.web.screens import SCREENS, Screen

pytestmark = pytest.mark.django_db

ODD = [
    "",
    "a\x00b",
    "\ud800",
    "9" * 400,
    "-1",
    "９２２３３７２０３６８５４７７５８０８",
    "9223372036854775808",
    "0000-00-00",
    "9999-12-31",
    "0001-01",
    "<script>alert(1)</script>",
    "%s%n{0}{name}",
    "eyJ4IjoxfQ==",
    "WzFd",
]
"""No text, no number, no day, a day at either end of time, markup, and JSON as cursors are written."""
NOBODY_READS = "none"
READ_BY = {"__getitem__", "__contains__", "get", "getlist"}
KNOWN_TO_BE_READ = {
    ("console.checks", "after"),
    ("console.holders", "after"),
    ("console.holders", "show"),
    ("console.ledger", "q"),
    ("console.ledger.account", "after"),
    ("console.ledger.class", "all"),
    ("console.papers", "member"),
    ("console.reconciliation", "after"),
    ("papers", "kind"),
    ("rewards.journals", "of"),
    ("rewards.journals", "until"),
    ("rewards.journals.table", "since"),
}
"""Some that are certain: that nothing is found is no sign that nothing is read."""


@contextmanager
def noting(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that are looked for in an address, or in a form, while the block runs."""
    names: set[str] = set()

    def noted(original: Callable[..., Any]) -> Callable[..., Any]:
        def read(self: QueryDict, key: str, *rest: Any) -> Any:
            names.add(key)
            return original(self, key, *rest)

        return read

    with monkeypatch.context() as patch:
        for method in READ_BY:
            patch.setattr(QueryDict, method, noted(getattr(QueryDict, method)))
        yield names


def questions_of(address: str, browser: Client, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What an address reads of its questions, those included that it reads only when others are given."""
    known: set[str] = set()
    while True:
        with noting(monkeypatch) as names:
            for value in ("1", ""):
                browser.get(f"{address}?{urlencode(dict.fromkeys(sorted(known), value) | {NOBODY_READS: value})}")
        names.discard(NOBODY_READS)  # that it is taken in is no reading
        if names <= known:
            return known
        known |= names


def of_others(world: World) -> list[str]:
    """Cursors, ids and codes that are somebody else's, or of another list."""
    client = world.client
    assert client
    together = lines(Asked([accounts.refund_due(client.pk)], [world.milestone.pk], None, None), cursor="", limit=1)
    own = ledger.statement_of(accounts.escrow(world.milestone.pk), cursor=None, limit=1)
    found = [together.next_cursor, own.next_cursor, str(client.pk), str(world.milestone.pk)]
    return [each for each in found if each] + [accounts.available(client.pk).code, client.username]


def asked_oddly(name: str, others: list[str]) -> Iterator[str]:
    """One question in every odd way: each value, twice at once, as a list, with a name too many."""
    for value in [*ODD, *others]:
        yield urlencode({name: value}, errors="surrogatepass")
    yield urlencode([(name, "1"), (name, "\x00")])
    yield urlencode([(f"{name}[]", "1"), (f"{name}[a]", "2"), (name, "x")])


def asked_together(names: list[str], others: list[str]) -> Iterator[str]:
    """All questions of an address at once, each in another odd way."""
    values = [*ODD, *others]
    for first in range(0, len(values) if len(names) > 1 else 0, 5):
        mixed = {name: values[(first + n) % len(values)] for n, name in enumerate(names)}
        yield urlencode(mixed, errors="surrogatepass")


def asked_of(names: list[str], others: list[str]) -> Iterator[str]:
    """Every odd way to ask an address that reads these."""
    for name in names:
        yield from asked_oddly(name, others)
    yield from asked_together(names, others)


def is_told(answer: Any) -> bool:
    """Whether an answer is a page or a problem in words, and no bare status."""
    if answer.status_code < 400:
        return True
    if answer["Content-Type"].startswith("application/problem+json"):
        return bool(json.loads(answer.content)["title"])
    return b"<main" in answer.content and b"<h1" in answer.content


def wrong_with(answer: Any, asked: str) -> list[str]:
    if answer.status_code >= 500 or not is_told(answer) or b"<script>alert(1)" in getattr(answer, "content", b""):
        return [f"{asked[:200]}: {answer.status_code} {getattr(answer, 'content', b'')[:200]!r}"]
    return []


def browser_for(shown: Screen, world: World) -> Client:
    """Who opens it: staff the console, the worker what is members' own, and nobody in particular the rest."""
    is_desk = shown.path.startswith("console/")
    return browser_of(world.staff if is_desk else world.worker if shown.members_only else None)


def test_every_question_that_a_page_reads_is_answered_whatever_is_asked(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(clock)
    others = of_others(world)
    before = state_of_affairs()
    wrong: list[str] = []
    found: set[tuple[str, str]] = set()
    for shown in (s for s in SCREENS.values() if "GET" in s.methods):
        address, browser = address_of(shown, world), browser_for(shown, world)
        names = sorted(questions_of(address, browser, monkeypatch))
        found |= {(shown.name, name) for name in names}
        for query in asked_of(names, others):
            asked = f"{address}?{query}"
            wrong += wrong_with(browser.get(asked), f"{shown.name} {asked}")
    assert not wrong, "\n".join(wrong)
    assert found >= KNOWN_TO_BE_READ, KNOWN_TO_BE_READ - found
    assert state_of_affairs() == before


def test_every_name_in_an_address_is_answered_whatever_it_is(clock: MovableClock) -> None:
    world = World(clock)
    others, wrong, seen = of_others(world), [], set()
    for shown in (s for s in SCREENS.values() if "GET" in s.methods and "<str:" in s.path):
        browser, address = browser_for(shown, world), address_of(shown, world)
        for name in re.findall(r"<str:(\w+)>", shown.path):
            seen.add(name)
            was = quote(str(world.ids[name]), safe=":@")
            assert was in address, f"{shown.name}: {was} in {address}"
            for odd in (value for value in [*ODD, *others, "../..", "CON", "9999-99"] if value):
                asked = address.replace(was, quote(odd, safe="", errors="surrogatepass"))
                wrong += wrong_with(browser.get(asked), f"{shown.name} {asked}")
    assert {"month", "code", "account_class"} <= seen, seen
    assert not wrong, "\n".join(wrong)


def test_every_question_that_a_call_reads_is_answered_whatever_is_asked(clock: MovableClock) -> None:
    world = World(clock)
    others, token = of_others(world), token_of(world.worker, set(SCOPES))
    browser = Client(raise_request_exception=False)
    wrong: list[str] = []
    seen = 0
    for path, operations in describe_problems(api)["paths"].items():
        names = [p["name"] for p in operations.get("get", {}).get("parameters", []) if p["in"] == "query"]
        kind = NAMED.get(path.removeprefix("/api/v1/").split("/")[0])
        address = path.replace("{action}", "market.job.post")
        address = address.replace("{id}", str(getattr(world, kind).pk)) if kind and "{id}" in path else address
        seen += len(names)
        for query in asked_of(names, others):
            answer = browser.get(f"{address}?{query}", headers={"Authorization": f"Bearer {token}"})
            wrong += wrong_with(answer, f"{address}?{query}")
    assert seen > 10
    assert not wrong, "\n".join(wrong)
