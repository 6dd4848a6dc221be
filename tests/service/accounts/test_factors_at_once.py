"""Real threads: a code that is sent twice at the same moment lets one in."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.service.accounts.factors import app_code, text_code, with_app, with_passkey, with_telephone
from tests.service.accounts.test_two_at_once import at_once

from kotowari.accounts import gates, passkeys, services
from kotowari.accounts.models import Member
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail
from kotowari.kernel.gates import refuse

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("A114")]
MANY = 6


@pytest.fixture
def taro() -> Member:
    return register_member(
        actor=SYSTEM,
        username="taro",
        display_name="太郎",
        email="taro@example.jp",
        password="correct horse battery staple",
    )


def let_in(shown: Callable[[], bool]) -> Callable[[], Any]:
    """A call that comes to `True` for whoever is let in, and to a refusal for whoever is not."""

    def call() -> bool:
        if not shown():
            raise refuse(gates.SHOW_FACTOR)
        return True

    return call


@pytest.mark.parametrize("kind", ["totp", "sms", "recovery"])
def test_of_many_who_send_one_code_at_once_one_is_let_in(taro: Member, kind: str) -> None:
    factor = with_telephone(taro) if kind == "sms" else with_app(taro)
    if kind == "sms":
        services.send_factor_code(actor=taro, factor_id=factor.pk, purpose="sign_in")
        typed = text_code()
    elif kind == "recovery":
        typed = services.make_recovery_codes(actor=taro).plaintexts[0]
    else:
        typed = app_code(factor)
    call = let_in(lambda: services.show_code(actor=taro, kind=kind, typed=typed))
    assert at_once(*[call] * MANY) == ["Refused"] * (MANY - 1) + ["bool"]


def test_of_many_who_send_one_answer_of_a_passkey_at_once_one_is_let_in(taro: Member) -> None:
    factor, key = with_passkey(taro)
    asked, state = passkeys.ask([factor])
    answer = key.shown(asked)
    call = let_in(lambda: services.show_passkey(actor=taro, state=state, answer=answer))
    assert at_once(*[call] * MANY) == ["Refused"] * (MANY - 1) + ["bool"]


def test_one_mailed_code_proves_once(taro: Member) -> None:
    taro.set_unusable_password()
    taro.save()
    services.send_proof_code(actor=taro)
    body = OutgoingMail.objects.latest("id").body
    code = next(line.strip() for line in body.splitlines() if line.strip().isdigit())
    call = let_in(lambda: services.prove_by_code(actor=taro, kind="mail", typed=code))
    assert at_once(*[call] * MANY) == ["Refused"] * (MANY - 1) + ["bool"]
