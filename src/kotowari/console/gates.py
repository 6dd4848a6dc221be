"""What only the operator's staff does here beyond the acts of the rooms: looking. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates import second_factor_held
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text

TO_LOGIN = Remedy(Text("ログインする", "Sign in"), "/login/?next=/console/")
TO_CHECKS = Remedy(Text("帳簿の検査を見る", "See the checks of the books"), "/console/ledger/checks/")
TO_MY_PAGE = Remedy(Text("マイページへ戻る", "Go to my page"), "/my/")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """Who wants to look."""

    signed_in: bool
    is_staff: bool
    left_at: datetime | None = None
    lacks_factor: bool = False


def signed_in(facts: StaffFacts) -> Blocker | None:
    if facts.signed_in:
        return None
    return Blocker(
        code="sign_in_needed",
        reason=Text("運営の画面は、ログインした担当者だけが開けます。", "The console is for staff who are signed in."),
        rule="A037",
        resolved_by="you",
        remedy=TO_LOGIN,
        status=401,
    )


def is_staff(facts: StaffFacts) -> Blocker | None:
    """Only staff sees other people's affairs, and only here (A063, P012)."""
    if facts.is_staff or not facts.signed_in:
        return None
    return Blocker(
        code="not_staff",
        reason=Text(
            "ここは運営の担当者の画面です。担当者は、ほかの担当者が任命します。",
            "This is for the operator's staff, who are appointed by other staff.",
        ),
        rule="P008",
        resolved_by="operator",
        remedy=TO_MY_PAGE,
        status=403,
    )


def still_here(facts: StaffFacts) -> Blocker | None:
    if facts.left_at is None:
        return None
    return Blocker(
        code="has_left",
        reason=Text("退会した担当者は開けません。", "Staff who have left cannot open it."),
        rule="A091",
        resolved_by="operator",
        facts={"left_at": facts.left_at},
        remedy=TO_MY_PAGE,
        status=403,
    )


RULES = (signed_in, is_staff, still_here, second_factor_held)

OPEN = Action(
    "console.open",
    Text("運営の画面を開く", "Open the console"),
    Text("運営の画面は開けません", "The console cannot be opened"),
    rules=RULES,
)
SEE_MEMBER = Action(
    "console.member.see",
    Text("会員の状況を見る", "See a member's affairs"),
    Text("会員の状況は見られません", "A member's affairs cannot be seen"),
    subject="accounts.member",
    rules=RULES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFacts(StaffFacts):
    """Who looks into an alarm, and how it stands."""

    state: str
    by: str = ""
    at: datetime | None = None


def not_mended(facts: AlarmFacts) -> Blocker | None:
    """What is mended needs nobody any more."""
    if facts.state != "mended":
        return None
    return Blocker(
        code="is_mended",
        reason=Text("この警報はもう解消しています。", "This alarm is over: the law holds again."),
        rule="P016",
        resolved_by="time",
        remedy=TO_CHECKS,
    )


def nobody_looks_yet(facts: AlarmFacts) -> Blocker | None:
    """One of staff looks into it; who else wants to speaks to them."""
    if facts.state != "acknowledged":
        return None
    return Blocker(
        code="somebody_looks",
        reason=Text("{by}がすでに確認し、対応しています。", "{by} looks into it already.").format(by=facts.by),
        rule="P016",
        resolved_by="operator",
        facts={"acknowledged_at": facts.at},
        remedy=TO_CHECKS,
    )


CHECK_BOOKS = Action(
    "console.books.check",
    Text("帳簿を検査する", "Check the books"),
    Text("帳簿を検査できません", "The books cannot be checked"),
    rules=RULES,
)
ACKNOWLEDGE_ALARM = Action(
    "console.alarm.acknowledge",
    Text("対応を引き受ける", "Look into it"),
    Text("引き受けられません", "It cannot be taken on"),
    subject="ledger.checkalarm",
    rules=(*RULES, not_mended, nobody_looks_yet),
)
