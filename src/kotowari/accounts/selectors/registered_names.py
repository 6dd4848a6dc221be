"""The real names of members, and the facts of telling one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from kotowari.accounts import gates
from kotowari.accounts.models import Member, RegisteredName
from kotowari.accounts.restrictions import longest
from kotowari.accounts.selectors.oneself import proved_facts
from kotowari.accounts.selectors.restrictions import restrictions_on
from kotowari.kernel.gates import facts_for


def registered_name_of(member_id: UUID) -> RegisteredName | None:
    """What a member is called outside the market, as told last."""
    return RegisteredName.objects.filter(member_id=member_id).order_by("-id").first()


def registered_names_of(member_ids: Iterable[UUID]) -> Mapping[UUID, RegisteredName]:
    """The same for many members, in one query."""
    rows = RegisteredName.objects.filter(member_id__in=list(member_ids)).order_by("member_id", "-id")
    return {row.member_id: row for row in rows.distinct("member_id")}


def name_history_of(member_id: UUID, limit: int) -> list[RegisteredName]:
    """Every name that a member told, the newest first."""
    return list(RegisteredName.objects.filter(member_id=member_id).order_by("-id")[:limit])


@facts_for(gates.REGISTER_NAME)
def register_name_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.RegisterNameFacts]:
    """About oneself: two queries."""
    is_member = isinstance(actor, Member)
    facts = gates.RegisterNameFacts(
        **proved_facts(actor),
        has_name=is_member and RegisteredName.objects.filter(member_id=actor.pk).exists(),
        held=longest(restrictions_on(actor.pk, "payout_destination")) if is_member else None,
    )
    return [facts for _ in subjects]
