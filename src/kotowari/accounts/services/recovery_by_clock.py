"""The cooling-off of a recovery: telling its owner everywhere, and its end."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

from kotowari.accounts import entries, gates, recovery_words
from kotowari.accounts.events import FactorsChanged
from kotowari.accounts.models import ApiToken, Factor, FactorRecovery, Member, RecoverySheet
from kotowari.accounts.recovery_clock import end_after_telling, next_notice
from kotowari.accounts.services.restrictions import end_sessions, hold
from kotowari.accounts.services.texts import promise_text
from kotowari.accounts.telling import tell_everywhere
from kotowari.accounts.transitions import FACTOR_RECOVERY
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

TEXT_WITHIN = timedelta(hours=6)
"""A text message about a recovery is still worth sending so long."""


@command(gates.TELL_RECOVERY)
def tell_recovery(*, actor: Actor, recovery_id: UUID) -> FactorRecovery:
    """Tell the owner everywhere that time runs; the last notice, if it is late, moves the end. Raises `Refused`."""
    row = locked_recovery(recovery_id)
    require(gates.TELL_RECOVERY, actor, row)
    _tell(row)
    row.save(update_fields=["cooling_until", "next_notice_at"])
    audit.record(actor=actor, kind=entries.RECOVERY_TOLD, subject=row)
    return row


@command(gates.FINISH_RECOVERY)
def finish_recovery(*, actor: Actor, recovery_id: UUID) -> FactorRecovery:
    """Nobody stopped it: the second factors go, every session and token ends, and the bank account is held.

    Raises `Refused` before its time.
    """
    row = locked_recovery(recovery_id)
    require(gates.FINISH_RECOVERY, actor, row)
    member = row.member
    title, _ = recovery_words.DONE
    _text(row, title)
    Factor.objects.filter(member=member).delete()
    RecoverySheet.objects.filter(member=member).delete()
    end_sessions(member)
    ApiToken.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=clock.now())
    hours = policy.value("accounts.recovery_hold_hours")
    if hours:
        hold(actor=SYSTEM, member=member, cause="factor_reset", until=clock.now() + timedelta(hours=hours))
    outbox.emit(FactorsChanged(member_id=member.pk, change="reset"))
    return close(row, "finish", by=actor, told=recovery_words.DONE)


@command(gates.LAPSE_RECOVERY)
def lapse_recovery(*, actor: Actor, recovery_id: UUID) -> FactorRecovery:
    """End what nobody decided in time, or whose member has left meanwhile. Raises `Refused` before that."""
    row = locked_recovery(recovery_id)
    require(gates.LAPSE_RECOVERY, actor, row)
    return close(row, "lapse", by=actor, told=recovery_words.LAPSED)


def begin_cooling(row: FactorRecovery) -> None:
    """The time in which the owner can still stop it begins, and is told at once. Does not save."""
    row.cooling_until = clock.now() + timedelta(hours=policy.value("accounts.recovery_cooling_hours"))
    _tell(row)


def close(row: FactorRecovery, event: str, *, by: Actor, told: tuple[Text, Text]) -> FactorRecovery:
    """End a recovery and tell its owner how it ended. Inside a command."""
    row.state = FACTOR_RECOVERY.require(row.state, event)
    row.ended_at, row.ended_by_id = clock.now(), by.pk
    row.due_at = row.next_notice_at = None
    row.save()
    title, body = told
    tell_everywhere(row.member, kind="accounts.recovery", title=title, body=body, url="/login/")
    audit.record(actor=by, kind=entries.RECOVERY_ENDED, subject=row, state=row.state)
    return row


def locked_recovery(recovery_id: UUID) -> FactorRecovery:
    """The recovery with its member, both locked, the member first as everywhere. Raises `NotVisible`."""
    member_id = FactorRecovery.objects.filter(pk=recovery_id).values_list("member_id", flat=True).first()
    if member_id is None:
        raise NotVisible("accounts.factorrecovery", recovery_id)
    member = lock(Member, member_id)
    row = lock(FactorRecovery, recovery_id)
    row.member = member
    return row


def _tell(row: FactorRecovery) -> None:
    assert row.cooling_until is not None
    now, last_hours = clock.now(), policy.value("accounts.recovery_last_notice_hours")
    row.next_notice_at = next_notice(now=now, cooling_until=row.cooling_until, last_hours=last_hours)
    if row.next_notice_at is None:
        row.cooling_until = end_after_telling(now=now, cooling_until=row.cooling_until, last_hours=last_hours)
    path = recovery_words.cancel_path(row)
    title, body = recovery_words.cooling(row.cooling_until)
    tell_everywhere(row.member, kind="accounts.recovery", title=title, body=body, url=path)
    _text(row, recovery_words.cooling_by_text(row.cooling_until, f"{settings.BASE_URL}{path}"))


def _text(row: FactorRecovery, words: Text) -> None:
    """The same to every telephone of the member's; it is lost, perhaps, but perhaps in somebody's hands."""
    said = words.in_language("en" if row.member.language == "en" else "ja")
    telephones = Factor.objects.filter(member=row.member, kind=Factor.Kind.SMS, confirmed_at__isnull=False)
    for telephone in telephones:
        promise_text(row.member, to=telephone.secret or "", words=said, until=clock.now() + TEXT_WITHIN)
