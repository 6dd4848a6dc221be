"""Every call of the API, by everybody: without a token, with the wrong scope, with another member's ids."""

import json
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.security.test_route_matrix import put_back, state_of_affairs
from tests.security.world import World
from tests.story import proved

from kotowari.accounts.models import Member
from kotowari.accounts.scopes import SCOPES
from kotowari.accounts.services import create_api_token
from kotowari.api.calls import describe_problems
from kotowari.api.urls import api
from kotowari.kernel.ids import new_id

pytestmark = pytest.mark.django_db
HERS = {"ticket"}
"""What is the worker's alone, and not even the client may know of."""
MAKE_A_TOKEN = {f"/api/v1/sign-ins{rest}" for rest in ("", "/second-factor", "/code")}
ENDS_THE_TOKEN = "/api/v1/sign-ins/current"
"""Any token may be ended by whoever holds it."""
SEEN = "/api/v1/threads/{id}/read"
NAMED = {"jobs": "job", "contracts": "contract", "milestones": "milestone", "end-requests": "end_request"}
NAMED |= {"proposals": "proposal", "threads": "thread", "tickets": "ticket", "card-payments": "card_payment"}
NAMED |= {"papers": "paper", "me": "journal"}
CLIENTS = {"card_payment"}
"""What is the client's alone."""
SIGNED = {"POST /api/v1/webhooks/cards"}
"""Calls of the card processor, which has no token: its signature stands for it."""


class Call:
    """One operation of the document."""

    def __init__(self, path: str, method: str, operation: dict[str, Any]) -> None:
        self.path, self.method, self.name = path, method, f"{method.upper()} {path}"
        self.needs_token = any(operation.get("security", []))
        self.has_body = "requestBody" in operation
        self.scope = operation["x-scope"]
        self.kind = NAMED.get(path.removeprefix("/api/v1/").split("/")[0]) if "{id}" in path else None

    @property
    def is_private(self) -> bool:
        """Whether its id is of something that a stranger may not know of."""
        return self.kind is not None and self.kind != "job"

    def made(self, world: World, token: str | None, body: Any = None) -> Any:
        path = self.path.replace("{action}", "market.job.post")
        if self.kind:
            path = path.replace("{id}", str(getattr(world, self.kind).pk))
        assert "{" not in path, f"{path}: say what its names stand for"
        headers = {"Idempotency-Key": str(new_id())} | ({"Authorization": f"Bearer {token}"} if token else {})
        sent = json.dumps(body if body is not None else {}) if self.method != "get" else None
        return Client(raise_request_exception=False).generic(
            self.method.upper(), path, sent or "", content_type="application/json", headers=headers
        )


def calls() -> list[Call]:
    document = describe_problems(api)
    found = [
        Call(path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    assert len(found) >= 28
    return found


def token_of(member: Member, scopes: set[str]) -> str:
    return str(create_api_token(actor=proved(member), name="matrix", scopes=sorted(scopes)).plaintext)


def is_a_problem(answer: Any) -> bool:
    return answer["Content-Type"] == "application/problem+json" and bool(answer.json()["blockers"])


def test_a_call_that_moves_something_needs_a_token(clock: MovableClock) -> None:
    world = World(clock)
    before = state_of_affairs()
    for call in calls():
        for token in (None, "nonsense", "kt_" + "a" * 43, "\x80"):
            answer = call.made(world, token)
            if token is None and not call.needs_token and call.path in MAKE_A_TOKEN:
                assert answer.status_code == 422, call.name
                assert is_a_problem(answer), call.name
            elif token is None and call.name in SIGNED:
                assert answer.status_code == 403, call.name
                assert is_a_problem(answer), call.name
            elif token is None and not call.needs_token:
                assert call.method == "get", call.name
                assert answer.status_code == 200, call.name
            else:
                assert answer.status_code == 401, f"{call.name} with {token}: {answer.status_code}"
                assert is_a_problem(answer), call.name
    assert state_of_affairs() == before


def test_a_token_without_the_scope_of_a_call_is_refused_with_the_scope_it_needs(clock: MovableClock) -> None:
    world = World(clock)
    before = state_of_affairs()
    for call in (c for c in calls() if c.needs_token and c.path != ENDS_THE_TOKEN):
        scope = call.scope
        assert scope in SCOPES, call.name
        answer = put_back(lambda c=call, s=scope: c.made(world, token_of(world.worker, set(SCOPES) - {s})))
        assert answer.status_code == 403, f"{call.name} without {scope}: {answer.status_code}"
        assert is_a_problem(answer), call.name
        assert answer.json()["blockers"][0]["facts"]["needed"] == scope
    assert state_of_affairs() == before


def test_a_strangers_token_finds_nothing_of_others_and_owners_are_never_told_so(clock: MovableClock) -> None:
    world = World(clock)
    before = state_of_affairs()
    stranger = token_of(world.people["stranger"], set(SCOPES))
    for call in (c for c in calls() if c.is_private):
        answer = call.made(world, stranger, valid_body(call.path))
        assert answer.status_code == 404, f"{call.name}: {answer.status_code} {answer.content!r}"
        assert is_a_problem(answer), call.name
    close = next(c for c in calls() if c.path.endswith("/jobs/{id}/close"))
    assert close.made(world, stranger).status_code == 403
    assert state_of_affairs() == before
    for owner in (world.client, world.worker):
        token = token_of(owner, set(SCOPES))
        for call in calls():
            answer = put_back(lambda c=call, t=token: c.made(world, t, valid_body(c.path)))
            if call.path in {ENDS_THE_TOKEN, SEEN}:
                assert answer.status_code == 204, call.name
                continue
            hidden = call.kind in HERS if owner is not world.worker else call.kind in CLIENTS
            expected = (404,) if hidden else (200, 201, 403, 409, 422)
            assert answer.status_code in expected, f"{call.name}: {answer.status_code}"
            assert answer.status_code < 400 or is_a_problem(answer), call.name


def valid_body(path: str) -> dict[str, Any]:
    """Something that can be read, so that it is the gate that speaks."""
    return {
        "reason": "no_longer_needed",
        "message": "x",
        "points": ["x"],
        "body": "x",
        "links": [],
        "milestones": [],
        "method": "card" if path.endswith("/fund") else "standard",
        "holder_kana": "ﾔﾏﾀﾞ",
    }
