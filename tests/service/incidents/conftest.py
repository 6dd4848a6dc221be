"""Members as in the tests of accounts, and incidents as staff begin them."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import join as join
from tests.story import member

from kotowari.accounts.models import Member
from kotowari.incidents.models import Incident
from kotowari.incidents.services import open_incident
from kotowari.kernel.text import Text

Begin = Callable[..., Incident]


@pytest.fixture
def staff(clock: MovableClock, db: None) -> Member:
    return member("unei_one", is_staff=True)


@pytest.fixture
def begin(clock: MovableClock, staff: Member) -> Begin:
    """Begin an incident: `begin(kind="leak", is_public=False)`."""

    def made(**more: Any) -> Incident:
        given: dict[str, Any] = {
            "actor": staff,
            "kind": "outage",
            "severity": "major",
            "functions": ["sign_in"],
            "title": Text("ログインできないことがあります", "Signing in fails at times"),
            "words": Text("原因を調べています。", "We are looking for the cause."),
            "started_at": clock.moment,
            "is_public": True,
            "next_minutes": 60,
        }
        return open_incident(**{**given, **more})

    return made
