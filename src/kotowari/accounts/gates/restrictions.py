"""Restricting a member and lifting it again: by staff, by the owner who asks for protection, by rules of the market."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.remedies import TO_RESET, TO_SECURITY_CHECK
from kotowari.accounts.gates.staff_acts import By, by_staff, here, not_oneself
from kotowari.accounts.restrictions import InForce
from kotowari.kernel.gates import Action, Appeal, Blocker, ResolvedBy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictFacts:
    """Who would restrict whom (`by`: as owner, as staff, as the market itself), and for which cause.

    `decided_by` is who alone may decide the cause; `already` whether the member is under it now.
    """

    by: By
    decided_by: By
    is_self: bool = False
    already: bool = False
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverturnFacts:
    """A restriction, and who would call it a mistake."""

    by: By
    is_self: bool = False
    overturned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftFacts:
    """A restriction, and who would lift it. `password_set_since` tells whether its owner has a new password."""

    by: By
    decided_by: By
    now: datetime
    until: datetime
    lifted_at: datetime | None = None
    is_self: bool = False
    password_set_since: bool = True


def theirs_to_decide(facts: RestrictFacts) -> Blocker | None:
    if facts.by == facts.decided_by or facts.by == "rule":
        return None
    return Blocker(
        code="not_yours_to_decide",
        reason=Text("この制限を決められるのは、{who}だけです。", "Only {who} can decide this restriction.").format(
            who=_WHO[facts.decided_by]
        ),
        rule="A123",
        resolved_by="operator",
        status=403,
    )


def not_yet(facts: RestrictFacts) -> Blocker | None:
    if not facts.already:
        return None
    return Blocker(
        code="already",
        reason=Text(
            "この会員は、すでに同じ理由で制限されています。", "This member is restricted for this cause already."
        ),
        rule="A123",
        resolved_by="operator",
    )


def may_lift(facts: LiftFacts) -> Blocker | None:
    """Staff may lift what anybody decided, the owner what the owner asked for; a rule's caution ends by the clock."""
    if facts.by in ("staff", "rule") or (facts.by == "owner" and facts.decided_by == "owner"):
        return None
    return Blocker(
        code="not_yours_to_lift",
        reason=Text(
            "この制限は、期限が来るか、運営が解除すると終わります。",
            "This restriction ends by itself, or when the operator lifts it.",
        ),
        rule="A127",
        resolved_by="operator",
        clears_at=facts.until,
        status=403,
    )


def in_force(facts: LiftFacts) -> Blocker | None:
    if facts.lifted_at is None and facts.now < facts.until:
        return None
    return Blocker(
        code="over",
        reason=Text("この制限は、すでに終わっています。", "This restriction is over already."),
        rule="A129",
        resolved_by="time",
        facts={"ended_at": facts.lifted_at or facts.until},
        clears_at=facts.until,
    )


def password_new(facts: LiftFacts) -> Blocker | None:
    """Whoever asked for protection ends it only when the password that may be known to others is gone (A121)."""
    if facts.password_set_since or facts.by != "owner":
        return None
    return Blocker(
        code="password_first",
        reason=Text(
            "先に新しいパスワードを設定してください。そのあとで保護措置を解除できます。",
            "Set a new password first; then the hold can be lifted.",
        ),
        rule="A121",
        resolved_by="you",
        remedy=TO_RESET,
    )


def held_blocker(held: InForce | None) -> Blocker | None:
    """What stops something for a while says: why, with which facts, until when, and how it ends before that (A120).

    For the rooms above, whose gates ask whether a restriction of their scope is in force.
    """
    if held is None:
        return None
    cause = held.words
    return Blocker(
        code="held",
        reason=cause.reason,
        rule=cause.rule,
        resolved_by=_ENDED_BY[cause.decided_by],
        facts={"cause": held.cause, "since": held.since, "until": held.until, "explanation": held.explanation},
        remedy=TO_SECURITY_CHECK,
        clears_at=held.until,
        decided_by="staff" if cause.decided_by == "staff" else "rule",
        appeal=Appeal(url=f"/appeals/{held.id}/", until=held.until) if cause.decided_by == "staff" else None,
    )


_ENDED_BY: dict[str, ResolvedBy] = {"owner": "you", "rule": "time", "staff": "operator"}
_WHO: dict[By, Text] = {
    "owner": Text("本人", "the member"),
    "staff": Text("運営の担当者", "the operator's staff"),
    "rule": Text("マーケット自身", "the market itself"),
    "nobody": Text("だれも", "nobody"),
}


def not_overturned_yet(facts: OverturnFacts) -> Blocker | None:
    if not facts.overturned:
        return None
    return Blocker(
        code="overturned",
        reason=Text("この制限は、すでに誤りとして取り消されています。", "It was withdrawn as a mistake already."),
        rule="A129",
        resolved_by="operator",
    )


RESTRICT = Action(
    "accounts.restriction.make",
    title=Text("制限する", "Restrict"),
    no=Text("制限できません", "The restriction cannot be made"),
    subject="accounts.member",
    rules=(theirs_to_decide, not_oneself, not_yet, here),
)
LIFT = Action(
    "accounts.restriction.lift",
    title=Text("制限を解除する", "Lift the restriction"),
    no=Text("制限を解除できません", "The restriction cannot be lifted"),
    subject="accounts.restriction",
    rules=(may_lift, not_oneself, in_force, password_new),
)
OVERTURN = Action(
    "accounts.restriction.overturn",
    title=Text("誤った制限として取り消す", "Withdraw it as a mistake"),
    no=Text("取り消せません", "It cannot be withdrawn"),
    subject="accounts.restriction",
    rules=(by_staff, not_oneself, not_overturned_yet),
)
