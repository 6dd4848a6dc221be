"""A new password, and the computing that every password costs."""

from dataclasses import dataclass
from datetime import date, datetime

from kotowari.accounts.gates.oneself import ProvedFacts, recently_proved, signed_in, still_member
from kotowari.accounts.gates.remedies import TO_RESET
from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """A member's password and the operator's wish to remind of it; `months` is 0 where nobody is reminded.

    `due_on` is when the password, or the last reminder of it, is so many months old.
    """

    is_system: bool
    months: int
    has_password: bool
    today: date
    due_on: date
    left_at: datetime | None = None


def reminders_wanted(facts: ReminderFacts) -> Blocker | None:
    if facts.months:
        return None
    return Blocker(
        code="switched_off",
        reason=Text(
            "このサイトでは、パスワードの定期的な変更をおすすめしていません。",
            "This market does not remind anybody to change passwords.",
        ),
        rule="A026",
        resolved_by="operator",
    )


def has_password(facts: ReminderFacts) -> Blocker | None:
    if facts.has_password:
        return None
    return Blocker(
        code="no_password",
        reason=Text("このアカウントには、いま使えるパスワードがありません。", "This account has no password in use."),
        rule="A026",
        resolved_by="you",
        remedy=TO_RESET,
    )


def reminder_due(facts: ReminderFacts) -> Blocker | None:
    if facts.today >= facts.due_on:
        return None
    return Blocker(
        code="not_due",
        reason=Text(
            "パスワードの設定または前回のお知らせから、{months}か月たっていません。",
            "It is not {months} months since the password was set or since the last reminder.",
        ).format(months=facts.months),
        rule="A026",
        resolved_by="time",
        facts={"due_on": facts.due_on},
        clears_at=clock.start_of(facts.due_on),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasswordFacts(ProvedFacts):
    """Who gives the own account another password; `current_right` tells that the present one was shown with it."""

    current_right: bool = False


def shown_or_proved(facts: NewPasswordFacts) -> Blocker | None:
    """The present password is a proof of its own."""
    return None if facts.current_right else recently_proved(facts)


ASK_RESET = Action(
    "accounts.password.ask_reset",
    title=Text("再設定のメールを送る", "Send the mail for a new password"),
    no=Text("再設定のメールを送れません", "The mail cannot be sent"),
)
SET_PASSWORD = Action(
    "accounts.password.set",
    title=Text("新しいパスワードにする", "Set the new password"),
    no=Text("パスワードを変えられません", "The password cannot be changed"),
    rules=(still_member,),
)
REMIND_OF_PASSWORD = Action(
    "accounts.password.remind",
    title=Text("パスワードの変更をすすめる", "Remind of changing the password"),
    no=Text("変更をすすめるお知らせは出せません", "No reminder can be left"),
    subject="accounts.member",
    rules=(only_the_system, still_member, reminders_wanted, has_password, reminder_due),
)
CHECK_PASSWORD = Action(
    "accounts.password.check",
    title=Text("パスワードを確かめる", "Check a password"),
    no=Text("いまはパスワードを確かめられません", "Passwords cannot be checked right now"),
)
"""Part of every action that takes a password; refused only when too many are being checked at once."""


def busy(again_at: datetime) -> Blocker:
    """Too many passwords at once: ours, not theirs, and no try was counted (A014)."""
    return Blocker(
        code="busy",
        reason=Text(
            "ただいま混み合っていて、パスワードを確かめられませんでした。こちらの都合によるもので、パスワードの間違いではなく、"
            "ログインの失敗にも数えません。少し待ってから、もう一度お試しください。",
            "Too many passwords are being checked at this moment, so yours was not. This is on our side: nothing is "
            "wrong with it, and it does not count as a failed sign-in. Please try again in a little while.",
        ),
        rule="A014",
        resolved_by="operator",
        clears_at=again_at,
        status=503,
    )


CHANGE_PASSWORD = Action(
    "accounts.password.change",
    title=Text("ログイン情報を更新する", "Update login information"),
    no=Text("パスワードを変えられません", "The password cannot be changed"),
    rules=(signed_in, still_member, shown_or_proved),
)
