"""Every way to act as a member, taken from the addresses of the product, passes the one gate of signing in."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from tests.conftest import MovableClock

import kotowari.config.urls  # noqa: F401 - registers every screen
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import ApiToken, Lock, Member, Restriction, Session, SignInRecord
from kotowari.accounts.program_sign_ins import begun
from kotowari.accounts.selectors import trust_mark
from kotowari.accounts.services import authenticate_token, create_api_token, register_member, sign_in_program
from kotowari.accounts.sessions import SessionStore
from kotowari.api.calls import describe_problems
from kotowari.api.urls import api
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused
from kotowari.web.screens import SCREENS

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
SOURCE = Path(__file__).parents[2] / "src" / "kotowari"

OPENS_A_SESSION = {"account_login", "account_signup_verify", "account_signup_link"}
OPENS_A_SESSION |= {"account_login_passkey", "account_second_factor"}
OPENS_A_SESSION |= {"external_back", "external_sign_up", "sign_in_link_open"}
"""Pages at whose end somebody is signed in."""
ACTS_BY_MAIL = {"account_reset_password_from_key", "account_unlock", "address_undo", "security_check.not_me"}
"""Pages that a signed link of a mail opens: they change what keeps somebody out, and open no session."""
ASKS_ONLY = {
    "account_signup",
    "account_signup_resend",
    "appeal",
    "external_login",
    "external_unlinked",
    "sign_in_link",
    "contact",
    "contact.answers",
    "contact.begin",
    "contact.link",
    "contact.settle",
    "contact.ticket",
    "account_reset_password",
    "cannot_log_in",
    "language",
    "account_logout",
    "account_second_factor_send",
    "account_recovery",
    "account_recovery_cancel",
    "account_recovery_case",
    "account_recovery_code",
    "account_recovery_start",
}
"""Forms that anybody may send and that let nobody in."""
SIGN_IN_CALLS = {"programs_sign_in", "programs_finish", "programs_send_code"}
"""Calls of the API that need no token because they make one, or lead to one."""
SIGNED_CALLS = {"money_hear"}
"""Calls of the card processor, known by its signature: they act as nobody."""
WAYS = ("password", "passkey", "socialaccount", "mail", "code")
STATES = ("frozen", "left", "closed", "locked")


def test_every_form_before_signing_in_is_known_for_what_it_is() -> None:
    forms = {s.name for s in SCREENS.values() if "POST" in s.methods and not s.members_only and not s.demo_only}
    assert forms == OPENS_A_SESSION | ACTS_BY_MAIL | ASKS_ONLY


def test_every_call_that_changes_something_needs_a_token_or_makes_one() -> None:
    document = describe_problems(api)
    open_calls = {
        operation["operationId"].removeprefix("kotowari_api_")
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "get" and not any(operation.get("security", []))
    }
    assert open_calls == SIGN_IN_CALLS | SIGNED_CALLS


def test_sessions_are_opened_in_one_place_and_keys_made_in_two() -> None:
    """Whoever recognises somebody hands them to allauth, whose adapter is ours."""
    opened, made, asked = set(), set(), set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = str(path.relative_to(SOURCE))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "django.contrib.auth":
                opened |= {name for alias in node.names if alias.name in ("login", "authenticate")}
            if isinstance(node, ast.Attribute) and node.attr == "create" and ast.unparse(node).startswith("ApiToken."):
                made.add(name)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "new_key":
                asked.add(name)
    assert opened == set()
    assert made == KEYS_ARE_MADE_IN
    assert asked == KEYS_ARE_MADE_FOR


KEYS_ARE_MADE_IN = {"accounts/services/tokens.py"}
KEYS_ARE_MADE_FOR = {"accounts/services/tokens.py", "accounts/services/programs.py"}
"""Whoever is signed in and makes one in the settings; a program that signs in, through the gate of signing in."""


def put_in(member: Member, state: str, clock: MovableClock) -> str:
    """Bring the account into a state that keeps its owner out; the reason that they are told."""
    soon = clock.moment + timedelta(days=1)
    if state == "frozen":
        Restriction.objects.create(member=member, cause="terms_breach", scope=["sign_in"], until=soon)
    if state == "locked":
        Lock.objects.create(member=member, level=1, tries=20, until=soon)
    changes = {"left": {"left_at": clock.moment}, "closed": {"is_active": False}}
    if state in changes:
        Member.objects.filter(pk=member.pk).update(**changes[state])
        member.refresh_from_db()
    return {"left": "has_left"}.get(state, state)


@pytest.fixture
def member(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def request_of_nobody() -> Any:
    request = RequestFactory().post("/login/")
    request.session, request.user = SessionStore(), AnonymousUser()
    return request


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", STATES)
def test_every_way_in_is_known_and_passes_the_gate(clock: MovableClock, member: Member, way: str, state: str) -> None:
    """Whichever way somebody was recognised, the door is allauth's, and behind it stands our gate."""
    reason = put_in(member, state, clock)
    request = request_of_nobody()
    record_authentication(request, member, method=way)
    with request_context(request), pytest.raises(Refused) as refused:
        perform_login(request, Login(user=member))
    assert [b.code for b in refused.value.decision.blockers] == [f"accounts.sign_in.{reason}"]
    assert not Session.objects.filter(member=member).exists()
    if way != "password":
        assert SignInRecord.objects.get().outcome == reason


@pytest.mark.parametrize("state", STATES)
def test_a_program_passes_the_same_gate(clock: MovableClock, member: Member, state: str) -> None:
    """The command itself refuses, whoever recognised the member before."""
    reason = put_in(member, state, clock)
    signing_in = begun(member, mark=trust_mark(member), name="books", scopes=("jobs:read",), second_factor="")
    with pytest.raises(Refused) as refused:
        sign_in_program(actor=member, signing_in=signing_in, caller=Caller(network="192.0.2.0/24", label="books"))
    assert [b.code for b in refused.value.decision.blockers] == [f"accounts.sign_in.{reason}"]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("state", ["frozen", "left", "closed"])
def test_a_token_is_closed_with_its_account(clock: MovableClock, member: Member, state: str) -> None:
    member.proved_at = clock.moment
    token = create_api_token(actor=member, name="books", scopes=["jobs:read"])
    header = {"Authorization": f"Bearer {token.plaintext}"}
    assert Client(headers=header).get("/api/v1/me/gates").status_code in (200, 403)
    reason = put_in(member, state, clock)
    with pytest.raises(Refused) as refused:
        authenticate_token(header["Authorization"])
    assert f"accounts.token.use.{reason}" in [b.code for b in refused.value.decision.blockers]


@pytest.mark.parametrize("state", ["left", "closed"])
def test_a_session_is_closed_with_its_account(clock: MovableClock, member: Member, state: str) -> None:
    browser = Client()
    browser.force_login(member)
    assert browser.get("/my/").status_code == 200
    put_in(member, state, clock)
    assert browser.get("/my/")["Location"].startswith("/login/")


def test_a_new_password_opens_no_session_by_itself(clock: MovableClock, member: Member) -> None:
    browser = Client()
    browser.post("/password/reset/", {"email": member.email})
    assert "_auth_user_id" not in browser.session
