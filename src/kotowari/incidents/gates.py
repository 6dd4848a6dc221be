"""What staff do about faults of ours and changes of signing in, and what the clock does. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kotowari.accounts.gates import By
from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.accounts.gates.staff_acts import by_staff
from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """Who would begin something."""

    by: By


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """An incident, and who would write on, end or publish it."""

    by: By
    state: str = "open"
    is_public: bool = True
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedFacts:
    """An incident's affected members: `named` of them, `untold` not told yet; everybody counts as one of both."""

    by: By
    named: int
    untold: int
    is_everybody: bool = False
    is_under_way: bool = False
    reset_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """An incident under its clocks."""

    is_system: bool
    state: str
    now: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """An announced change of signing in, and who would take it back."""

    by: By
    state: str = "announced"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeClockFacts:
    """An announced change under its clock: `due_on` is when its users are reminded, or when it is complete."""

    is_system: bool
    state: str
    today: date
    due_on: date
    reminded_at: datetime | None = None


class HasState(Protocol):
    """Facts that tell the state of an incident."""

    @property
    def state(self) -> str: ...


def not_over(facts: IncidentFacts) -> Blocker | None:
    if facts.state in ("open", "watching"):
        return None
    return Blocker(
        code="over",
        reason=Text(
            "この記録は、すでに終わっています。また起きたときは、新しい記録を始めてください。",
            "This one is over. If it happens again, begin a new record.",
        ),
        rule="A132",
        resolved_by="operator",
        facts={"ended_at": facts.ended_at},
    )


def going_on(facts: HasState) -> Blocker | None:
    if facts.state == "open":
        return None
    return Blocker(
        code="recovered",
        reason=Text("すでに復旧しています。", "It has recovered already."),
        rule="A039",
        resolved_by="operator",
    )


def watched(facts: HasState) -> Blocker | None:
    if facts.state == "watching":
        return None
    return Blocker(
        code="not_watched",
        reason=Text(
            "解決済みにできるのは、復旧して経過をみている間だけです。",
            "It can only be closed once it has recovered and while it is being watched.",
        ),
        rule="A039",
        resolved_by="operator",
    )


def not_public_yet(facts: IncidentFacts) -> Blocker | None:
    if not facts.is_public:
        return None
    return Blocker(
        code="public_already",
        reason=Text("すでに公開しています。", "It is public already."),
        rule="A039",
        resolved_by="operator",
    )


def not_everybody_yet(facts: AffectedFacts) -> Blocker | None:
    if not facts.is_everybody:
        return None
    return Blocker(
        code="everybody_already",
        reason=Text("すでに全員が対象です。", "Everybody is named already."),
        rule="A132",
        resolved_by="operator",
    )


def somebody_named(facts: AffectedFacts) -> Blocker | None:
    if facts.named:
        return None
    return Blocker(
        code="nobody_named",
        reason=Text("先に、影響を受けた会員を選んでください。", "Name the affected members first."),
        rule="A132",
        resolved_by="operator",
    )


def somebody_untold(facts: AffectedFacts) -> Blocker | None:
    if facts.untold or not facts.named:
        return None
    return Blocker(
        code="all_told",
        reason=Text("選ばれた会員には、すでに知らせています。", "Everybody who is named has been told."),
        rule="A132",
        resolved_by="operator",
    )


def not_under_way(facts: AffectedFacts) -> Blocker | None:
    if not facts.is_under_way:
        return None
    return Blocker(
        code="being_told",
        reason=Text(
            "いま知らせているところです。終わってから、あとで選んだ会員に知らせられます。",
            "They are being told right now; whoever was named since can be told when that is done.",
        ),
        rule="A132",
        resolved_by="operator",
    )


def not_reset_yet(facts: AffectedFacts) -> Blocker | None:
    if facts.reset_at is None:
        return None
    return Blocker(
        code="reset_already",
        reason=Text(
            "新しいパスワードは、すでに求めています。あとから選んだ会員には「まとめて再設定」を使ってください。",
            "New passwords have been required already. For members named since, use “Passwords of many”.",
        ),
        rule="A130",
        resolved_by="operator",
        facts={"since": facts.reset_at},
    )


def due(facts: ClockFacts) -> Blocker | None:
    if facts.now >= facts.due_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("その時刻はまだ来ていません。", "Its time has not come yet."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.due_at,
    )


def not_complete(facts: ChangeFacts | ChangeClockFacts) -> Blocker | None:
    if facts.state == "announced":
        return None
    return Blocker(
        code="settled",
        reason=Text("この変更は、すでに済んだか、取りやめられています。", "This change is complete, or was withdrawn."),
        rule="A117",
        resolved_by="operator",
    )


def day_come(facts: ChangeClockFacts) -> Blocker | None:
    if facts.today >= facts.due_on:
        return None
    return Blocker(
        code="not_due",
        reason=Text("その日はまだ来ていません。", "Its day has not come yet."),
        rule="P003",
        resolved_by="time",
        clears_at=clock.start_of(facts.due_on),
    )


def not_reminded(facts: ChangeClockFacts) -> Blocker | None:
    if facts.reminded_at is None:
        return None
    return Blocker(
        code="reminded_already",
        reason=Text("すでに、もう一度お知らせしています。", "They have been reminded already."),
        rule="A117",
        resolved_by="operator",
        facts={"reminded_at": facts.reminded_at},
    )


SEE_STATUS = Action(
    "incidents.status.see",
    title=Text("稼働状況を見る", "See the status"),
    no=Text("稼働状況を見られません", "The status cannot be seen"),
)
SEE_CHANGES = Action(
    "incidents.login_changes.see",
    title=Text("変更のお知らせを見る", "See announced changes"),
    no=Text("変更のお知らせを見られません", "Announced changes cannot be seen"),
)
OPEN = Action(
    "incidents.incident.open",
    title=Text("障害・事故の記録を始める", "Begin the record of an incident"),
    no=Text("記録を始められません", "No record can be begun"),
    rules=(by_staff,),
)
UPDATE = Action(
    "incidents.incident.update",
    title=Text("続報を出す", "Write on"),
    no=Text("続報を出せません", "Nothing can be added"),
    subject="incidents.incident",
    rules=(by_staff, not_over),
)
RECOVER = Action(
    "incidents.incident.recover",
    title=Text("復旧したと知らせる", "Say that it is over"),
    no=Text("復旧にできません", "It cannot be called over"),
    subject="incidents.incident",
    rules=(by_staff, going_on),
)
CLOSE = Action(
    "incidents.incident.close",
    title=Text("解決済みにする", "Close it"),
    no=Text("解決済みにできません", "It cannot be closed"),
    subject="incidents.incident",
    rules=(by_staff, watched),
)
PUBLISH = Action(
    "incidents.incident.publish",
    title=Text("公開する", "Make it public"),
    no=Text("公開できません", "It cannot be made public"),
    subject="incidents.incident",
    rules=(by_staff, not_public_yet),
)
NAME_AFFECTED = Action(
    "incidents.affected.name",
    title=Text("影響を受けた会員を選ぶ", "Name the affected members"),
    no=Text("会員を選べません", "Nobody can be named"),
    subject="incidents.incident",
    rules=(by_staff, not_everybody_yet),
)
TELL_AFFECTED = Action(
    "incidents.affected.tell",
    title=Text("影響を受けた会員に知らせる", "Tell the affected members"),
    no=Text("知らせられません", "They cannot be told"),
    subject="incidents.incident",
    rules=(by_staff, somebody_named, somebody_untold, not_under_way),
)
RESET_AFFECTED = Action(
    "incidents.affected.reset",
    title=Text("影響を受けた会員に新しいパスワードを求める", "Require new passwords of the affected"),
    no=Text("新しいパスワードを求められません", "New passwords cannot be required"),
    subject="incidents.incident",
    rules=(by_staff, somebody_named, not_reset_yet),
)
REMIND_STAFF = Action(
    "incidents.incident.remind",
    title=Text("続報を催促する", "Ask for further word"),
    no=Text("まだ催促しません", "It is not asked for yet"),
    subject="incidents.incident",
    rules=(only_the_system, going_on, due),
)
LAPSE = Action(
    "incidents.incident.lapse",
    title=Text("続報のないまま終える", "End it without further word"),
    no=Text("まだ終えられません", "It cannot end yet"),
    subject="incidents.incident",
    rules=(only_the_system, going_on, due),
)
CLOSE_BY_TIME = Action(
    "incidents.incident.close_by_time",
    title=Text("経過を見終えて解決済みにする", "Close it after watching it"),
    no=Text("まだ解決済みになりません", "It does not close yet"),
    subject="incidents.incident",
    rules=(only_the_system, watched, due),
)
ANNOUNCE_CHANGE = Action(
    "incidents.login_change.announce",
    title=Text("ログイン方法の変更を知らせる", "Announce a change of signing in"),
    no=Text("変更を知らせられません", "No change can be announced"),
    rules=(by_staff,),
)
WITHDRAW_CHANGE = Action(
    "incidents.login_change.withdraw",
    title=Text("知らせた変更を取りやめる", "Withdraw the change"),
    no=Text("取りやめられません", "It cannot be withdrawn"),
    subject="incidents.loginchange",
    rules=(by_staff, not_complete),
)
REMIND_OF_CHANGE = Action(
    "incidents.login_change.remind",
    title=Text("変更の前にもう一度知らせる", "Remind of the change"),
    no=Text("まだ知らせません", "It is not time to remind"),
    subject="incidents.loginchange",
    rules=(only_the_system, not_complete, not_reminded, day_come),
)
COMPLETE_CHANGE = Action(
    "incidents.login_change.complete",
    title=Text("変更を済みにする", "Complete the change"),
    no=Text("まだ済みになりません", "It is not complete yet"),
    subject="incidents.loginchange",
    rules=(only_the_system, not_complete, day_come),
)
