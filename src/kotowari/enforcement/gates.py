"""Contesting a restriction and deciding about it. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates import TO_DIAGNOSIS, By
from kotowari.accounts.gates.staff_acts import by_staff, not_oneself
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFacts:
    """A restriction, and whether whoever would contest it is the member under it. `url` is its page."""

    is_owner: bool
    decided_by: By = "staff"
    now: datetime
    until: datetime
    lifted_at: datetime | None = None
    appealed_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeFacts:
    """Whether whoever opens the page is known to be the member: signed in, or with the key of the mail."""

    is_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideFacts:
    """An appeal, and who would decide about it; `is_maker` when the restriction was theirs."""

    by: By
    is_open: bool
    is_self: bool = False
    is_maker: bool = False
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """An appeal under its clocks; `told_at` is when all of staff were told that it is due."""

    is_system: bool
    is_open: bool
    now: datetime
    due_at: datetime
    lapses_at: datetime
    told_at: datetime | None = None
    decided_at: datetime | None = None


def known_owner(facts: SeeFacts | AppealFacts) -> Blocker | None:
    """The same words whether there is such a restriction or not (P012)."""
    if facts.is_owner:
        return None
    return Blocker(
        code="not_known",
        reason=Text(
            "この画面は、届いたメールのリンクの全体から開くか、本人としてログインして開いてください。",
            "Please open this page by the whole link in the mail, or signed in as the member it concerns.",
        ),
        rule="A126",
        resolved_by="you",
        remedy=TO_DIAGNOSIS,
        status=404,
    )


def of_staff(facts: AppealFacts) -> Blocker | None:
    """What the owner asked for, and cautions by rule, are no judgement that could be mistaken about somebody."""
    if facts.decided_by == "staff":
        return None
    return Blocker(
        code="no_decision_of_staff",
        reason=Text(
            "この制限は担当者の判断ではなく、期限が来ると自動で終わります。お困りのことは、お問い合わせからお知らせください。",
            "Nobody of staff decided this restriction, and it ends by itself. If it troubles you, please contact us.",
        ),
        rule="A127",
        resolved_by="time",
        remedy=Remedy(Text("お問い合わせ", "Contact us"), "/contact/"),
        clears_at=facts.until,
    )


def in_force(facts: AppealFacts) -> Blocker | None:
    if facts.lifted_at is None and facts.now < facts.until:
        return None
    return Blocker(
        code="over",
        reason=Text(
            "この制限は、すでに終わっています。いまはふだんどおりお使いいただけます。",
            "This restriction is over already; everything is possible again.",
        ),
        rule="A129",
        resolved_by="time",
        facts={"ended_at": facts.lifted_at or facts.until},
        clears_at=facts.until,
    )


def not_appealed(facts: AppealFacts) -> Blocker | None:
    if facts.appealed_at is None:
        return None
    return Blocker(
        code="appealed",
        reason=Text(
            "異議申立ては、すでに受け付けています。経過と結果は、このページでお知らせします。",
            "Your appeal is with us already. How it goes is told on its page.",
        ),
        rule="A127",
        resolved_by="operator",
        facts={"appealed_at": facts.appealed_at},
        remedy=Remedy(Text("経過を見る", "See how it goes"), facts.url),
    )


def another_person(facts: DecideFacts) -> Blocker | None:
    """Nobody judges whether they were mistaken themselves."""
    if not facts.is_maker:
        return None
    return Blocker(
        code="made_it",
        reason=Text(
            "この制限を決めたのはあなたです。異議申立ては、ほかの担当者が決めます。",
            "You made this restriction; somebody else of staff decides about the appeal.",
        ),
        rule="A127",
        resolved_by="operator",
        status=403,
    )


def still_open(facts: DecideFacts | ClockFacts) -> Blocker | None:
    if facts.is_open:
        return None
    return Blocker(
        code="decided",
        reason=Text("この異議申立ては、すでに終わっています。", "This appeal is over already."),
        rule="A127",
        resolved_by="operator",
        facts={"decided_at": facts.decided_at},
    )


def by_the_clock(facts: ClockFacts) -> Blocker | None:
    if facts.is_system:
        return None
    return Blocker(
        code="system_only",
        reason=Text("この操作は、マーケット自身だけが行います。", "Only the market itself does this."),
        rule="P003",
        resolved_by="operator",
        status=403,
    )


def due(facts: ClockFacts) -> Blocker | None:
    return None if facts.now >= facts.due_at else _not_yet(facts.due_at)


def lapsed(facts: ClockFacts) -> Blocker | None:
    return None if facts.now >= facts.lapses_at else _not_yet(facts.lapses_at)


def not_told_yet(facts: ClockFacts) -> Blocker | None:
    if facts.told_at is None:
        return None
    return Blocker(
        code="told_already",
        reason=Text("期限が来たことは、すでに全員に知らせています。", "All of staff know already that it is due."),
        rule="A127",
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


SEE_APPEAL = Action(
    "enforcement.appeal.see",
    title=Text("制限の理由と異議申立てを見る", "See a restriction and its appeal"),
    no=Text("この画面は開けません", "This page cannot be opened"),
    subject="accounts.restriction",
    rules=(known_owner,),
)
MAKE_APPEAL = Action(
    "enforcement.appeal.make",
    title=Text("異議を申し立てる", "Contest this decision"),
    no=Text("異議を申し立てられません", "This cannot be contested"),
    subject="accounts.restriction",
    rules=(known_owner, of_staff, in_force, not_appealed),
)
UPHOLD_APPEAL = Action(
    "enforcement.appeal.uphold",
    title=Text("決定のままとする", "Let the decision stand"),
    no=Text("この異議申立ては決められません", "You cannot decide about this appeal"),
    subject="enforcement.appeal",
    rules=(by_staff, not_oneself, another_person, still_open),
)
GRANT_APPEAL = Action(
    "enforcement.appeal.grant",
    title=Text("異議を認め、制限を解除する", "Grant it and lift the restriction"),
    no=Text("この異議申立ては決められません", "You cannot decide about this appeal"),
    subject="enforcement.appeal",
    rules=(by_staff, not_oneself, another_person, still_open),
)
ESCALATE_APPEAL = Action(
    "enforcement.appeal.escalate",
    title=Text("期限が来たことを全員に知らせる", "Tell all of staff that it is due"),
    no=Text("知らせられません", "They cannot be told"),
    subject="enforcement.appeal",
    rules=(by_the_clock, still_open, due, not_told_yet),
)
LAPSE_APPEAL = Action(
    "enforcement.appeal.lapse",
    title=Text("決まらないまま終える", "End it undecided"),
    no=Text("まだ終えられません", "It cannot end yet"),
    subject="enforcement.appeal",
    rules=(by_the_clock, still_open, lapsed),
)
