"""Protecting one's account at one press, and looking through it from time to time (A120, A121, A130, A131, A133)."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from kotowari.accounts import check_up, entries, gates, mails
from kotowari.accounts.models import ApiToken, Device, Member, Restriction, SecurityCheck, SignInRecord
from kotowari.accounts.selectors.devices import records_visible_to
from kotowari.accounts.selectors.security_check import hold_since
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.passwords import ask_password_reset
from kotowari.accounts.services.restrictions import end_sessions, hold
from kotowari.accounts.services.risks import raise_risk
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.models import Notice
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import require


@command(gates.REPORT_NOT_ME)
def report_not_me(*, actor: Actor, record_id: UUID | None = None) -> Restriction:
    """「これは私ではありません」: nobody but the owner of the registered mail gets in, and no money leaves.

    Holds payouts and the bank account, ends every session, forgets every device, revokes every token, makes the
    password open nothing, mails the link for a new one, and tells staff. `record_id` names the sign-in it is about;
    without it, the last one. Told again of a sign-in that a hold covers already, it changes nothing. Called for
    whoever is signed in or holds the link of the mail. Raises `NotVisible`, `Refused`.
    """
    member = locked(actor)
    require(gates.REPORT_NOT_ME, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    record = _about(member, record_id)
    covered = hold_since(record) if record else None
    audit.record(actor=member, kind=entries.NOT_ME_REPORTED, subject=member, again=covered is not None)
    if covered is not None:
        return covered
    now = clock.now()
    end_sessions(member)
    Device.objects.filter(member=member, forgotten_at__isnull=True).update(forgotten_at=now)
    ApiToken.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=now)
    member.password_void_since = now
    member.save(update_fields=["password_void_since"])
    until = now + timedelta(days=policy.value("accounts.hold_days"))
    # As the market's rule, not as theirs: staff decide nothing about themselves, and are protected all the same.
    row = hold(actor=SYSTEM, member=member, cause="not_me", until=until)
    ask_password_reset(actor=SYSTEM, email=member.email, language="en" if member.language == "en" else "ja")
    raise_risk(actor=SYSTEM, kind="not_me", member_id=member.pk, facts=_facts(record))
    return row


@command(gates.COMPLETE_CHECK)
def complete_check(*, actor: Actor, answers: Mapping[str, str]) -> SecurityCheck:
    """Record that a member looked through the account, and what of it was not theirs.

    `answers` are `right` or `not_mine` for each of `accounts.check_up.AREAS`; what is not theirs comes before staff.
    Raises `InputError`, `Refused`.
    """
    member = locked(actor)
    require(gates.COMPLETE_CHECK, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    doubtful = check_up.doubtful(answers)
    row = SecurityCheck.objects.create(member=member, doubtful=doubtful)
    member.check_asked_at = row.at
    member.save(update_fields=["check_asked_at"])
    if doubtful:
        raise_risk(actor=SYSTEM, kind="unfamiliar_activity", member_id=member.pk, facts={"areas": doubtful})
    audit.record(actor=actor, kind=entries.SECURITY_CHECKED, subject=row, doubtful=", ".join(doubtful) or "–")
    return row


@command(gates.REMIND_OF_CHECK)
def remind_of_check(*, actor: Actor, member_id: UUID) -> Notice:
    """Invite a member to look through the account again. Raises `Refused` where nobody is reminded, or before it is due."""
    member = lock(Member, member_id)
    require(gates.REMIND_OF_CHECK, actor, member)
    months = policy.value("accounts.security_check_months")
    member.check_asked_at = clock.now()
    member.save(update_fields=["check_asked_at"])
    audit.record(actor=actor, kind=entries.CHECK_REMINDED, subject=member, months=months)
    title, body = mails.check_due(months)
    return notify(
        member_id=member.pk, kind="accounts.check_due", title=title, body=body, url="/my/security-check/", by_mail=False
    )


def _about(member: Member, record_id: UUID | None) -> SignInRecord | None:
    rows = records_visible_to(member).filter(outcome="in")
    if record_id is None:
        return rows.first()
    record = rows.filter(pk=record_id).first()
    if record is None:
        raise NotVisible("accounts.signinrecord", record_id)
    return record


def _facts(record: SignInRecord | None) -> dict[str, str]:
    if record is None:
        return {}
    return {"label": record.label, "network": record.network, "at": record.at.isoformat(), "way": record.way}
