"""Whether an account is its owner's although its holder is written otherwise: looked at, contested, decided (A153)."""

from dataclasses import dataclass
from datetime import datetime

from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker, Remedy, Rule
from kotowari.kernel.text import Text
from kotowari.payouts.gates.members import TO_CORRECT, day_in_words
from kotowari.payouts.gates.operator import OperatorFacts, for_roles
from kotowari.payouts.transitions import HOLDER_REVIEW

TO_HOLDERS = Remedy(Text("名義の確認の一覧を開く", "Open the holders to look at"), "/console/payouts/holders/")


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderFacts(OperatorFacts):
    """A look at an account's holder, left to the clock at `lapses_at`; `refused_it`: whoever acts said no before."""

    state: str
    now: datetime
    lapses_at: datetime
    refused_it: bool = False


def _in_states(*events: str) -> Rule:
    sources = frozenset(state for event in events for state in HOLDER_REVIEW.sources_of(event))

    def rule(facts: HolderFacts) -> Blocker | None:
        if facts.state in sources:
            return None
        return Blocker(
            code=f"is_{facts.state}",
            reason=Text("この名義の確認はいま「{state}」です。", "This look at the holder is now “{state}”.").format(
                state=HOLDER_REVIEW.states[facts.state]
            ),
            rule="P002",
            resolved_by="operator",
            facts={"state": facts.state},
            remedy=TO_HOLDERS if facts.role == "staff" else TO_CORRECT,
        )

    return rule


def another_person(facts: HolderFacts) -> Blocker | None:
    """Nobody judges whether they were mistaken themselves (A127)."""
    if not facts.refused_it:
        return None
    return Blocker(
        code="refused_it",
        reason=Text(
            "認めなかったのはあなたです。異議は、ほかの担当者が決めます。",
            "You refused it; somebody else of staff decides about what its owner says against that.",
        ),
        rule="A127",
        resolved_by="operator",
        remedy=TO_HOLDERS,
        status=403,
    )


def staff_had_their_time(facts: HolderFacts) -> Blocker | None:
    """The clock decides only what staff did not decide in their time (P020)."""
    if facts.lapses_at <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text(
            "{day}までは、運営のスタッフが決めます。", "Until {day} it is for the operator's staff to decide."
        ).format(day=day_in_words(clock.last_day(facts.lapses_at))),
        rule="P003",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


SEE_HOLDER = Action(
    "payouts.holder.see",
    title=Text("口座の名義を見る", "See the holder of an account"),
    no=Text("この名義は表示できません", "This holder cannot be shown"),
    subject="payouts.holderreview",
    rules=(for_roles("staff"),),
)
APPROVE_HOLDER = Action(
    "payouts.holder.approve",
    title=Text("本人の口座と認める", "Take the account for its owner's"),
    no=Text("いまは認められません", "It cannot be decided now"),
    subject="payouts.holderreview",
    rules=(for_roles("staff"), _in_states("approve"), another_person),
)
REFUSE_HOLDER = Action(
    "payouts.holder.refuse",
    title=Text("名義を認めない", "Refuse the holder"),
    no=Text("いまは決められません", "It cannot be decided now"),
    subject="payouts.holderreview",
    rules=(for_roles("staff"), _in_states("refuse", "uphold"), another_person),
)
CONTEST_HOLDER = Action(
    "payouts.holder.contest",
    title=Text("異議を申し立てる", "Contest the decision"),
    no=Text("いまは異議を申し立てられません", "It cannot be contested now"),
    subject="payouts.holderreview",
    rules=(for_roles("owner"), _in_states("contest")),
)
LAPSE_HOLDER = Action(
    "payouts.holder.lapse",
    title=Text("名義の確認を期限により終える", "End the look at a holder by its deadline"),
    no=Text("期限では終わりません", "It does not end by a deadline"),
    subject="payouts.holderreview",
    rules=(for_roles("system"), _in_states("let_pass", "lapse"), staff_had_their_time),
)
COMPARE_HOLDER = Action(
    "payouts.holder.compare",
    title=Text("口座の名義を照らし合わせる", "Compare the holder again"),
    no=Text("照らし合わせは自動で行われます", "It is compared by itself"),
    rules=(for_roles("system"),),
)
