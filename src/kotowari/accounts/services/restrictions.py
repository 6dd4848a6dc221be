"""Restricting a member, and lifting it: each with its cause, its facts in words, its end, and a notice."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from kotowari.accounts import entries, gates, mails, tries
from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.events import MemberRestricted, RestrictionLifted
from kotowari.accounts.models import Member, Restriction, Session
from kotowari.accounts.restrictions import CAUSES
from kotowari.accounts.selectors.restrictions import restrictions_in_force
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

EXPLANATION_MAX = 2_000
_NEEDS_REASON = Text(
    "解除する理由を{max}文字以内で書いてください。本人に伝わります。",
    "Write down why it is lifted, in at most {max} characters; the member reads it.",
)


@command(gates.RESTRICT)
def restrict(*, actor: Actor, member_id: UUID, cause: str, until: datetime, explanation: str = "") -> Restriction:
    """Restrict a member for a cause (`accounts.restrictions.CAUSES`) until a moment, and tell them (A123).

    What staff decide needs an `explanation` with the facts. A restriction that stops signing in ends every session.
    Raises `InputError`, `Refused`, `NotVisible`.
    """
    member = lock(Member, member_id)
    require(gates.RESTRICT, actor, Restriction(member=member, cause=cause))
    explanation = explanation.strip()
    _check(cause, until, explanation, freeze_days_max=policy.value("accounts.freeze_days_max"))
    row = Restriction.objects.create(
        member=member,
        cause=cause,
        scope=list(CAUSES[cause].scope),
        explanation=explanation,
        until=until,
        made_by_id=actor.pk,
    )
    if "sign_in" in row.scope:
        end_sessions(member)
    _tell(actor, row)
    return row


def hold(*, actor: Actor, member: Member, cause: str, until: datetime) -> Restriction:
    """Restrict by a rule, or because the owner asks for it, however often: one of the same cause ends where this begins.

    Both stay, so that it is known how long the member was kept from something (A185). Inside a command that holds the
    member's lock. Raises `Refused`.
    """
    row, now = restrictions_in_force().filter(member=member, cause=cause).first(), clock.now()
    if row is not None and row.since < now:
        row.until = now
        row.save(update_fields=["until"])
    elif row is not None:
        row.until = until
        row.save(update_fields=["until"])
        _tell(actor, row)
        return row
    return restrict(actor=actor, member_id=member.pk, cause=cause, until=until)


@command(gates.LIFT)
def lift(*, actor: Actor, restriction_id: UUID, because: str = "") -> Restriction:
    """End one restriction, and no other, before its time. Staff say why; the member reads it.

    Raises `InputError`, `Refused`, `NotVisible`.
    """
    row = lock(Restriction, restriction_id, "member")
    require(gates.LIFT, actor, row)
    _lift(row, actor, because)
    return row


@command(gates.OVERTURN)
def overturn(*, actor: Actor, restriction_id: UUID, because: str) -> Restriction:
    """A restriction was a mistake: it ends if it has not, counts against nobody, and wrong tries count anew (A129).

    Raises `InputError`, `Refused`, `NotVisible`.
    """
    row = lock(Restriction, restriction_id, "member")
    require(gates.OVERTURN, actor, row)
    row.overturned = True
    row.save(update_fields=["overturned"])
    tries.forget(row.member)
    audit.record(actor=actor, kind=entries.OVERTURNED, subject=row.member, cause=row.cause)
    if row.lifted_at is None and row.until > clock.now():
        _lift(row, actor, because)
    return row


def _tell(actor: Actor, row: Restriction) -> None:
    title, body = mails.restricted(row)
    by_staff = CAUSES[row.cause].decided_by == "staff"
    notify(
        member_id=row.member_id,
        kind="accounts.restricted",
        title=title,
        body=body,
        url="/my/can/" if by_staff else "/my/security-check/",
        also_to=addresses_of(row.member),
    )
    until = row.until.isoformat()
    audit.record(actor=actor, kind=entries.RESTRICTED, subject=row.member, cause=row.cause, until=until)
    outbox.emit(MemberRestricted(member_id=row.member_id, restriction_id=row.pk, cause=row.cause))


def end_sessions(member: Member, *, but: str | None = None) -> int:
    """End every session of a member, except perhaps the one with this key; returns how many. Inside a command."""
    return Session.objects.filter(~Q(pk=but or ""), member=member).delete()[0]


def _lift(row: Restriction, actor: Actor, because: str) -> None:
    """Inside a command: end it now, and tell its owner."""
    because = because.strip()
    if (actor.is_staff and not because) or len(because) > EXPLANATION_MAX:
        raise InputError({"because": [_NEEDS_REASON.format(max=f"{EXPLANATION_MAX:,}")]})
    row.lifted_at, row.lifted_by_id, row.lifted_because = clock.now(), actor.pk, because
    row.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    title, body = mails.lifted(row)
    notify(
        member_id=row.member_id,
        kind="accounts.restriction_lifted",
        title=title,
        body=body,
        url="/my/can/",
        also_to=addresses_of(row.member),
    )
    audit.record(actor=actor, kind=entries.LIFTED, subject=row.member, cause=row.cause)
    outbox.emit(
        RestrictionLifted(member_id=row.member_id, restriction_id=row.pk, cause=row.cause, overturned=row.overturned)
    )


def _check(cause: str, until: datetime, explanation: str, *, freeze_days_max: int) -> None:
    problems: dict[str, list[Text]] = {}
    by_staff = CAUSES[cause].decided_by == "staff"
    if until <= clock.now():
        problems["until"] = [Text("終わりは、これからの日時にしてください。", "The end must lie in the future.")]
    elif by_staff and until > clock.now() + timedelta(days=freeze_days_max):
        problems["until"] = [
            Text(
                "一度に決められるのは{days}日までです。続けるときは、理由を書いて決め直します。",
                "At most {days} days at once; to go on, decide anew with the reasons.",
            ).format(days=freeze_days_max)
        ]
    if by_staff and not explanation:
        problems["explanation"] = [
            Text(
                "本人に伝える事実を書いてください。理由のない凍結はできません。",
                "Write down the facts for the member: nobody is frozen without a reason.",
            )
        ]
    if len(explanation) > EXPLANATION_MAX:
        problems["explanation"] = [
            Text("説明は{max}文字までです。", "At most {max} characters.").format(max=f"{EXPLANATION_MAX:,}")
        ]
    if problems:
        raise InputError(problems)
