"""Signing in by a link from a mail: the way in that depends on no password and on no other service (A029)."""

from kotowari.accounts import credentials, entries, external_mails, gates, mails, names
from kotowari.accounts.events import WhyAsked
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.external.providers import provider
from kotowari.accounts.models import Member
from kotowari.accounts.selectors.login_information import has_password
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Language


@command(gates.ASK_SIGN_IN_LINK)
def ask_sign_in_link(*, actor: Actor, email: str, language: Language = "ja") -> None:
    """Mail a link that signs in to whoever may use one; every other address gets a mail that says why not.

    `language` is the asking person's, for a mail to an unknown address. Raises `InputError` when it is no address.
    """
    require(gates.ASK_SIGN_IN_LINK, actor)
    address = names.folded(email)
    problems = names.email_problems(address)
    if problems:
        raise InputError({"email": problems})
    member = credentials.member_of(address)
    if member is None:
        mails.send_no_account(to=address, language=language)
    elif member.left_at or not member.is_active:
        outbox.emit(WhyAsked(login=address, language=language))
    elif may_use_link(member):
        external_mails.send_sign_in_link(member, to=address)
    else:
        external_mails.send_password_instead(member, to=address)
    audit.record(actor=actor, kind=entries.SIGN_IN_LINK_ASKED, subject=member)


@command(gates.ASK_SIGN_IN_LINK)
def ask_link_to_link(*, actor: Actor, identity: Identity) -> None:
    """Mail to the member who has the external account's proved address the way to link the two."""
    require(gates.ASK_SIGN_IN_LINK, actor)
    member = credentials.member_of(identity.email) if identity.email_proved else None
    if member is not None and not member.left_at and member.is_active:
        name = provider(identity.provider).name
        external_mails.send_link_to_link(member, to=identity.email, provider=name)
    audit.record(actor=actor, kind=entries.SIGN_IN_LINK_ASKED, subject=member)


def may_use_link(member: Member) -> bool:
    """Whether policy lets this member sign in by a link."""
    return policy.value("accounts.sign_in_link_for") == "everybody" or not has_password(member)
