"""「これは私ではありません」, and looking through one's own account from time to time."""

from dataclasses import dataclass
from datetime import date, datetime

from kotowari.accounts.gates.oneself import signed_in, still_member
from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReminderFacts:
    """A member and the operator's wish to remind of the check; `months` is 0 where nobody is reminded."""

    is_system: bool
    months: int
    today: date
    due_on: date
    left_at: datetime | None = None


def reminders_wanted(facts: CheckReminderFacts) -> Blocker | None:
    if facts.months:
        return None
    return Blocker(
        code="switched_off",
        reason=Text("このサイトでは、点検のお知らせを出していません。", "This market sends no reminders of the check."),
        rule="A133",
        resolved_by="operator",
    )


def reminder_due(facts: CheckReminderFacts) -> Blocker | None:
    if facts.today >= facts.due_on:
        return None
    return Blocker(
        code="not_due",
        reason=Text(
            "前回の点検またはお知らせから、{months}か月たっていません。",
            "It is not {months} months since the last check or the last reminder.",
        ).format(months=facts.months),
        rule="A133",
        resolved_by="time",
        facts={"due_on": facts.due_on},
        clears_at=clock.start_of(facts.due_on),
    )


REPORT_NOT_ME = Action(
    "accounts.not_me.report",
    title=Text("これは私ではありません", "This was not me"),
    no=Text("保護措置をとれません", "The account cannot be protected"),
    rules=(signed_in, still_member),
)
COMPLETE_CHECK = Action(
    "accounts.security_check.complete",
    title=Text("点検を終える", "Finish the check"),
    no=Text("点検を終えられません", "The check cannot be finished"),
    rules=(signed_in, still_member),
)
REMIND_OF_CHECK = Action(
    "accounts.security_check.remind",
    title=Text("点検をすすめる", "Remind of the check"),
    no=Text("点検のお知らせは出せません", "No reminder can be sent"),
    subject="accounts.member",
    rules=(only_the_system, still_member, reminders_wanted, reminder_due),
)
