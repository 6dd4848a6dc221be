"""Real threads: one ticket makes one key, and a password that is changed meanwhile makes none."""

import pytest
from tests.service.accounts.factors import HERE, app_code, with_app
from tests.service.accounts.test_two_at_once import at_once
from tests.story import proved

from kotowari.accounts import programs, services
from kotowari.accounts.models import ApiToken, Member
from kotowari.accounts.program_sign_ins import begun
from kotowari.accounts.selectors import trust_mark
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("A114")]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def taro() -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def test_two_right_codes_with_one_ticket_at_once_make_one_key(taro: Member) -> None:
    app = with_app(taro)
    codes = services.make_recovery_codes(actor=proved(taro)).plaintexts
    with pytest.raises(Refused) as asked:
        programs.sign_in(login="taro", password=PASSWORD, name="books", scopes=["jobs:read"], caller=HERE)
    ticket = str(asked.value.decision.blockers[0].facts["ticket"])
    shown = [("totp", app_code(app)), *(("recovery", code) for code in codes[:3])]
    outcomes = at_once(
        *[lambda k=kind, c=code: programs.finish(ticket=ticket, kind=k, code=c, caller=HERE) for kind, code in shown]
    )
    assert outcomes == ["ApiToken", "Refused", "Refused", "Refused"]
    assert ApiToken.objects.count() == 1


def test_what_was_begun_before_a_change_of_password_makes_no_key(taro: Member) -> None:
    signing_in = begun(taro, mark=trust_mark(taro), name="books", scopes=("jobs:read",), second_factor="")
    services.set_password(actor=taro, password="an entirely other sentence 7")
    with pytest.raises(Refused) as refused:
        services.sign_in_program(actor=taro, signing_in=signing_in, caller=HERE)
    assert [b.code for b in refused.value.decision.blockers] == ["accounts.program.sign_in.ticket_void"]


def test_of_a_change_of_password_and_a_sign_in_at_once_no_key_is_left(taro: Member) -> None:
    signing_in = begun(taro, mark=trust_mark(taro), name="books", scopes=("jobs:read",), second_factor="")
    at_once(
        lambda: services.sign_in_program(actor=taro, signing_in=signing_in, caller=HERE),
        lambda: services.set_password(actor=taro, password="an entirely other sentence 7"),
    )
    assert not ApiToken.objects.filter(revoked_at=None).exists()
