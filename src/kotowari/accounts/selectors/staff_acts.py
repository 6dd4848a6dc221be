"""The facts of what staff do to accounts, and the risk queue."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from kotowari.accounts import gates
from kotowari.accounts.models import Member, Restriction, RiskCase, Session
from kotowari.accounts.selectors.roles import as_whom, is_oneself, is_system
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


@facts_for(gates.FORCE_PASSWORD, gates.END_SESSIONS)
def staff_act_facts(actor: Any, members: Sequence[Member]) -> list[gates.StaffActFacts]:
    """Who would act on whom: one query."""
    sessions = _live_sessions(member.pk for member in members)
    return [
        gates.StaffActFacts(
            by=as_whom(actor, member.pk),
            is_self=is_oneself(actor, member.pk),
            left_at=member.left_at,
            sessions=sessions.get(member.pk, 0),
            password_void_since=member.password_void_since,
        )
        for member in members
    ]


@facts_for(gates.OVERTURN)
def overturn_facts(actor: Any, rows: Sequence[Restriction]) -> list[gates.OverturnFacts]:
    """Restrictions, and who would call them mistakes; without a query."""
    return [
        gates.OverturnFacts(
            by=as_whom(actor, row.member_id), is_self=is_oneself(actor, row.member_id), overturned=row.overturned
        )
        for row in rows
    ]


@facts_for(gates.CLOSE_RISK)
def risk_facts(actor: Any, cases: Sequence[RiskCase]) -> list[gates.RiskFacts]:
    """Matters, and who would close them; without a query."""
    return [
        gates.RiskFacts(
            by=as_whom(actor, None),
            is_self=case.member_id is not None and is_oneself(actor, case.member_id),
            is_open=case.state == "open",
            closed_at=case.closed_at,
        )
        for case in cases
    ]


@facts_for(gates.ESCALATE_RISK, gates.LAPSE_RISK)
def risk_clock_facts(actor: Any, cases: Sequence[RiskCase]) -> list[gates.RiskClockFacts]:
    """Matters and their clocks; without a query."""
    now = clock.now()
    return [
        gates.RiskClockFacts(
            is_system=is_system(actor),
            is_open=case.state == "open",
            now=now,
            due_at=case.due_at,
            lapses_at=case.lapses_at,
            told_at=case.escalated_at,
            closed_at=case.closed_at,
        )
        for case in cases
    ]


def risk_cases_visible_to(actor: Actor | None) -> QuerySet[RiskCase]:
    """The matters of the risk queue, the newest first; for staff and the system only."""
    if actor is None or not (isinstance(actor, SystemActor) or actor.is_staff):
        return RiskCase.objects.none()
    return RiskCase.objects.select_related("member", "closed_by").order_by("-id")


def _live_sessions(member_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many sessions still run, by member."""
    rows = Session.objects.filter(member__in=list(member_ids), expire_date__gt=clock.machine_now())
    return dict(rows.order_by().values_list("member").annotate(n=Count("pk")))


@subject("accounts.riskcase")
def _risk_case(actor: Any, id: str) -> RiskCase:
    row = risk_cases_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("accounts.riskcase", id)
    return row
