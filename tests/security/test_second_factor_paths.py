"""An account that is locked, frozen, left or closed is refused on every path that a second factor opens."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.flows.test_programs_sign_in import Unknown
from tests.flows.test_second_factor import asked_in
from tests.service.accounts.factors import HERE, app_code, text_code, with_app, with_passkey, with_telephone
from tests.story import proved

from kotowari.accounts import services
from kotowari.accounts.models import ApiToken, Lock, Member, Restriction, Session
from kotowari.accounts.program_sign_ins import begun
from kotowari.accounts.selectors import trust_mark
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
STEP = "/login/second-factor/"
STATES = ["frozen", "left", "closed", "locked"]
WAYS = ["totp", "sms", "recovery", "passkey"]


def closed_by(member: Member, state: str, clock: MovableClock) -> None:
    soon = clock.moment + timedelta(days=1)
    if state == "frozen":
        Restriction.objects.create(member=member, cause="terms_breach", scope=["sign_in"], until=soon)
    elif state == "locked":
        Lock.objects.create(member=member, level=1, tries=20, until=soon)
    else:
        change = {"left": {"left_at": clock.moment}, "closed": {"is_active": False}}[state]
        Member.objects.filter(pk=member.pk).update(**change)


@pytest.fixture
def taro(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", WAYS)
def test_what_happened_after_the_password_closes_the_second_step(
    client: Client, taro: Member, clock: MovableClock, way: str, state: str
) -> None:
    """The password was right while the account was open; then it closed, and the right code opens nothing."""
    app, telephone, (_, key) = with_app(taro), with_telephone(taro), with_passkey(taro)
    codes = services.make_recovery_codes(actor=taro).plaintexts
    client.post("/login/", {"login": "taro", "password": PASSWORD})
    page = client.get(STEP).content.decode()
    client.post(f"{STEP}send/", {"factor": str(telephone.pk)})
    shown: dict[str, Any] = {
        "totp": {"totp.code": app_code(app)},
        "sms": {"sms.code": text_code()},
        "recovery": {"recovery.code": codes[0]},
        "passkey": {"passkey.answer": json.dumps(key.shown(asked_in(page)))},
    }
    closed_by(taro, state, clock)
    answer = client.post(STEP, {"kind": way, **shown[way]})
    assert answer.status_code in (401, 403, 409), answer.status_code
    assert "_auth_user_id" not in client.session
    assert not Session.objects.filter(member=taro).exists()


@pytest.mark.parametrize("state", STATES)
def test_a_passkey_alone_does_not_open_a_closed_account(
    client: Client, taro: Member, clock: MovableClock, state: str
) -> None:
    _, key = with_passkey(taro)
    asked = asked_in(client.get("/login/passkey/").content.decode())
    closed_by(taro, state, clock)
    answer = client.post("/login/passkey/", {"answer": json.dumps(key.shown(asked))})
    assert answer.status_code == 403
    assert not Session.objects.filter(member=taro).exists()


@pytest.mark.parametrize("way", ["password", "socialaccount", "mail", "code"])
def test_no_session_opens_without_the_second_factor_whichever_way_somebody_came(taro: Member, way: str) -> None:
    """allauth's own door, with our stage in it: a new way of coming in cannot forget it."""
    from allauth.account.internal.flows.login import perform_login, record_authentication
    from allauth.account.models import Login
    from allauth.core.context import request_context
    from tests.security.test_every_way_in import request_of_nobody

    with_app(taro)
    request = request_of_nobody()
    record_authentication(request, taro, method=way)
    with request_context(request):
        answer = perform_login(request, Login(user=taro))
    assert answer["Location"] == STEP
    assert not Session.objects.filter(member=taro).exists()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", ["totp", "sms", "recovery"])
def test_what_happened_after_the_password_closes_the_second_step_of_a_program(
    taro: Member, clock: MovableClock, way: str, state: str
) -> None:
    """The ticket was given out while the account was open; then it closed, and the right code makes no key."""
    app, telephone = with_app(taro), with_telephone(taro)
    codes = services.make_recovery_codes(actor=proved(taro)).plaintexts
    program = Unknown()
    facts = program.sign_in().json()["blockers"][0]["facts"]
    program.post("/code", ticket=facts["ticket"], telephone=str(telephone.pk))
    code = {"totp": app_code(app), "sms": text_code(), "recovery": codes[0]}[way]
    closed_by(taro, state, clock)
    answer = program.post("/second-factor", ticket=facts["ticket"], kind=way, code=code)
    assert answer.status_code in (401, 403, 409), answer.content
    assert not ApiToken.objects.exists()


def test_no_key_of_a_program_is_made_without_the_second_factor(taro: Member) -> None:
    """The command's own gate refuses, even if whoever calls it forgot to ask."""
    with_app(taro)
    signing_in = begun(taro, mark=trust_mark(taro), name="books", scopes=("jobs:read",), second_factor="")
    with pytest.raises(Refused):
        services.sign_in_program(actor=taro, signing_in=signing_in, caller=HERE)
    assert not ApiToken.objects.exists()
