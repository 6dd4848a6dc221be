"""Who works for the operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kotowari.accounts.gates.remedies import TO_FACTORS
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """Who wants to make whom a member of staff."""

    may_appoint: bool
    is_staff: bool
    left_at: datetime | None


class Guarded(Protocol):
    """Facts that tell whether somebody of staff lacks the second factor that the operator asks of them."""

    @property
    def lacks_factor(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AsStaffFacts:
    """Who opens a page on which staff see and do more than members."""

    lacks_factor: bool = False


def second_factor_held(facts: Guarded) -> Blocker | None:
    """A password alone does not open other people's money and affairs (ASVS 6.3.3)."""
    if not facts.lacks_factor:
        return None
    return Blocker(
        code="second_factor_needed",
        reason=Text(
            "担当者の操作は、二段階認証を設定してからできます。認証アプリかパスキーをいま設定すると、すぐに開けます。",
            "Staff act only with a second factor. Set up an authenticator app or a passkey now, and this opens at once.",
        ),
        rule="P022",
        resolved_by="you",
        remedy=TO_FACTORS,
        status=403,
    )


def may_appoint(facts: StaffFacts) -> Blocker | None:
    if facts.may_appoint:
        return None
    return Blocker(
        code="staff_only",
        reason=Text(
            "運営の担当者を任命できるのは、担当者とサーバーの管理者だけです。",
            "Only staff, or whoever runs the server, can appoint staff.",
        ),
        rule="A063",
        resolved_by="operator",
        status=403,
    )


def not_staff_yet(facts: StaffFacts) -> Blocker | None:
    if not facts.is_staff:
        return None
    return Blocker(
        code="already_staff",
        reason=Text("この会員は、すでに運営の担当者です。", "This member is staff already."),
        rule="A063",
        resolved_by="you",
        remedy=Remedy(Text("運営の画面を開く", "Open the console"), "/console/"),
    )


def appointee_has_not_left(facts: StaffFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="appointee_has_left",
        reason=Text("退会した人を担当者にすることはできません。", "Somebody who has left cannot be staff."),
        rule="A091",
        resolved_by="counterparty",
        facts={"left_at": facts.left_at},
    )


APPOINT_STAFF = Action(
    "accounts.staff.appoint",
    title=Text("運営の担当者に任命する", "Appoint as staff"),
    no=Text("担当者に任命できません", "Cannot be appointed"),
    subject="accounts.member",
    rules=(may_appoint, not_staff_yet, appointee_has_not_left),
)
ACT_AS_STAFF = Action(
    "accounts.staff.act",
    title=Text("担当者として操作する", "Act as staff"),
    no=Text("担当者としての操作はまだできません", "Nothing can be done as staff yet"),
    rules=(second_factor_held,),
)
"""Asked of everybody on pages beyond one's own account; only staff can lack what it asks for."""
