"""What happens to accounts by the clock."""

from datetime import timedelta

from kotowari.accounts.models import (
    AddressProof,
    Device,
    ForcedReset,
    RiskCase,
    Round,
    Session,
    SignInRecord,
    SignUp,
)
from kotowari.accounts.selectors import due_for_check, due_for_reminder
from kotowari.accounts.services.addresses import lapse_address
from kotowari.accounts.services.alarms import watch_sign_ins
from kotowari.accounts.services.forced_resets import lapse_forced_reset
from kotowari.accounts.services.password_reminder import remind_of_password
from kotowari.accounts.services.risks import escalate_risk, lapse_risk
from kotowari.accounts.services.rounds import run_round
from kotowari.accounts.services.security_check import remind_of_check
from kotowari.accounts.services.sign_up import lapse_sign_up
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text

BATCH = 200


@deadline("accounts.sign_up_lapse")
def lapse_sign_ups() -> int:
    """Forget sign-ups that were not finished in time."""
    due = SignUp.objects.filter(lapses_at__lte=clock.now()).order_by("lapses_at").values_list("id", flat=True)
    return handle("accounts.sign_up_lapse", list(due[:BATCH]), lambda id: lapse_sign_up(actor=SYSTEM, sign_up_id=id))


@deadline("accounts.password_reminder")
def remind_of_passwords() -> int:
    """Remind of old passwords, where the operator wants it."""
    due = due_for_reminder().values_list("id", flat=True)
    return handle(
        "accounts.password_reminder", list(due[:BATCH]), lambda id: remind_of_password(actor=SYSTEM, member_id=id)
    )


@deadline("accounts.address_lapse")
def lapse_addresses() -> int:
    """Forget addresses whose code did not come back in time."""
    due = AddressProof.objects.filter(proved_at__isnull=True, lapses_at__lte=clock.now()).order_by("lapses_at")
    ids = list(due.values_list("id", flat=True)[:BATCH])
    return handle("accounts.address_lapse", ids, lambda id: lapse_address(actor=SYSTEM, proof_id=id))


@deadline("accounts.security_check")
def remind_of_checks() -> int:
    """Invite members to look through their accounts again."""
    due = due_for_check().values_list("id", flat=True)
    return handle("accounts.security_check", list(due[:BATCH]), lambda id: remind_of_check(actor=SYSTEM, member_id=id))


@deadline("accounts.session_end")
def forget_sessions() -> int:
    """Delete sessions that have ended. By the machine's clock, as the sessions themselves: a demo's clock that
    jumps ahead signs nobody out."""
    ended = Session.objects.filter(expire_date__lt=clock.machine_now()).values_list("pk", flat=True)
    return Session.objects.filter(pk__in=list(ended[:BATCH])).delete()[0]


@deadline("accounts.history_end")
def forget_history() -> int:
    """Delete tries to come in, and devices not seen since, when they are older than the history goes back."""
    before = clock.now() - timedelta(days=policy.value("accounts.history_days"))
    tries = SignInRecord.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)
    unused = Device.objects.filter(last_seen_at__lt=before, sessions__isnull=True)
    # A program's device is not seen while its key works.
    devices = unused.exclude(api_tokens__expires_at__gt=clock.now()).values_list("pk", flat=True)
    return (
        SignInRecord.objects.filter(pk__in=list(tries[:BATCH])).delete()[0]
        + Device.objects.filter(pk__in=list(devices[:BATCH])).delete()[0]
    )


@deadline("accounts.risk_due", Text("危険の知らせの確認の期限", "Time to look at a risk"))
def escalate_risks() -> int:
    """Tell all of staff about matters that were not looked at in time."""
    due = RiskCase.objects.filter(state="open", due_at__lte=clock.now(), escalated_at__isnull=True)
    ids = list(due.order_by("due_at").values_list("id", flat=True)[:BATCH])
    return handle("accounts.risk_due", ids, lambda id: escalate_risk(actor=SYSTEM, case_id=id))


@deadline("accounts.risk_lapse", Text("危険の知らせの終了", "End of a matter of risk"))
def lapse_risks() -> int:
    """End matters that nobody looked at, long after their time."""
    over = RiskCase.objects.filter(state="open", lapses_at__lte=clock.now())
    ids = list(over.order_by("lapses_at").values_list("id", flat=True)[:BATCH])
    return handle("accounts.risk_lapse", ids, lambda id: lapse_risk(actor=SYSTEM, case_id=id))


@deadline("accounts.alarm")
def sound_alarm() -> int:
    """Look whether passwords are tried across many accounts."""
    return watch_sign_ins(actor=SYSTEM)


@deadline("accounts.forced_reset_lapse", Text("強制再設定の承認の期限", "Time to approve a reset of everybody"))
def lapse_forced_resets() -> int:
    """End forced resets of everybody that nobody approved in time."""
    over = ForcedReset.objects.filter(state="waiting", lapses_at__lte=clock.now())
    ids = list(over.order_by("lapses_at").values_list("id", flat=True)[:BATCH])
    return handle("accounts.forced_reset_lapse", ids, lambda id: lapse_forced_reset(actor=SYSTEM, reset_id=id))


@deadline("accounts.rounds")
def run_rounds() -> int:
    """Take what is done to many members to the next of them."""
    under_way = Round.objects.filter(done_at__isnull=True).order_by("id").values_list("id", flat=True)
    return handle("accounts.rounds", list(under_way[:BATCH]), lambda id: run_round(actor=SYSTEM, round_id=id))
