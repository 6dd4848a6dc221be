"""A new password for whoever can read the registered mail."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings

from kotowari.accounts import address_mails, credentials, entries, gates, mails, names
from kotowari.accounts.events import PasswordSet, WhyAsked
from kotowari.accounts.links import reset_path
from kotowari.accounts.models import ApiToken, Member
from kotowari.accounts.passwords import password_problems
from kotowari.accounts.selectors.external import working_names
from kotowari.accounts.selectors.login_information import has_password
from kotowari.accounts.services.locks import end_locks_of
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.restrictions import end_sessions, hold
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Language


@command(gates.ASK_RESET)
def ask_password_reset(*, actor: Actor, email: str, language: Language = "ja") -> None:
    """Mail the link for a new password; to an address that nobody registered, a mail that says so (A021–A023).

    `language` is the asking person's, for the mail to an unknown address. Raises `InputError` when it is no address.
    """
    require(gates.ASK_RESET, actor)
    address = names.folded(email)
    problems = names.email_problems(address)
    if problems:
        raise InputError({"email": problems})
    member = credentials.member_of(address) or Member.objects.filter(email=address).first()
    if member is None:
        mails.send_no_account(to=address, language=language)
    elif member.left_at or not member.is_active:
        # A new password would open nothing: the owner is told why.
        outbox.emit(WhyAsked(login=address, language=language))
    else:
        mails.send_reset_link(
            to=address,
            language=member.language,
            name=member.display_name,
            username=member.username,
            url=f"{settings.BASE_URL}{reset_path(member)}",
            minutes=policy.value("accounts.reset_link_minutes"),
            external=[] if has_password(member) else working_names(member),
        )
    audit.record(actor=actor, kind=entries.RESET_ASKED, subject=member)


@command(gates.SET_PASSWORD)
def set_password(*, actor: Member, password: str) -> Member:
    """Give a member, recognised by the link in the mail, a new password; every open session of theirs ends.

    Having read that mail also proves the address. In case somebody else read it, the bank account stays as it is
    for some hours (A121). Raises `InputError` when the password cannot be used.
    """
    member = lock(Member, actor.pk)
    require(gates.SET_PASSWORD, member)
    _replace(member, password)
    EmailAddress.objects.update_or_create(user=member, email=member.email, defaults={"verified": True, "primary": True})
    end_sessions(member)
    title, body = mails.PASSWORD_WAS_SET
    tell_everywhere(member, kind="accounts.password_set", title=title, body=body, url="/password/reset/")
    hours = policy.value("accounts.reset_hold_hours")
    if hours:
        hold(actor=SYSTEM, member=member, cause="password_reset", until=clock.now() + timedelta(hours=hours))
    audit.record(actor=member, kind=entries.PASSWORD_SET, subject=member)
    outbox.emit(PasswordSet(member_id=member.pk))
    return member


@command(gates.CHANGE_PASSWORD)
def change_password(
    *, actor: Actor, password: str, current_right: bool = False, session_key: str | None = None
) -> Member:
    """Give oneself a new password, or a first one (A030), while signed in.

    `current_right` tells that the present one was shown; without it, somebody who proved to be the owner a short while
    ago. Every session but the one of `session_key` ends. Raises `InputError`, `Refused`.
    """
    member = locked(actor)
    require(gates.CHANGE_PASSWORD, member, current_right)
    assert isinstance(member, Member)  # the gate lets nobody else through
    _replace(member, password)
    end_sessions(member, but=session_key)
    title, body = address_mails.PASSWORD_WAS_CHANGED
    tell_everywhere(member, kind="accounts.password_changed", title=title, body=body, url="/password/reset/")
    audit.record(actor=actor, kind=entries.PASSWORD_CHANGED, subject=member)
    outbox.emit(PasswordSet(member_id=member.pk))
    return member


def _replace(member: Member, password: str) -> None:
    """The new password, without what the old one may have opened. Raises `InputError` when it cannot be used."""
    problems = password_problems(password, names=(member.username, member.display_name, member.email))
    if problems:
        raise InputError({"password": problems})
    member.set_password(password)
    member.password_set_at, member.password_void_since = clock.now(), None
    member.save(update_fields=["password", "password_set_at", "password_void_since"])
    # Whoever had the old password may have made a token with it.
    ApiToken.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=clock.now())
    end_locks_of(member)
