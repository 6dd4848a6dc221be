"""Matters for the staff's risk queue: brought there by the market, looked at by staff, ended by the clock."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.accounts.gates.staff_acts import By, by_staff, not_oneself
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """A matter, and who would close it; `is_self` when it is about their own account."""

    by: By
    is_open: bool
    is_self: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskClockFacts:
    """A matter under its clocks; `told_at` is when all of staff were told that it is due."""

    is_system: bool
    is_open: bool
    now: datetime
    due_at: datetime
    lapses_at: datetime
    told_at: datetime | None = None
    closed_at: datetime | None = None


def still_open(facts: RiskFacts | RiskClockFacts) -> Blocker | None:
    if facts.is_open:
        return None
    return Blocker(
        code="not_open",
        reason=Text("この件は、すでに終わっています。", "This matter is over already."),
        rule="A019",
        resolved_by="operator",
        facts={"closed_at": facts.closed_at},
    )


def due(facts: RiskClockFacts) -> Blocker | None:
    return None if facts.now >= facts.due_at else _not_yet(facts.due_at)


def lapsed(facts: RiskClockFacts) -> Blocker | None:
    return None if facts.now >= facts.lapses_at else _not_yet(facts.lapses_at)


def not_told_yet(facts: RiskClockFacts) -> Blocker | None:
    if facts.told_at is None:
        return None
    return Blocker(
        code="told_already",
        reason=Text("期限が来たことは、すでに全員に知らせています。", "All of staff know already that it is due."),
        rule="A019",
        resolved_by="operator",
        facts={"told_at": facts.told_at},
    )


def _not_yet(moment: datetime) -> Blocker:
    return Blocker(
        code="not_due",
        reason=Text("期限はまだ来ていません。", "Its time has not come yet."),
        rule="P003",
        resolved_by="time",
        clears_at=moment,
    )


RAISE_RISK = Action(
    "accounts.risk.raise",
    title=Text("運営の確認に回す", "Bring it before staff"),
    no=Text("運営の確認に回せません", "It cannot be brought before staff"),
    rules=(only_the_system,),
)
CLOSE_RISK = Action(
    "accounts.risk.close",
    title=Text("確認済みにする", "Close the matter"),
    no=Text("確認済みにできません", "The matter cannot be closed"),
    subject="accounts.riskcase",
    rules=(by_staff, not_oneself, still_open),
)
ESCALATE_RISK = Action(
    "accounts.risk.escalate",
    title=Text("期限が来たことを全員に知らせる", "Tell all of staff that it is due"),
    no=Text("知らせられません", "They cannot be told"),
    subject="accounts.riskcase",
    rules=(only_the_system, still_open, due, not_told_yet),
)
LAPSE_RISK = Action(
    "accounts.risk.lapse",
    title=Text("確認されないまま終える", "End it unlooked at"),
    no=Text("まだ終えられません", "It cannot end yet"),
    subject="accounts.riskcase",
    rules=(only_the_system, still_open, lapsed),
)
