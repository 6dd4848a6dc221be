"""As whom somebody acts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kotowari.accounts import gates
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.gates import By
from kotowari.accounts.models import Member
from kotowari.accounts.selectors.standing import has_factor
from kotowari.foundation import policy
from kotowari.foundation.actors import SystemActor
from kotowari.kernel.gates import facts_for


def is_system(actor: Any) -> bool:
    """Whether the market itself acts; a visitor is a named actor too, but nobody the market trusts."""
    return isinstance(actor, SystemActor) and actor != VISITOR


def as_whom(actor: Any, member_id: UUID | None) -> By:
    """As whom the actor acts on a member's account; staff act as staff on their own as well."""
    if is_system(actor):
        return "rule"
    if getattr(actor, "is_staff", False):
        return "staff"
    return "owner" if is_oneself(actor, member_id) else "nobody"


def is_oneself(actor: Any, member_id: UUID | None) -> bool:
    """Whether the account is the actor's own."""
    return isinstance(actor, Member) and actor.pk == member_id


def lacks_factor(actor: Any) -> bool:
    """Whether somebody of staff holds no second factor although the operator asks for one.

    No query about members and about staff of a session, one about other staff.
    """
    if not (isinstance(actor, Member) and actor.is_staff and policy.value("console.second_factor_required")):
        return False
    return not (has_factor(actor.pk) if actor.holds_factor is None else actor.holds_factor)


@facts_for(gates.ACT_AS_STAFF)
def as_staff_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.AsStaffFacts]:
    """Who acts."""
    facts = gates.AsStaffFacts(lacks_factor=lacks_factor(actor))
    return [facts for _ in subjects]
