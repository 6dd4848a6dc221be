"""Closing a month: the facts its gate asks for, and the command."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Q

from kotowari.console import entries
from kotowari.console.period_gates import CLOSE_PERIOD, PeriodFacts
from kotowari.console.selectors import staff_facts
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import facts_for, require
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.ledger import services as ledger_services
from kotowari.ledger.errors import PeriodClosed
from kotowari.ledger.selectors import Month
from kotowari.payments.models import Cancellation, Deposit
from kotowari.payments.selectors import newest_balance
from kotowari.payouts.models import BankEntry
from kotowari.payouts.selectors import differences_open


@facts_for(CLOSE_PERIOD)
def period_facts(actor: Any, months: Sequence[Month]) -> list[PeriodFacts]:
    """How the books stand before months are closed: seven queries for all of them."""
    now, last, told = clock.now(), ledger.last_complete_run(), newest_balance()
    following = ledger.next_month()
    [who] = staff_facts(actor, [None])
    late = Deposit.objects.filter(Q(decide_by__lte=now) | Q(reason__isnull=True), state="in_suspense").count()
    lines = BankEntry.objects.filter(state="open").count() + Cancellation.objects.filter(state="open").count()
    shared = {
        **asdict(who),
        "now": now,
        "closed_through": ledger.closed_through(),
        "next_through": following.through if following else None,
        "checked_at": last.ended_at if last else None,
        "fresh_hours": policy.value("ledger.close_checked_hours"),
        "broken": last.broken if last else 0,
        "bank_through": told.to_on if told else None,
        "differences": differences_open().count(),
        "open_lines": lines,
        "late_suspense": late,
    }
    return [PeriodFacts(**shared, through=month.through, ends_at=clock.end_of(month.through)) for month in months]


@subject("ledger.month")
def month_named(actor: Any, name: str) -> Month:  # noqa: ARG001 - a month is nobody's secret
    """The month of a name like 2026-11; of the one that is open only in part, that part. Raises `NotVisible`."""
    try:
        month = ledger.month_of(date.fromisoformat(f"{name}-01"))
    except (ValueError, OverflowError) as error:
        raise NotVisible("ledger.month", name) from error
    following = ledger.next_month()
    return following if following is not None and following.through == month.through else month


@command(CLOSE_PERIOD)
def close_month(*, actor: Actor, month: str, typed: str) -> None:
    """Close the books through the end of a month, for ever: nothing can be dated on or before it any more.

    `typed` is the month's name once more, as a sign that it is meant. Raises `Refused`, `InputError` under `typed`.
    """
    wanted = month_named(actor, month)
    require(CLOSE_PERIOD, actor, wanted)
    if typed.strip() != wanted.name:
        text = Text("「{name}」と入力してください。", "Type “{name}”.").format(name=wanted.name)
        raise InputError({"typed": [text]})
    try:
        ledger_services.close_period(through=wanted.through, actor=actor)
    except PeriodClosed:
        require(CLOSE_PERIOD, actor, wanted)  # somebody was quicker: the gate says so now
        raise
    audit.record(actor=actor, kind=entries.MONTH_CLOSED, subject=None, month=wanted.name, through=wanted.through)
