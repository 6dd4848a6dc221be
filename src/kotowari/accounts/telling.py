"""Telling an owner what was done to the keys of the account: in the site, and at every address that is theirs."""

from collections.abc import Sequence

from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.models import Member
from kotowari.foundation.models import Notice
from kotowari.foundation.notices import notify
from kotowari.kernel.text import Text

PAGE = "/my/settings/login/"


def tell_everywhere(
    member: Member, *, kind: str, title: Text, body: Text, url: str = PAGE, also_to: Sequence[str] = ()
) -> Notice:
    """A notice, mailed to all proved addresses of the member and to those of `also_to` that are theirs no more.

    Whoever took over one mailbox cannot keep the owner from reading it in another. Inside a command.
    """
    addresses = [*addresses_of(member), *also_to]
    return notify(member_id=member.pk, kind=kind, title=title, body=body, url=url, also_to=addresses)
