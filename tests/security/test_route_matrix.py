"""Route × role × ownership: every page of the product, opened and sent to by everybody (field test of the one gate)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.conftest import MovableClock
from tests.security.world import ROLES, World

import kotowari.config.urls  # noqa: F401 - registers every screen
from kotowari.accounts.models import Member
from kotowari.accounts.sessions import PROVED_AT
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.ledger.models import Journal
from kotowari.market.models import Job, Proposal
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.support.models import Ticket
from kotowari.web.screens import SCREENS, Screen

pytestmark = pytest.mark.django_db

OURS = {"proposal_id", "contract_id", "milestone_id", "request_id", "thread_id", "paper_id", "journal_id"}
"""What client and worker share; whoever else asks is told that nothing is there, staff outside the console too."""
NOWHERE = "00000000-0000-7000-8000-000000000000"
NUMBERED = {"address_id", "account_id"}
"""Rows of allauth's have numbers for ids."""
HERS = {
    *("notice_id", "token_id", "ticket_id", "session_id", "device_id", "hold_id", "factor_id"),
    *("proof_id", "address_id", "account_id", "restriction_id", "review_id"),
}
"""What is the worker's alone."""
CLIENTS = {"payment_id"}
"""What is the client's alone, of what the two share."""
SEEN, SENT = {200}, {200, 302, 303, 409, 422}
AWAY, LOGIN, SIGN_IN = {302, 303}, {302}, {401}
NOT_THERE, FORBIDDEN, WRONG_WAY, REFUSED_BY_STATE = {404}, {403}, {405}, {409}


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, path)
        else:
            found.append((path, pattern.name))
    return found


def test_no_address_is_outside_the_matrix() -> None:
    """What is neither a screen nor a call of the API is named here, and by nobody's oversight anywhere else."""
    beside = {
        path for path, name in addresses(get_resolver().url_patterns) if name not in SCREENS and path[:7] != "api/v1/"
    }
    assert beside == set()
    assert len(SCREENS) >= 60


def sees(shown: Screen, role: str) -> set[int]:
    """With which statuses a page may answer this role, when it is opened."""
    if "GET" not in shown.methods:
        return WRONG_WAY
    if role == "visitor" and shown.members_only:
        return LOGIN
    if shown.path.startswith("console/"):
        return SEEN if role == "staff" else FORBIDDEN
    if HERS & set(shown.needs):
        return SEEN | AWAY if role == "worker" else NOT_THERE
    if CLIENTS & set(shown.needs):
        return SEEN | AWAY if role == "client" else NOT_THERE
    if OURS & set(shown.needs):
        return SEEN | AWAY if role in ("client", "worker") else NOT_THERE
    return SPECIAL.get(shown.name, SEEN)


SPECIAL: dict[str, set[int]] = {
    "account_login": SEEN | AWAY,
    "account_logout": SEEN | AWAY,
    "account_signup": SEEN | REFUSED_BY_STATE,
    "account_signup_verify": REFUSED_BY_STATE,
    "contact.sent": AWAY,
    "security_check.not_me": REFUSED_BY_STATE,
    "account_second_factor": AWAY | REFUSED_BY_STATE,
    "account_login_passkey": SEEN | AWAY,
    **dict.fromkeys(("account_recovery_start", "account_recovery_link"), REFUSED_BY_STATE),
    **dict.fromkeys(("account_recovery_case", "account_recovery_cancel"), REFUSED_BY_STATE),
    "account_reset_password_from_key": SEEN | AWAY | REFUSED_BY_STATE,
    "account_unlock": REFUSED_BY_STATE,
    "address_undo": REFUSED_BY_STATE,
    "external_back": NOT_THERE,
    "external_unlinked": REFUSED_BY_STATE,
    "external_sign_up": REFUSED_BY_STATE,
    "my_settings_login_external_confirm": REFUSED_BY_STATE,
    "sign_in_link_open": REFUSED_BY_STATE,
}
"""Pages whose answer depends on what was begun before."""


WITHOUT_SUCH_A_PROVIDER = {"external_login", "my_settings_login_external_link"}
"""No external account is set up here."""


def sends(shown: Screen, role: str) -> set[int]:
    """With which statuses it may answer an empty form of this role."""
    if "POST" not in shown.methods:
        return WRONG_WAY
    if role == "visitor" and shown.members_only:
        return SIGN_IN
    if shown.path.startswith("console/"):
        return SENT | NOT_THERE if role == "staff" else FORBIDDEN
    if HERS & set(shown.needs):
        return SENT | FORBIDDEN if role == "worker" else NOT_THERE
    if CLIENTS & set(shown.needs):
        return SENT if role == "client" else NOT_THERE
    if OURS & set(shown.needs):
        return SENT | FORBIDDEN if role in ("client", "worker") else NOT_THERE
    if shown.name in WITHOUT_SUCH_A_PROVIDER:
        return NOT_THERE
    if shown.name == "job.close":
        return SENT if role in ("client", "staff") else FORBIDDEN
    return SENT | FORBIDDEN


def address_of(shown: Screen, world: World) -> str:
    unknown = set(shown.needs) - set(world.ids)
    assert not unknown, f"{shown.path}: say in tests/security/world.py what {unknown} is"
    return reverse(shown.name, kwargs={name: world.ids[name] for name in shown.needs})


def browser_of(member: Member | None, **options: Any) -> Client:
    browser = Client(raise_request_exception=False, **options)
    if member is not None:
        sign_in(browser, member)
    return browser


def sign_in(browser: Client, member: Member) -> None:
    """As by the page: whoever comes in has just proved who they are."""
    browser.force_login(member)
    session = browser.session
    session[PROVED_AT] = kernel_clock.now().isoformat()
    session.save()


def state_of_affairs() -> tuple[object, ...]:
    """Everything that a stranger's form could have moved."""
    return (
        Journal.objects.count(),
        *(
            tuple(model.objects.order_by("pk").values_list("pk", "state"))
            for model in (Job, Proposal, Milestone, EndRequest, Payout, PayoutRun, Ticket)
        ),
    )


def put_back(answer: Callable[[], Any]) -> Any:
    """What a request is answered with, and nothing of it stays. No block of ours lies around it: some are durable."""
    before = transaction.savepoint()
    try:
        return answer()
    finally:
        transaction.savepoint_rollback(before)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_every_role_as_it_should(clock: MovableClock, role: str) -> None:
    world = World(clock)
    browser, wrong = browser_of(world.people[role]), []
    cookies, before = browser.cookies.copy(), state_of_affairs()
    for shown in SCREENS.values():
        address = address_of(shown, world)
        for method, expected in (("get", sees(shown, role)), ("post", sends(shown, role))):
            browser.cookies = cookies.copy()  # signing out is a form, too
            answer = put_back(lambda m=method, a=address: getattr(browser, m)(a))
            if answer.status_code not in expected or answer.status_code >= 500:
                wrong.append(f"{role} {method.upper()} {address}: {answer.status_code}, not {sorted(expected)}")
            elif answer.status_code == 302 and not shown.members_only and role == "visitor":
                wrong.append(f"{role} {method.upper()} {address} is led to {answer['Location']}")
            if answer.status_code in (403, 404, 405, 409) and b"<h1" not in answer.content:
                wrong.append(f"{role} {method.upper()} {address}: a bare {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert state_of_affairs() == before


def test_nothing_a_stranger_or_a_visitor_sends_moves_anything(clock: MovableClock) -> None:
    """The same without putting anything back: the form filled in as its owner would."""
    world = World(clock)
    before = state_of_affairs()
    filled = {
        "message": "x",
        "points": "x",
        "reason": "no_longer_needed",
        "explanation": "x",
        "body": "x",
        "way": "exact",
    }
    for role in ("visitor", "stranger"):
        browser = browser_of(world.people[role])
        for shown in SCREENS.values():
            if shown.name == "demo.clock" or "POST" not in shown.methods:
                continue
            if (OURS | HERS) & set(shown.needs) or shown.path.startswith("console/") or shown.name == "job.close":
                assert browser.post(address_of(shown, world), filled).status_code in (401, 403, 404), shown.name
    assert state_of_affairs() == before
    assert not AuditEntry.objects.filter(actor_id=world.people["stranger"].pk).exists()


def test_other_methods_are_told_which_there_are(clock: MovableClock) -> None:
    world = World(clock)
    browser = browser_of(world.people["client"])
    for number, shown in enumerate(SCREENS.values()):
        method = ("put", "patch", "delete", "options", "trace")[number % 5]
        answer = getattr(browser, method)(address_of(shown, world))
        assert answer.status_code == 405, f"{method} {shown.path}: {answer.status_code}"
        assert set(answer["Allow"].split(", ")) == set(shown.methods)


OPEN_TO_CACHED_PAGES = {"language", "demo.clock"}
"""They stand on pages that are cached for visitors; instead of a seal the browser itself is asked where it comes from."""


@pytest.mark.parametrize("role", ["visitor", "staff"])
def test_every_form_without_its_seal_or_from_elsewhere_is_refused_on_a_drawn_page(
    clock: MovableClock, role: str
) -> None:
    world = World(clock)
    browser, before = browser_of(world.people[role], enforce_csrf_checks=True), state_of_affairs()
    forms = [s for s in SCREENS.values() if "POST" in s.methods]
    assert len(forms) >= 30
    for shown in forms:
        if shown.name == "external_back":
            continue  # a provider's own form: it does nothing but lead on to the page itself
        for headers in ({}, {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}):
            if shown.name in OPEN_TO_CACHED_PAGES and not headers:
                continue
            answer = browser.post(address_of(shown, world), {"reason": "x"}, headers=headers)
            assert answer.status_code == 403, f"{role} {shown.path} {headers}: {answer.status_code}"
            assert b"<h1" in answer.content, shown.path
            assert b"Traceback" not in answer.content, shown.path
    assert state_of_affairs() == before


def test_an_id_of_nothing_is_told_like_an_id_of_somebody_elses(clock: MovableClock) -> None:
    """A stranger cannot find out by asking whether something is there."""
    world = World(clock)
    stranger = browser_of(world.people["stranger"])
    for shown in SCREENS.values():
        mine = [name for name in shown.needs if name in OURS | HERS]
        if not mine or shown.path.startswith("console/"):
            continue
        nowhere = reverse(shown.name, kwargs={n: nowhere_for(n) if n in mine else world.ids[n] for n in shown.needs})
        for method in (m.lower() for m in shown.methods):
            there, not_there = (getattr(stranger, method)(a) for a in (address_of(shown, world), nowhere))
            assert there.status_code == not_there.status_code == 404, shown.path
            assert unsealed(there, address_of(shown, world)) == unsealed(not_there, nowhere), shown.path


def nowhere_for(name: str) -> object:
    return 987_654_321 if name in NUMBERED else NOWHERE


def unsealed(answer: Any, address: str) -> str:
    text = re.sub(r'(name="(csrfmiddlewaretoken|idempotency_key)" value|nonce)="[^"]*"', "", answer.content.decode())
    return text.replace(address, "HERE")
