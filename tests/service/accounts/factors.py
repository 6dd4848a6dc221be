"""Second factors in tests: an app, a telephone and a passkey of a member, and what each of them shows."""

import re

from tests.soft_passkey import SoftPasskey
from tests.story import proved

from kotowari.accounts import one_time_codes as totp
from kotowari.accounts import passkeys, services
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Factor, Member, TextMessage
from kotowari.foundation import outbox
from kotowari.foundation.models import MailboxMessage
from kotowari.kernel import clock

HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")
NUMBER = "090-1234-5678"


def step_now() -> int:
    """The half minute of real time: apps run by it."""
    return totp.step_at(clock.machine_now())


def app_code(factor: Factor, *, ahead: int = 1) -> str:
    """What the app shows in the next half minute, which is not used up by adding the app."""
    return totp.code_of(factor.secret or "", step_now() + ahead)


def with_app(member: Member) -> Factor:
    """An authenticator app, registered."""
    factor = services.begin_app(actor=proved(member))
    return services.confirm_factor(actor=member, factor_id=factor.pk, code=app_code(factor, ahead=-1))


def with_telephone(member: Member, number: str = NUMBER) -> Factor:
    """A telephone, registered."""
    factor = services.begin_telephone(actor=proved(member), number=number)
    services.send_factor_code(actor=member, factor_id=factor.pk, purpose="setup")
    return services.confirm_factor(actor=member, factor_id=factor.pk, code=text_code())


def with_passkey(member: Member, **options: bool) -> tuple[Factor, SoftPasskey]:
    """A passkey, registered."""
    key = SoftPasskey(**options)
    asked, state = passkeys.ask_to_add(member, [])
    return services.add_passkey(actor=proved(member), name="", state=state, answer=key.made(asked)), key


def text_code() -> str:
    """The code in the newest text message, once those that wait are sent."""
    while outbox.deliver_waiting():
        pass
    assert not TextMessage.objects.filter(state="queued").exists()
    found = re.search(r"\d{6}", MailboxMessage.objects.filter(channel="sms").latest("id").body)
    assert found
    return found[0]
