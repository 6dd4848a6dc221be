"""What staff do to somebody else's account, and the rules that all of it shares."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text

By = Literal["owner", "staff", "rule", "nobody"]
"""As whom somebody acts on an account: its owner, the operator's staff, the market itself, or nobody to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffActFacts:
    """Who would act on whose account, and what of it is still there to be acted on."""

    by: By
    is_self: bool = False
    left_at: datetime | None = None
    sessions: int = 1
    password_void_since: datetime | None = None


class ActsOn(Protocol):
    """Facts that tell as whom somebody acts, and whether on themselves."""

    @property
    def by(self) -> By: ...
    @property
    def is_self(self) -> bool: ...


class AboutMember(Protocol):
    """Facts that tell when the member left."""

    @property
    def left_at(self) -> datetime | None: ...


def by_staff(facts: ActsOn) -> Blocker | None:
    if facts.by in ("staff", "rule"):
        return None
    return Blocker(
        code="staff_only",
        reason=Text("この操作は、運営の担当者だけが行います。", "Only the operator's staff do this."),
        rule="A063",
        resolved_by="operator",
        status=403,
    )


def not_oneself(facts: ActsOn) -> Blocker | None:
    """Staff act on others, never on themselves."""
    if facts.by != "staff" or not facts.is_self:
        return None
    return Blocker(
        code="oneself",
        reason=Text(
            "自分自身のアカウントのことは、ほかの担当者が行います。",
            "Somebody else of staff acts on your own account.",
        ),
        rule="A127",
        resolved_by="operator",
        status=403,
    )


def here(facts: AboutMember) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="member_has_left",
        reason=Text(
            "退会した会員に対しては、この操作はできません。", "This cannot be done to somebody who has left the market."
        ),
        rule="A091",
        resolved_by="counterparty",
        facts={"left_at": facts.left_at},
    )


def not_void_yet(facts: StaffActFacts) -> Blocker | None:
    if facts.password_void_since is None:
        return None
    return Blocker(
        code="void_already",
        reason=Text(
            "いままでのパスワードは、すでに使えなくなっています。本人の再設定を待っています。",
            "The password is void already; the member has to set a new one.",
        ),
        rule="A130",
        resolved_by="counterparty",
        facts={"since": facts.password_void_since},
    )


def signed_in_somewhere(facts: StaffActFacts) -> Blocker | None:
    if facts.sessions:
        return None
    return Blocker(
        code="no_sessions",
        reason=Text("ログイン中の端末はありません。", "The member is not signed in anywhere."),
        rule="A130",
        resolved_by="counterparty",
    )


FORCE_PASSWORD = Action(
    "accounts.password.force",
    title=Text("新しいパスワードを求める", "Require a new password"),
    no=Text("新しいパスワードを求められません", "A new password cannot be required"),
    subject="accounts.member",
    rules=(by_staff, not_oneself, here, not_void_yet),
)
END_SESSIONS = Action(
    "accounts.sessions.end_for_member",
    title=Text("すべての端末からログアウトさせる", "Sign the member out everywhere"),
    no=Text("ログアウトさせられません", "The member cannot be signed out"),
    subject="accounts.member",
    rules=(by_staff, not_oneself, signed_in_somewhere),
)
