"""Recoveries as their owner and staff may see them, and the facts about them that gates ask for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kotowari.accounts import gates
from kotowari.accounts.models import FactorRecovery, Member
from kotowari.accounts.models.recoveries import OPEN_STATES
from kotowari.accounts.selectors.roles import is_oneself, is_system
from kotowari.accounts.selectors.standing import has_factor
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


def open_recovery_of(member_id: UUID) -> FactorRecovery | None:
    """The recovery of a member that is under way, if there is one."""
    return FactorRecovery.objects.filter(member_id=member_id, state__in=OPEN_STATES).first()


def recoveries_visible_to(actor: Actor | None) -> QuerySet[FactorRecovery]:
    """One's own, the newest first; staff and the system see all."""
    if actor is None:
        return FactorRecovery.objects.none()
    rows = FactorRecovery.objects.select_related("member", "first_by", "second_by").order_by("-id")
    if isinstance(actor, SystemActor) or actor.is_staff:
        return rows
    return rows.filter(member_id=actor.pk) if actor.pk is not None else rows.none()


def statement_of(row: FactorRecovery) -> Mapping[str, str]:
    """The answers to `accounts.recovery_questions`, by key."""
    found: Mapping[str, str] = json.loads(row.statement) if row.statement else {}
    return found


@subject("accounts.factorrecovery")
def _recovery(actor: Any, id: str) -> FactorRecovery:
    row = recoveries_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("accounts.factorrecovery", id)
    return row


@facts_for(gates.START_RECOVERY)
def new_recovery_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.NewRecoveryFacts]:
    """Whether there is something to recover, and nothing under way."""
    is_member = isinstance(actor, Member)
    facts = gates.NewRecoveryFacts(
        signed_in=is_member,
        left_at=actor.left_at if is_member else None,
        has_factor=is_member and has_factor(actor.pk),
        is_under_way=is_member and open_recovery_of(actor.pk) is not None,
    )
    return [facts for _ in subjects]


@facts_for(
    gates.SEND_RECOVERY_CODE,
    gates.STATE_RECOVERY,
    gates.ASK_IN_RECOVERY,
    gates.ANSWER_RECOVERY,
    gates.APPROVE_RECOVERY,
    gates.REFUSE_RECOVERY,
    gates.CANCEL_RECOVERY,
    gates.TELL_RECOVERY,
    gates.FINISH_RECOVERY,
    gates.LAPSE_RECOVERY,
)
def recovery_facts(actor: Any, rows: Sequence[FactorRecovery]) -> list[gates.RecoveryFacts]:
    """Recoveries and who acts on them; without a query when their members are at hand."""
    now = clock.now()
    return [
        gates.RecoveryFacts(
            state=row.state,
            now=now,
            lapses_at=row.lapses_at,
            is_owner=is_oneself(actor, row.member_id),
            is_staff=bool(getattr(actor, "is_staff", False)),
            is_system=is_system(actor),
            approved_before=row.first_by_id is not None and row.first_by_id == getattr(actor, "pk", None),
            cooling_until=row.cooling_until,
            next_notice_at=row.next_notice_at,
            left_at=row.member.left_at,
        )
        for row in rows
    ]
