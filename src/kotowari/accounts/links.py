"""Links in mails: signed, so that one that is ours but over can be told from one that was cut off or is not ours."""

from datetime import timedelta
from enum import Enum
from uuid import UUID

from django.core import signing

from kotowari.accounts.models import Member
from kotowari.accounts.reset_tokens import ResetTokens
from kotowari.foundation import policy
from kotowari.kernel import clock

_RESET = "accounts.reset"


class Fate(Enum):
    """What became of a link."""

    GOOD = "good"
    EXPIRED = "expired"
    USED = "used"
    BROKEN = "broken"


def reset_path(member: Member) -> str:
    """The address of the page of a new password, for the owner's mail only."""
    made_at = int(clock.now().timestamp())
    sealed = signing.dumps([member.pk.hex, made_at, ResetTokens().make_token(member)], salt=_RESET)
    return f"/password/reset/{sealed}/"


def owner_by_reset(key: str) -> tuple[Member | None, Fate]:
    """Whose link this is and whether it still opens the page (A022).

    Used means: a new password was set since, somebody signed in, or a later change made it void.
    """
    try:
        pk, made_at, token = signing.loads(key, salt=_RESET)
        member = Member.objects.filter(pk=UUID(pk), is_active=True).first()
    except (signing.BadSignature, ValueError, TypeError):
        return None, Fate.BROKEN
    minutes = policy.value("accounts.reset_link_minutes")
    if clock.now().timestamp() > made_at + timedelta(minutes=minutes).total_seconds():
        return member, Fate.EXPIRED
    return (member, Fate.GOOD) if ResetTokens().check_token(member, token) else (member, Fate.USED)
