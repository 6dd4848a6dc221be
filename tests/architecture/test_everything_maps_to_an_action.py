"""Every address, call and command asks a gate, and what is written about them is what the program does."""

from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from kotowari.api.actions import ACTIONS as CALLS
from kotowari.api.calls import describe_problems
from kotowari.api.urls import api
from kotowari.cli.reference import PAGES, out_of_date
from kotowari.foundation.commands import COMMANDS
from kotowari.kernel.gates import ACTIONS
from kotowari.web.screens import SCREENS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference"


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, path)
        else:
            found.append((path, pattern.name))
    return found


def test_every_page_is_a_screen_with_its_actions() -> None:
    pages = [(path, name) for path, name in addresses(get_resolver().url_patterns) if not path.startswith("api/")]
    unknown = {path: name for path, name in pages if name not in SCREENS}
    assert unknown == {}
    assert all(ACTIONS[a.name] is a for screen in SCREENS.values() for a in screen.actions)
    assert len(pages) >= 30


def test_every_call_of_the_api_names_its_action() -> None:
    document = describe_problems(api)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert {operation["x-action"] for operation in operations} <= set(ACTIONS)
    assert len(operations) == len(CALLS), "a call without an action, or an action without its call"
    assert all("422" in o["responses"] and "409" in o["responses"] for o in operations)


def test_every_command_asks_a_registered_action() -> None:
    assert len(COMMANDS) >= 30
    assert {name for name, action in COMMANDS.items() if ACTIONS.get(action.name) is not action} == set()


def test_every_action_is_asked_by_a_command_a_page_or_a_call() -> None:
    asked = {a.name for a in COMMANDS.values()} | {a.name for a in CALLS.values()}
    asked |= {a.name for screen in SCREENS.values() for a in screen.actions}
    # What every page or call may end in, whichever it is; and what is shown, not done.
    everywhere = {"api.find", "api.send", "web.send_form", "web.open_member_page", "payouts.receive"}
    everywhere |= {"accounts.password.check", "accounts.staff.act", "ledger.post"}
    assert set(ACTIONS) - asked <= everywhere


@pytest.mark.parametrize("page", sorted(PAGES))
@pytest.mark.rule("A195")
def test_the_reference_is_in_step_with_the_program(page: str) -> None:
    assert page not in out_of_date(FOLDER), "run `kotowari reference`"
