"""A recovery that was overtaken: its owner has a second factor again, or what it was begun with is worth nothing now.

Whatever is unclear ends the recovery and never the second factors: it can be begun again.
"""

from uuid import UUID

from kotowari.accounts.events import FactorsChanged, MemberRestricted, PasswordSet, PasswordVoided
from kotowari.accounts.models import Factor, Member, Restriction
from kotowari.accounts.restrictions import CAUSES
from kotowari.accounts.selectors.recoveries import open_recovery_of
from kotowari.accounts.services.recoveries import cancel_recovery
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM


@outbox.on(FactorsChanged)
def has_one_again(changed: FactorsChanged) -> None:
    """Whoever added a second factor meanwhile has not lost it, and would lose it with the others."""
    row = open_recovery_of(changed.member_id)
    if row and Factor.objects.filter(member_id=row.member_id, confirmed_at__gt=row.asked_at).exists():
        cancel_recovery(actor=SYSTEM, recovery_id=row.pk, because="factor_added")


@outbox.on(PasswordSet)
def new_password(event: PasswordSet) -> None:
    """Staff rely on the right password having been shown; it is another one now."""
    _password_of_before(event.member_id)


@outbox.on(PasswordVoided)
def void_password(event: PasswordVoided) -> None:
    """The same where the password opens nothing any more, because somebody may know it."""
    _password_of_before(event.member_id)


@outbox.on(MemberRestricted)
def is_protected(restricted: MemberRestricted) -> None:
    """Whoever says "this was not me" means the recovery, too; and a frozen account is not recovered (as at its begin)."""
    row, restriction = open_recovery_of(restricted.member_id), Restriction.objects.get(pk=restricted.restriction_id)
    protects = restricted.cause == "not_me" or "sign_in" in CAUSES[restricted.cause].scope
    if row and protects and restriction.since > row.asked_at:
        cancel_recovery(actor=SYSTEM, recovery_id=row.pk, because="protected")


def _password_of_before(member_id: UUID) -> None:
    row = open_recovery_of(member_id)
    if row is None or not row.has_password:
        return
    member = Member.objects.get(pk=member_id)
    if any(at and at > row.asked_at for at in (member.password_set_at, member.password_void_since)):
        cancel_recovery(actor=SYSTEM, recovery_id=row.pk, because="password_changed")
