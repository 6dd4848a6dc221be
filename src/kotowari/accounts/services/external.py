"""External accounts: linking one, unlinking one, and becoming a member through one (A028, A033, A034)."""

from collections.abc import Sequence

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password

from kotowari.accounts import consents, entries, external_mails, gates, names
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.external.providers import provider
from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.selectors.login_information import is_registered
from kotowari.accounts.services.joining import attach, join
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.sign_up import address_in_use, check_sign_up
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import refuse, require
from kotowari.kernel.text import Language


@command(gates.LINK_EXTERNAL)
def link_external(*, actor: Actor, identity: Identity) -> SocialAccount:
    """Let an external account that its owner has just shown open this account too. Raises `Refused`."""
    member = locked(actor)
    require(gates.LINK_EXTERNAL, member, identity)
    assert isinstance(member, Member)  # the gate lets nobody else through
    row = attach(member, identity)
    name = provider(identity.provider).name
    title, body = external_mails.linked(name, identity.email)
    tell_everywhere(member, kind="accounts.external_linked", title=title, body=body)
    audit.record(actor=actor, kind=entries.EXTERNAL_LINKED, subject=member, provider=name)
    return row


@command(gates.UNLINK_EXTERNAL)
def unlink_external(*, actor: Actor, account_id: int) -> Member:
    """Let an external account open this account no more; never the last way in. Raises `Refused`, `NotVisible`."""
    member = locked(actor)
    row = SocialAccount.objects.select_for_update().filter(pk=account_id, user_id=member.pk).first()
    if row is None:
        raise NotVisible("socialaccount.socialaccount", account_id)
    require(gates.UNLINK_EXTERNAL, member, row)
    assert isinstance(member, Member)  # the gate lets nobody else through
    row.delete()
    name = provider(row.provider).name
    title, body = external_mails.unlinked(name)
    tell_everywhere(member, kind="accounts.external_unlinked", title=title, body=body)
    audit.record(actor=actor, kind=entries.EXTERNAL_UNLINKED, subject=member, provider=name)
    return member


@command(gates.SIGN_UP)
def join_with_external(
    *,
    actor: Actor,
    identity: Identity,
    username: str,
    display_name: str,
    kind: str,
    language: Language = "ja",
    agreed: Sequence[str] = (),
) -> Member:
    """Become a member through an external account whose provider says that the address is proved; no password.

    Where it does not say so, `start_sign_up` asks for the code by mail. Raises `InputError`, `Refused`.
    """
    require(gates.SIGN_UP, actor)
    if not identity.email_proved:
        raise ValueError("an address that the provider does not vouch for is proved by the code")
    check_sign_up(
        username=username, display_name=display_name, email=identity.email, password=None, kind=kind, agreed=agreed
    )
    if is_registered(identity.email):
        raise refuse(gates.SIGN_UP, address_in_use())
    sign_up = SignUp(
        username=names.folded(username),
        display_name=names.tidied(display_name),
        email=identity.email,
        password=make_password(None),
        kind=kind,
        language=language,
        provider=identity.provider,
        provider_subject=identity.subject,
    )
    versions = {consent.kind: consent.version for consent in consents.ALL}
    member = join(sign_up=sign_up, agreed_at=clock.now(), versions=versions, email_proved=True)
    audit.record(actor=member, kind=entries.MEMBER_JOINED, subject=member, username=member.username)
    return member
