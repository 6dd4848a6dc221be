"""Who may change the rules, and when. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import date

from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """Who wants to change the rules."""

    is_staff: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawFacts(StaffFacts):
    """A change that was announced, and whether its day has come."""

    key: str
    effective_on: date
    today: date


def is_staff(facts: StaffFacts) -> Blocker | None:
    """Rules are changed by the operator's staff."""
    if facts.is_staff:
        return None
    return Blocker(
        code="not_staff",
        reason=Text("規則を変えられるのは運営のスタッフだけです。", "Only staff of the operator can change the rules."),
        rule="A189",
        resolved_by="operator",
        status=403,
    )


def not_yet_in_force(facts: WithdrawFacts) -> Blocker | None:
    """What counts already is replaced by a new change, never taken back."""
    if facts.effective_on > facts.today:
        return None
    return Blocker(
        code="in_force",
        reason=Text(
            "「{key}」は{effective_on}から有効です。有効になった値は取り消せません。新しい値を、日付を決めて知らせてください。",
            "{key} has been in force since {effective_on} and cannot be taken back; announce a new value with its date.",
        ).format(key=facts.key, effective_on=facts.effective_on),
        rule="A189",
        resolved_by="operator",
        facts={"key": facts.key, "effective_on": facts.effective_on, "since": clock.start_of(facts.effective_on)},
    )


SET_VALUE = Action(
    "policy.set_value",
    Text("規則の値を変える", "Change a value of the rules"),
    Text("規則の値を変えられません", "The value cannot be changed"),
    rules=(is_staff,),
)
WITHDRAW_CHANGE = Action(
    "policy.withdraw_change",
    Text("予告した変更を取りやめる", "Withdraw an announced change"),
    Text("変更を取りやめられません", "The change cannot be withdrawn"),
    subject="foundation.policyoverride",
    rules=(is_staff, not_yet_in_force),
)
