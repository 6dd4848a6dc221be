"""What staff do to somebody else's account, short of a restriction; the member is told what was done and why."""

from collections.abc import Collection
from uuid import UUID

from kotowari.accounts import entries, gates, mails
from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.events import PasswordVoided
from kotowari.accounts.models import ApiToken, Member, Session
from kotowari.accounts.services.restrictions import end_programs, end_sessions
from kotowari.foundation import audit, outbox
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

REASON_MAX = 500


@command(gates.FORCE_PASSWORD)
def force_new_password(*, actor: Actor, member_id: UUID, because: str) -> Member:
    """Make a member's password void: whoever may know it is out, the owner sets a new one by mail (A130).

    Sessions and tokens end at once. `because` is told to the member. Raises `InputError`, `Refused`, `NotVisible`.
    """
    member = lock(Member, member_id)
    require(gates.FORCE_PASSWORD, actor, member)
    words = _reason(because)
    void_passwords([member.pk])
    title, body = mails.password_required(Text(words, words))
    notify(
        member_id=member.pk,
        kind="accounts.password_forced",
        title=title,
        body=body,
        url="/password/reset/",
        also_to=addresses_of(member),
    )
    audit.record(actor=actor, kind=entries.PASSWORD_FORCED, subject=member)
    outbox.emit(PasswordVoided(member_id=member.pk))
    member.refresh_from_db(fields=["password_void_since"])
    return member


@command(gates.END_SESSIONS)
def end_sessions_for(*, actor: Actor, member_id: UUID) -> Member:
    """Sign a member out on every device, programs that signed in among them. Raises `Refused`, `NotVisible`."""
    member = lock(Member, member_id)
    require(gates.END_SESSIONS, actor, member)
    ended = end_sessions(member) + end_programs(member)
    title, body = mails.SIGNED_OUT_BY_STAFF
    notify(
        member_id=member.pk,
        kind="accounts.sessions_ended",
        title=title,
        body=body,
        url="/login/",
        also_to=addresses_of(member),
    )
    audit.record(actor=actor, kind=entries.SIGNED_OUT_BY_STAFF, subject=member, sessions=ended)
    return member


def void_passwords(member_ids: Collection[UUID]) -> None:
    """Passwords void, sessions and tokens ended, in three statements. Called inside a command."""
    now = clock.now()
    Member.objects.filter(pk__in=member_ids).update(password_void_since=now)
    Session.objects.filter(member__in=member_ids).delete()
    ApiToken.objects.filter(member__in=member_ids, revoked_at__isnull=True).update(revoked_at=now)


def _reason(because: str) -> str:
    words = because.strip()
    if not words or len(words) > REASON_MAX:
        raise InputError(
            {
                "because": [
                    Text(
                        "本人に伝える理由を{max}文字以内で書いてください。",
                        "Write down the reason for the member, in at most {max} characters.",
                    ).format(max=REASON_MAX)
                ]
            }
        )
    return words
