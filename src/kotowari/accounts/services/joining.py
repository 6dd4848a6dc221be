"""The moment in which a sign-up becomes a member, with the address, the consents and perhaps an external account."""

from collections.abc import Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from kotowari.accounts import gates
from kotowari.accounts.events import MemberJoined
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.external.providers import provider
from kotowari.accounts.models import Consent, Member, SignUp
from kotowari.accounts.selectors.login_information import is_taken
from kotowari.foundation import outbox
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import refuse
from kotowari.kernel.text import Text

JUST_NOW = Text("たった今使われました。もう一度お試しください。", "It was taken just now. Please try again.")


def join(*, sign_up: SignUp, agreed_at: datetime, versions: Mapping[str, str], email_proved: bool = False) -> Member:
    """The member, with the proved address and the consents; the sign-ups of that address are gone. Inside a command.

    `email_proved` tells that the provider of the external account vouches for the address. Raises `InputError` when
    another sign-up with the same name or address was finished at this very moment, `Refused` when the external
    account was linked meanwhile.
    """
    member = Member(
        username=sign_up.username,
        display_name=sign_up.display_name,
        email=sign_up.email,
        password=sign_up.password,
        kind=sign_up.kind,
        language=sign_up.language,
        joined_at=clock.now(),
    )
    member.password_set_at = clock.now() if member.has_usable_password() else None
    try:
        with transaction.atomic():
            member.save(force_insert=True)
            EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    except IntegrityError as error:
        raise InputError({"username": [JUST_NOW]}) from error
    if is_taken(member.username, but=member):  # given up by somebody while this waited for it
        raise InputError({"username": [JUST_NOW]})
    if sign_up.provider:
        email = member.email if email_proved else ""
        attach(member, Identity(provider=sign_up.provider, subject=sign_up.provider_subject, email=email))
    Consent.objects.bulk_create(
        Consent(member=member, kind=kind, version=version, agreed_at=agreed_at) for kind, version in versions.items()
    )
    # One that is being finished at this moment is left to its own transaction, which waits for ours.
    settled = SignUp.objects.filter(email=member.email).select_for_update(skip_locked=True)
    SignUp.objects.filter(pk__in=[row.pk for row in settled]).delete()
    outbox.emit(MemberJoined(member_id=member.pk))
    return member


def attach(member: Member, identity: Identity) -> SocialAccount:
    """Let an external account open a member's account. Inside a command.

    Raises `Refused` when it was linked to somebody at this very moment.
    """
    row = SocialAccount(
        user=member,
        provider=identity.provider,
        uid=identity.subject,
        extra_data={"email": identity.email} if identity.email else {},
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        elsewhere = gates.linked_elsewhere(provider(identity.provider).name)
        raise refuse(gates.LINK_EXTERNAL, elsewhere) from error
    return row
