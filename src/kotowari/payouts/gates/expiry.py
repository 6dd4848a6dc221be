"""What becomes of rewards at their time limit, and how they come back."""

from dataclasses import dataclass
from uuid import UUID

from kotowari.kernel.gates import Action, Blocker, Remedy, Rule
from kotowari.kernel.text import Text
from kotowari.payouts.gates.members import RefundFacts, account_registered, account_works, not_held
from kotowari.payouts.gates.operator import OperatorFacts, Role, for_roles
from kotowari.payouts.transitions import EXPIRED

TO_EXPIRED = Remedy(
    Text("期限が来た報酬の一覧を開く", "Open the list of expired rewards"), "/console/payouts/?show=expired"
)
TO_OWN = Remedy(Text("報酬のページを開く", "Open your rewards"), "/my/rewards/#expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredFacts(OperatorFacts):
    """One reward whose time limit came."""

    id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviveFacts(RefundFacts):
    """The same, and whether its owner can be paid now."""

    role: Role
    id: UUID
    state: str


def _from_states(event: str) -> Rule:
    sources = EXPIRED.sources_of(event)

    def rule(facts: ExpiredFacts | ReviveFacts) -> Blocker | None:
        if facts.state in sources:
            return None
        return Blocker(
            code=f"is_{facts.state}",
            reason=Text("この報酬はいま「{state}」です。", "This reward is now “{state}”.").format(
                state=EXPIRED.states[facts.state]
            ),
            rule="P002",
            resolved_by="operator",
            facts={"state": facts.state},
            remedy=TO_EXPIRED if facts.role == "staff" else TO_OWN,
        )

    return rule


EXPIRE = Action(
    "payouts.expire",
    Text("出金期限の来た報酬を扱う", "Deal with rewards at their time limit"),
    Text("出金期限は自動で扱われます", "Time limits are dealt with by the clock"),
    rules=(for_roles("system"),),
)
REVIVE = Action(
    "payouts.expired.revive",
    Text("お預かりの報酬を受け取る", "Take back a reward that is kept"),
    Text("お預かりの報酬はまだ受け取れません", "A reward that is kept cannot be taken back yet"),
    subject="payouts.expiredreward",
    rules=(for_roles("owner"), _from_states("revive"), not_held, account_registered, account_works),
)
RESTORE = Action(
    "payouts.expired.restore",
    Text("失効を取り消す", "Take a forfeiture back"),
    Text("失効を取り消せません", "The forfeiture cannot be taken back"),
    subject="payouts.expiredreward",
    rules=(for_roles("staff"), _from_states("restore")),
)
