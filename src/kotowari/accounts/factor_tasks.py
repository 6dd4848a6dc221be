"""What happens to second factors and their messages by the clock."""

from django.db.models import Q

from kotowari.accounts.events import TextPromised
from kotowari.accounts.models import DeviceTrust, Factor, FactorRecovery, SentCode, TextMessage
from kotowari.accounts.models.recoveries import OPEN_STATES
from kotowari.accounts.services.factors import lapse_factor
from kotowari.accounts.services.recovery_by_clock import finish_recovery, lapse_recovery, tell_recovery
from kotowari.accounts.services.texts import send_text
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text

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


@deadline("accounts.recovery_notices")
def tell_recoveries() -> int:
    """Tell the owners of accounts that are being recovered, every day and before the end."""
    due = FactorRecovery.objects.filter(state="cooling", next_notice_at__lte=clock.now()).order_by("next_notice_at")
    ids = list(due.values_list("id", flat=True)[:BATCH])
    return handle("accounts.recovery_notices", ids, lambda id: tell_recovery(actor=SYSTEM, recovery_id=id))


@deadline("accounts.recovery_end", Text("二段階認証の復旧", "Recovery of a second factor"))
def finish_recoveries() -> int:
    """Remove the second factors whose recovery nobody stopped."""
    due = FactorRecovery.objects.filter(
        state="cooling", next_notice_at=None, cooling_until__lte=clock.now(), member__left_at=None
    )
    ids = list(due.order_by("cooling_until").values_list("id", flat=True)[:BATCH])
    return handle("accounts.recovery_end", ids, lambda id: finish_recovery(actor=SYSTEM, recovery_id=id))


@deadline("accounts.recovery_lapse")
def lapse_recoveries() -> int:
    """End recoveries that nobody decided in time, or whose member has left."""
    over = Q(state__in=["asked", "proving", "first_approval"], lapses_at__lte=clock.now())
    gone = Q(state__in=OPEN_STATES, member__left_at__isnull=False)
    ids = list(FactorRecovery.objects.filter(over | gone).order_by("id").values_list("id", flat=True)[:BATCH])
    return handle("accounts.recovery_lapse", ids, lambda id: lapse_recovery(actor=SYSTEM, recovery_id=id))
