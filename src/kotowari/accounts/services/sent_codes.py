"""Codes that are sent: made for one purpose, taken once. Called inside commands."""

from datetime import datetime, timedelta

from kotowari.accounts.models import Factor, Member, SentCode
from kotowari.accounts.one_time_codes import new_digits, tidied
from kotowari.foundation import policy
from kotowari.foundation.crypto import keyring
from kotowari.kernel import clock

SIGN_IN, PROOF, SETUP, RECOVERY = "sign_in", "proof", "setup", "recovery"
"""What a code may be sent for; one sent for the one is not taken for the other."""
_LABEL = "accounts.sent_code"


def make_code(member: Member, purpose: str, factor: Factor | None = None) -> tuple[str, datetime]:
    """A fresh code and its end; the ones before for the same purpose are void."""
    SentCode.objects.filter(member=member, purpose=purpose, used_at=None).delete()
    code, now = new_digits(), clock.now()
    row = SentCode.objects.create(
        member=member,
        factor=factor,
        purpose=purpose,
        digest=keyring().index(_named(member, purpose, code), label=_LABEL),
        sent_at=now,
        expires_at=now + timedelta(minutes=policy.value("accounts.sent_code_minutes")),
    )
    return code, row.expires_at


def take_code(member: Member, purpose: str, typed: str, factor: Factor | None = None) -> SentCode | None:
    """The row of this code, which works never again; None when it is no code that works now.

    It is marked only if nobody did so meanwhile, so of two who send it at once one is let in.
    """
    found = SentCode.objects.filter(
        member=member,
        purpose=purpose,
        used_at=None,
        expires_at__gt=clock.now(),
        digest__in=keyring().indexes(_named(member, purpose, typed), label=_LABEL),
    )
    if factor is not None:
        found = found.filter(factor=factor)
    pk = found.values_list("pk", flat=True).first()
    if pk is None or not found.filter(pk=pk).update(used_at=clock.now()):
        return None
    return SentCode.objects.get(pk=pk)


def _named(member: Member, purpose: str, code: str) -> str:
    return f"{member.pk}:{purpose}:{tidied(code)}"
