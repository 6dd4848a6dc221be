"""Links in mails: signed, so that one that is ours but over can be told from one that was cut off or is not ours."""

from datetime import timedelta
from enum import Enum
from uuid import UUID

from django.core import signing

from kotowari.accounts.models import Member, SignInRecord
from kotowari.accounts.reset_tokens import ResetTokens, SignInTokens
from kotowari.accounts.selectors.security_check import hold_since
from kotowari.foundation import policy
from kotowari.kernel import clock

_RESET = "accounts.reset"
_NOT_ME = "accounts.not_me"
_SIGN_IN = "accounts.sign_in_link"


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


def not_me_path(record: SignInRecord) -> str:
    """The address at which the owner says that a sign-in was not theirs, for the owner's mail only."""
    return f"/my/security-check/not-me/{signing.dumps(record.pk.hex, salt=_NOT_ME)}/"


def record_by_not_me(token: str) -> tuple[SignInRecord | None, Fate]:
    """Which sign-in this link is about and whether it still protects the account without signing in (A120).

    Used means: a hold was asked for since.
    """
    try:
        pk = UUID(signing.loads(token, salt=_NOT_ME))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None, Fate.BROKEN
    record = SignInRecord.objects.select_related("member").filter(pk=pk, member__isnull=False).first()
    if record is None or clock.now() >= record.at + timedelta(days=policy.value("accounts.not_me_link_days")):
        return record, Fate.EXPIRED
    return record, Fate.USED if hold_since(record) else Fate.GOOD


def sign_in_path(member: Member, *, then: str = "") -> str:
    """The address that signs a member in, for the owner's mail only; `then` is the page that it was asked for."""
    made_at = int(clock.now().timestamp())
    sealed = signing.dumps([member.pk.hex, made_at, SignInTokens().make_token(member), then], salt=_SIGN_IN)
    return f"/login/by-mail/{sealed}/"


def owner_by_sign_in(key: str) -> tuple[Member | None, Fate, str]:
    """Whose link this is, whether it still signs in (A029), and the page it was asked for.

    Used means: somebody signed in since, or a later change made it void.
    """
    try:
        pk, made_at, token, then = signing.loads(key, salt=_SIGN_IN)
        member = Member.objects.filter(pk=UUID(pk)).first()
    except (signing.BadSignature, ValueError, TypeError):
        return None, Fate.BROKEN, ""
    minutes = policy.value("accounts.sign_in_link_minutes")
    if clock.now().timestamp() > made_at + timedelta(minutes=minutes).total_seconds():
        return member, Fate.EXPIRED, then
    good = member is not None and SignInTokens().check_token(member, token)
    return member, Fate.GOOD if good else Fate.USED, then
