"""What happens to second factors and their messages by the clock."""

from kotowari.accounts.events import TextPromised
from kotowari.accounts.models import DeviceTrust, Factor, SentCode, TextMessage
from kotowari.accounts.services.factors import lapse_factor
from kotowari.accounts.services.texts import send_text
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock

BATCH = 200


@deadline("accounts.factor_setup")
def lapse_factor_setups() -> int:
    """Drop second factors whose setup was left unfinished."""
    due = Factor.objects.filter(confirmed_at=None, setup_until__lte=clock.now()).order_by("setup_until")
    ids = list(due.values_list("id", flat=True)[:BATCH])
    return handle("accounts.factor_setup", ids, lambda id: lapse_factor(actor=SYSTEM, factor_id=id))


@outbox.on(TextPromised)
def send_promised_text(happened: TextPromised) -> None:
    """Hand a text message over as soon as the transaction that promised it is through."""
    send_text(happened.text_id)


@deadline("accounts.text_messages")
def send_texts() -> int:
    """Try again what the service did not take, and give up what comes too late."""
    due = TextMessage.objects.filter(state=TextMessage.State.QUEUED, try_at__lte=clock.now()).order_by("try_at")
    return sum(send_text(id) for id in list(due.values_list("id", flat=True)[:BATCH]))


@deadline("accounts.sent_codes")
def forget_sent_codes() -> int:
    """Forget codes and trust that have run out."""
    now = clock.now()
    codes = SentCode.objects.filter(pk__in=SentCode.objects.filter(expires_at__lte=now).values("pk")[:BATCH])
    trusts = DeviceTrust.objects.filter(pk__in=DeviceTrust.objects.filter(until__lte=now).values("pk")[:BATCH])
    return codes.delete()[0] + trusts.delete()[0]
