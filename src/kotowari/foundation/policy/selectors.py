"""The operator's changes as rows, and the facts that gates ask for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kotowari.foundation.actors import Actor
from kotowari.foundation.models import PolicyOverride
from kotowari.foundation.policy import gates
from kotowari.foundation.policy.inforce import Change
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


def stored_changes() -> list[Change]:
    """Every change the operator made, in one query; what `policy.read_changes_from` is given at start."""
    rows = PolicyOverride.objects.order_by("effective_on", "key")
    return [Change(*row) for row in rows.values_list("key", "value", "effective_on", "reason")]


def announced_changes() -> QuerySet[PolicyOverride]:
    """Changes whose day has not come, the next one first. Everybody may see them (A189)."""
    return PolicyOverride.objects.filter(effective_on__gt=clock.today()).order_by("effective_on", "key")


@subject("foundation.policyoverride")
def _override(_actor: Actor, id: str) -> PolicyOverride:
    found = PolicyOverride.objects.filter(pk=UUID(str(id))).first()
    if found is None:
        raise NotVisible("foundation.policyoverride", id)
    return found


@facts_for(gates.SET_VALUE)
def _staff_facts(actor: Actor, subjects: Sequence[Any]) -> list[gates.StaffFacts]:
    return [gates.StaffFacts(is_staff=actor.is_staff) for _ in subjects]


@facts_for(gates.WITHDRAW_CHANGE)
def _withdraw_facts(actor: Actor, subjects: Sequence[PolicyOverride]) -> list[gates.WithdrawFacts]:
    today = clock.today()
    return [
        gates.WithdrawFacts(is_staff=actor.is_staff, key=row.key, effective_on=row.effective_on, today=today)
        for row in subjects
    ]
