"""What staff does by looking, recorded like every other act (A063)."""

from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.console import entries
from kotowari.console.gates import CHECK_BOOKS, SEE_MEMBER
from kotowari.foundation import audit, subjects
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel.gates import require
from kotowari.ledger import invariants


@command(SEE_MEMBER)
def look_at_member(*, actor: Actor, member_id: UUID) -> Member:
    """The row of a member, with an entry in the audit that somebody looked. Raises `NotVisible`, `Refused`."""
    member: Member = subjects.load("accounts.member", str(member_id), actor=actor)
    require(SEE_MEMBER, actor, member)
    audit.record(actor=actor, kind=entries.MEMBER_SEEN, subject=member)
    return member


def check_books(*, actor: Actor) -> list[invariants.Result]:
    """Ask every law of the books, all of one moment, and record that it was done."""
    require(CHECK_BOOKS, actor)
    results = invariants.check_all()
    record_check(actor=actor, checked=len(results), wrong=sum(not result.ok for result in results))
    return results


@command(CHECK_BOOKS)
def record_check(*, actor: Actor, checked: int, wrong: int) -> None:
    """Record that the books were checked and what came of it."""
    require(CHECK_BOOKS, actor)
    audit.record(actor=actor, kind=entries.BOOKS_CHECKED, subject=None, checked=checked, wrong=wrong)
