"""The staff's risk queue: what should be looked at because an account may be in danger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from kotowari.accounts import entries, gates, mails, risks
from kotowari.accounts.models import RiskCase
from kotowari.accounts.services.staff import tell_staff
from kotowari.accounts.transitions import RISK_CASE
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import calendar, clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text

CONCLUSION_MAX = 2_000


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
        days, factor = policy.value("accounts.risk_review_bank_days"), policy.value("accounts.risk_lapse_factor")
        case = RiskCase.objects.create(
            kind=kind, member_id=member_id, facts=facts, due_at=_after(days), lapses_at=_after(days * factor)
        )
    else:
        case.happened, case.last_at, case.facts = case.happened + 1, clock.now(), facts
        case.save(update_fields=["happened", "last_at", "facts"])
    audit.record(actor=actor, kind=entries.RISK_RAISED, subject=case, name=risks.KINDS[kind])
    return case


@command(gates.CLOSE_RISK)
def close_risk(*, actor: Actor, case_id: UUID, conclusion: str) -> RiskCase:
    """Close a matter with what staff found; nobody outside the console reads it (A019).

    Raises `InputError` without words, `Refused`, `NotVisible`.
    """
    case = lock(RiskCase, case_id)
    require(gates.CLOSE_RISK, actor, case)
    words = conclusion.strip()
    if not words or len(words) > CONCLUSION_MAX:
        raise InputError(
            {
                "conclusion": [
                    Text(
                        "確かめたことを{max}文字以内で書いてください。",
                        "Write down what you found, in at most {max} characters.",
                    ).format(max=f"{CONCLUSION_MAX:,}")
                ]
            }
        )
    case.state = RISK_CASE.require(case.state, "close")
    case.closed_at, case.closed_by_id, case.conclusion = clock.now(), actor.pk, words
    case.save(update_fields=["state", "closed_at", "closed_by", "conclusion"])
    audit.record(actor=actor, kind=entries.RISK_CLOSED, subject=case, name=risks.KINDS[case.kind])
    return case


@command(gates.ESCALATE_RISK)
def escalate_risk(*, actor: Actor, case_id: UUID) -> RiskCase:
    """Tell all of staff that a matter was not looked at in time. Raises `Refused`, `NotVisible`."""
    case = lock(RiskCase, case_id)
    require(gates.ESCALATE_RISK, actor, case)
    case.escalated_at = clock.now()
    case.save(update_fields=["escalated_at"])
    title, body = mails.risk_is_due(risks.KINDS[case.kind], case.lapses_at)
    told = tell_staff(kind="accounts.risk_due", title=title, body=body, url=f"/console/risks/{case.pk}/")
    audit.record(actor=actor, kind=entries.RISK_ESCALATED, subject=case, name=risks.KINDS[case.kind], told=told)
    return case


@command(gates.LAPSE_RISK)
def lapse_risk(*, actor: Actor, case_id: UUID) -> RiskCase:
    """End a matter that nobody looked at, long after its time; the row says so. Raises `Refused`, `NotVisible`."""
    case = lock(RiskCase, case_id)
    require(gates.LAPSE_RISK, actor, case)
    case.state, case.closed_at = RISK_CASE.require(case.state, "lapse"), clock.now()
    case.save(update_fields=["state", "closed_at"])
    audit.record(actor=actor, kind=entries.RISK_LAPSED, subject=case, name=risks.KINDS[case.kind])
    return case


def _after(bank_days: int) -> datetime:
    return clock.end_of(calendar.add_bank_days(clock.today(), bank_days))
