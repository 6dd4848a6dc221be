"""Closing a month of the books: everything that must be in order first. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kotowari.console.gates import RULES, TO_CHECKS, StaffFacts
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text

TO_PERIODS = Remedy(Text("締めた月を見る", "See the months"), "/console/ledger/periods/")
TO_RECONCILIATION = Remedy(Text("銀行との照合を見る", "See the reconciliation"), "/console/ledger/reconciliation/")
TO_STATEMENTS = Remedy(Text("明細を取り込む", "Import a statement"), "/console/deposits/?show=files")
TO_SUSPENSE = Remedy(Text("仮受金を見る", "See the suspense"), "/console/deposits/?show=in_suspense")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFacts(StaffFacts):
    """A month that is to be closed through its last day, and how the books stand.

    `next_through` is the last day of the month that comes next. `checked_at` and `broken` are of the last complete
    check; `bank_through` is the day up to which the bank told its balance, None when it never did.
    """

    now: datetime
    through: date
    ends_at: datetime
    closed_through: date | None
    next_through: date | None
    checked_at: datetime | None
    fresh_hours: int
    broken: int
    bank_through: date | None
    differences: int
    open_lines: int
    late_suspense: int


def not_closed(facts: PeriodFacts) -> Blocker | None:
    if facts.closed_through is None or facts.closed_through < facts.through:
        return None
    return Blocker(
        code="is_closed",
        reason=Text(
            "{day}までの帳簿は、すでに締められています。", "The books are closed through {day} already."
        ).format(day=facts.closed_through.isoformat()),
        rule="P017",
        resolved_by="time",
        facts={"closed_through": facts.closed_through},
        remedy=TO_PERIODS,
    )


def in_order(facts: PeriodFacts) -> Blocker | None:
    """Months are closed one after the other."""
    is_closed = facts.closed_through is not None and facts.closed_through >= facts.through
    if is_closed or facts.through == facts.next_through:
        return None
    if facts.next_through is None:
        reason = Text("まだ仕訳がないので、締める月がありません。", "There is no journal yet, hence nothing to close.")
    else:
        reason = Text("先に{month}を締めてください。", "Close {month} first.").format(
            month=f"{facts.next_through:%Y-%m}"
        )
    return Blocker(
        code="not_next",
        reason=reason,
        rule="P017",
        resolved_by="operator",
        facts={"next_through": facts.next_through},
        remedy=TO_PERIODS,
    )


def is_over(facts: PeriodFacts) -> Blocker | None:
    if facts.ends_at <= facts.now:
        return None
    return Blocker(
        code="not_over",
        reason=Text("この月はまだ終わっていません。", "This month is not over yet."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.ends_at,
    )


def checked_lately(facts: PeriodFacts) -> Blocker | None:
    """What an old check found says little of the books of now."""
    oldest = facts.now - timedelta(hours=facts.fresh_hours)
    if facts.checked_at is not None and facts.checked_at >= oldest:
        return None
    return Blocker(
        code="not_checked",
        reason=Text(
            "帳簿の検査が、この{hours}時間のあいだに終わっていません。",
            "No check of the books has come to its end within the last {hours} hours.",
        ).format(hours=facts.fresh_hours),
        rule="P016",
        resolved_by="operator",
        facts={"checked_at": facts.checked_at},
        remedy=TO_CHECKS,
    )


def laws_hold(facts: PeriodFacts) -> Blocker | None:
    if not facts.broken:
        return None
    return Blocker(
        code="books_broken",
        reason=Text("帳簿の{n}項目に違反があります。", "{n} laws of the books are broken.").format(n=facts.broken),
        rule="P016",
        resolved_by="operator",
        facts={"broken": facts.broken},
        remedy=TO_CHECKS,
    )


def bank_told(facts: PeriodFacts) -> Blocker | None:
    """Where the bank tells balances, it has to have told that of the month's end."""
    if facts.bank_through is None or facts.bank_through >= facts.through:
        return None
    return Blocker(
        code="bank_behind",
        reason=Text(
            "銀行の明細は{day}までしか取り込まれていません。月末までの明細を取り込んでください。",
            "Statements of the bank were imported through {day} only; import those up to the end of the month.",
        ).format(day=facts.bank_through.isoformat()),
        rule="P017",
        resolved_by="operator",
        facts={"bank_through": facts.bank_through},
        remedy=TO_STATEMENTS,
    )


def agrees_with_bank(facts: PeriodFacts) -> Blocker | None:
    """What nobody has explained may belong into the month."""
    if not facts.differences and not facts.open_lines:
        return None
    return Blocker(
        code="bank_differs",
        reason=Text(
            "銀行との差異が{n}件、照合できない明細が{lines}件、確かめられていません。",
            "{n} difference(s) with the bank and {lines} line(s) of its statements are not explained.",
        ).format(n=facts.differences, lines=facts.open_lines),
        rule="P017",
        resolved_by="operator",
        facts={"differences": facts.differences, "lines": facts.open_lines},
        remedy=TO_RECONCILIATION,
    )


def suspense_in_time(facts: PeriodFacts) -> Blocker | None:
    if not facts.late_suspense:
        return None
    return Blocker(
        code="suspense_late",
        reason=Text(
            "期限を過ぎても行き先の決まらない仮受金が{n}件あります。",
            "{n} deposit(s) lie in suspense beyond their clock.",
        ).format(n=facts.late_suspense),
        rule="P009",
        resolved_by="operator",
        facts={"deposits": facts.late_suspense},
        remedy=TO_SUSPENSE,
    )


CLOSE_PERIOD = Action(
    "console.period.close",
    Text("この月を締める", "Close this month"),
    Text("まだ締められません", "It cannot be closed yet"),
    subject="ledger.month",
    rules=(
        *RULES,
        not_closed,
        in_order,
        is_over,
        checked_lately,
        laws_hold,
        bank_told,
        agrees_with_bank,
        suspense_in_time,
    ),
)
