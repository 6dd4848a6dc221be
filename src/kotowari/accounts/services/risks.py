"""The staff's risk queue: what should be looked at because an account may be in danger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from kotowari.accounts import entries, gates, risks
from kotowari.accounts.models import RiskCase
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel import calendar, clock
from kotowari.kernel.gates import require


@command(gates.RAISE_RISK)
def raise_risk(*, actor: Actor, kind: str, member_id: UUID | None, facts: dict[str, Any]) -> RiskCase:
    """Bring a matter (`accounts.risks.KINDS`) before staff; one that is open already is counted on.

    Raises `Refused` for anybody but the market itself.
    """
    require(gates.RAISE_RISK, actor)
    assert kind in risks.KINDS, f"{kind} is no kind of risk"
    about = Q(member__isnull=True) if member_id is None else Q(member_id=member_id)
    case = RiskCase.objects.select_for_update().filter(about, kind=kind, state="open").first()
    if case is None:
        case = RiskCase.objects.create(kind=kind, member_id=member_id, facts=facts, due_at=_due_at())
    else:
        case.happened, case.last_at, case.facts = case.happened + 1, clock.now(), facts
        case.save(update_fields=["happened", "last_at", "facts"])
    audit.record(actor=actor, kind=entries.RISK_RAISED, subject=case, name=risks.KINDS[kind])
    return case


def _due_at() -> datetime:
    days = policy.value("accounts.risk_review_bank_days")
    return clock.end_of(calendar.add_bank_days(clock.today(), days))
