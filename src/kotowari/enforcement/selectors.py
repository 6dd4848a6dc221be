"""The facts that gates ask for, and who may see an appeal."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kotowari.accounts.models import Restriction
from kotowari.accounts.restrictions import CAUSES
from kotowari.accounts.selectors import is_system
from kotowari.accounts.selectors.roles import as_whom, is_oneself
from kotowari.enforcement import gates
from kotowari.enforcement.models import Appeal
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


@facts_for(gates.SEE_APPEAL)
def see_facts(actor: Any, rows: Sequence[Restriction | None]) -> list[gates.SeeFacts]:
    """Whether each is the actor's own; without a query."""
    return [gates.SeeFacts(is_owner=row is not None and is_oneself(actor, row.member_id)) for row in rows]


@facts_for(gates.MAKE_APPEAL)
def appeal_facts(actor: Any, rows: Sequence[Restriction]) -> list[gates.AppealFacts]:
    """Restrictions, and who would contest them: one query."""
    appealed = dict(Appeal.objects.filter(restriction__in=rows).values_list("restriction_id", "made_at"))
    now = clock.now()
    return [
        gates.AppealFacts(
            is_owner=is_oneself(actor, row.member_id),
            decided_by=CAUSES[row.cause].decided_by,
            now=now,
            until=row.until,
            lifted_at=row.lifted_at,
            appealed_at=appealed.get(row.pk),
            url=f"/appeals/{row.pk}/",
        )
        for row in rows
    ]


@facts_for(gates.UPHOLD_APPEAL, gates.GRANT_APPEAL)
def decide_facts(actor: Any, rows: Sequence[Appeal]) -> list[gates.DecideFacts]:
    """Appeals, and who would decide about them; their restrictions are at hand."""
    return [
        gates.DecideFacts(
            by=as_whom(actor, row.restriction.member_id),
            is_self=is_oneself(actor, row.restriction.member_id),
            is_maker=is_oneself(actor, row.restriction.made_by_id),
            is_open=row.state == "open",
            decided_at=row.decided_at,
        )
        for row in rows
    ]


@facts_for(gates.ESCALATE_APPEAL, gates.LAPSE_APPEAL)
def clock_facts(actor: Any, rows: Sequence[Appeal]) -> list[gates.ClockFacts]:
    """Appeals and their clocks; without a query."""
    now = clock.now()
    return [
        gates.ClockFacts(
            is_system=is_system(actor),
            is_open=row.state == "open",
            now=now,
            due_at=row.due_at,
            lapses_at=row.lapses_at,
            told_at=row.escalated_at,
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def appeals_visible_to(actor: Actor | None) -> QuerySet[Appeal]:
    """One's own appeals, the newest first; staff and the system see all."""
    if actor is None:
        return Appeal.objects.none()
    rows = Appeal.objects.select_related("restriction__member", "restriction__made_by", "decided_by").order_by("-id")
    if isinstance(actor, SystemActor) or actor.is_staff:
        return rows
    return rows.filter(restriction__member_id=actor.pk) if actor.pk is not None else rows.none()


def appeal_against(restriction: Restriction) -> Appeal | None:
    """The appeal against a restriction, if there is one."""
    return Appeal.objects.select_related("decided_by").filter(restriction=restriction).first()


@subject("enforcement.appeal")
def _appeal(actor: Any, id: str) -> Appeal:
    row = appeals_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("enforcement.appeal", id)
    return row
