"""Another username, in place: the old one leads on to it (A095)."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from kotowari.accounts import address_mails, entries, gates, names
from kotowari.accounts.events import UsernameChanged
from kotowari.accounts.models import FormerUsername, Member
from kotowari.accounts.selectors.login_information import is_taken
from kotowari.accounts.services.own import locked
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text


@command(gates.CHANGE_USERNAME)
def change_username(*, actor: Actor, username: str) -> Member:
    """Go by another username; the one so far is kept from others for a while. Raises `InputError`, `Refused`."""
    member = locked(actor)
    require(gates.CHANGE_USERNAME, member)
    assert isinstance(member, Member)  # the gate lets nobody else through
    new, old = names.folded(username), member.username
    problems = names.username_problems(new)
    if not problems and new == old:
        problems = [Text("いまと同じユーザー名です。", "This is your username already.")]
    if not problems and is_taken(new, but=member):
        problems = [taken_words(new)]
    if problems:
        raise InputError({"username": problems})
    kept_days = policy.value("accounts.former_username_days")
    member.username = new
    try:
        with transaction.atomic():
            member.save(update_fields=["username"])
    except IntegrityError as error:
        raise InputError({"username": [taken_words(new)]}) from error
    now = clock.now()
    FormerUsername.objects.create(
        member=member, username=old, given_up_at=now, kept_until=now + timedelta(days=kept_days)
    )
    if is_taken(new, but=member):  # given up by somebody else while this waited for it
        raise InputError({"username": [taken_words(new)]})
    title, body = address_mails.username_changed(old=old, new=new, kept_days=kept_days)
    tell_everywhere(member, kind="accounts.username_changed", title=title, body=body)
    audit.record(actor=actor, kind=entries.USERNAME_CHANGED, subject=member, old=old, new=new)
    outbox.emit(UsernameChanged(member_id=member.pk, old_name=old, new_name=new))
    return member


def taken_words(username: str) -> Text:
    """Usernames are public, so this tells nobody anything."""
    return Text(
        "ユーザー名「{name}」はすでに使われています。別のユーザー名にしてください。",
        'The username "{name}" is taken. Please choose another.',
    ).format(name=username)
