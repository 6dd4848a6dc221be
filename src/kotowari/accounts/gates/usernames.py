"""Another username, in place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kotowari.accounts.gates.oneself import ProvedFacts, recently_proved, signed_in, still_member
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UsernameFacts(ProvedFacts):
    """When the username was last changed, and how many days lie between changes; with 0 it is never changed in place."""

    changed_at: datetime | None = None
    change_days: int


def in_place(facts: UsernameFacts) -> Blocker | None:
    if facts.change_days > 0:
        return None
    return Blocker(
        code="only_by_leaving",
        reason=Text(
            "このサイトでは、ユーザー名は登録したまま変えられません。別のユーザー名にするには、退会して登録し直す必要が"
            "あります。ほかの会員に見える表示名は、いつでも変えられます。",
            "Here a username stays as it is. For another one you would have to leave and sign up again. The display "
            "name, which others see, can be changed at any time.",
        ),
        rule="A095",
        resolved_by="you",
        remedy=Remedy(Text("表示名を変える", "Change the display name"), "/my/settings/"),
    )


def not_too_soon(facts: UsernameFacts) -> Blocker | None:
    if facts.changed_at is None or facts.change_days == 0:
        return None
    possible_at = facts.changed_at + timedelta(days=facts.change_days)
    if facts.now >= possible_at:
        return None
    return Blocker(
        code="too_soon",
        reason=Text(
            "ユーザー名は、前に変えてから{days}日たつと変えられます。",
            "A username can be changed {days} days after the last change.",
        ).format(days=facts.change_days),
        rule="A095",
        resolved_by="time",
        facts={"changed_at": facts.changed_at, "days": facts.change_days},
        clears_at=possible_at,
    )


CHANGE_USERNAME = Action(
    "accounts.username.change",
    title=Text("ユーザー名を変える", "Change the username"),
    no=Text("ユーザー名を変えられません", "The username cannot be changed"),
    rules=(signed_in, still_member, in_place, not_too_soon, recently_proved),
)
