"""As whom somebody acts."""

from typing import Any
from uuid import UUID

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.gates import By
from kotowari.accounts.models import Member
from kotowari.foundation.actors import SystemActor


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
