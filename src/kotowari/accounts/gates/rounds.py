"""What is done to many members at once: a new password required, and the rounds that carry such things out."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.accounts.gates.sign_up import only_the_system
from kotowari.accounts.gates.staff_acts import By, by_staff
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """A round that the worker would take further."""

    is_system: bool
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedResetFacts:
    """A new password required of many, and who would decide about it; `is_asker` when they asked for it themselves."""

    by: By
    now: datetime
    lapses_at: datetime
    is_waiting: bool = True
    is_asker: bool = False
    is_system: bool = False


def not_done(facts: RoundFacts) -> Blocker | None:
    if facts.done_at is None:
        return None
    return Blocker(
        code="done",
        reason=Text("すべての会員に行き渡っています。", "Everybody it is about has been reached."),
        rule="A130",
        resolved_by="time",
        facts={"done_at": facts.done_at},
        clears_at=facts.done_at,
    )


def still_waiting(facts: ForcedResetFacts) -> Blocker | None:
    if facts.is_waiting:
        return None
    return Blocker(
        code="decided",
        reason=Text("この依頼は、すでに決まっています。", "This has been decided already."),
        rule="A130",
        resolved_by="operator",
    )


def in_time(facts: ForcedResetFacts) -> Blocker | None:
    if facts.now < facts.lapses_at:
        return None
    return Blocker(
        code="too_late",
        reason=Text(
            "承認の期限が過ぎました。必要であれば、もう一度依頼してください。",
            "The time to approve it has run out; if it is still needed, ask for it anew.",
        ),
        rule="A130",
        resolved_by="operator",
        facts={"lapsed_at": facts.lapses_at},
    )


def by_another(facts: ForcedResetFacts) -> Blocker | None:
    """What touches everybody is never done by one person alone."""
    if not facts.is_asker:
        return None
    return Blocker(
        code="second_person",
        reason=Text(
            "全員にかかわる操作は、依頼した人とは別の担当者が承認します。",
            "What touches everybody is approved by somebody else of staff than who asked for it.",
        ),
        rule="A130",
        resolved_by="operator",
        clears_at=facts.lapses_at,
        status=403,
    )


def lapse_due(facts: ForcedResetFacts) -> Blocker | None:
    if facts.now >= facts.lapses_at:
        return None
    return Blocker(
        code="not_due",
        reason=Text("承認の期限はまだ来ていません。", "The time to approve it has not run out yet."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


RUN_ROUND = Action(
    "accounts.round.run",
    title=Text("次の会員に進む", "Go on to the next members"),
    no=Text("先に進められません", "It cannot go on"),
    subject="accounts.round",
    rules=(only_the_system, not_done),
)
ASK_FORCED_RESET = Action(
    "accounts.forced_reset.ask",
    title=Text("まとめて新しいパスワードを求める", "Require new passwords of many"),
    no=Text("まとめて求められません", "They cannot be required"),
    rules=(by_staff,),
)
APPROVE_FORCED_RESET = Action(
    "accounts.forced_reset.approve",
    title=Text("全員への実行を承認する", "Approve it for everybody"),
    no=Text("承認できません", "It cannot be approved"),
    subject="accounts.forcedreset",
    rules=(by_staff, by_another, still_waiting, in_time),
)
DECLINE_FORCED_RESET = Action(
    "accounts.forced_reset.decline",
    title=Text("取りやめる", "Call it off"),
    no=Text("取りやめられません", "It cannot be called off"),
    subject="accounts.forcedreset",
    rules=(by_staff, still_waiting),
)
LAPSE_FORCED_RESET = Action(
    "accounts.forced_reset.lapse",
    title=Text("承認のないまま終える", "End it unapproved"),
    no=Text("まだ終えられません", "It cannot end yet"),
    subject="accounts.forcedreset",
    rules=(only_the_system, still_waiting, lapse_due),
)
