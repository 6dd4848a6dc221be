"""What staff and the clock do where books and bank differ."""

from dataclasses import dataclass

from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text
from kotowari.payouts.gates.operator import OperatorFacts, for_roles
from kotowari.payouts.transitions import BANK_DIFFERENCE

TO_RECONCILIATION = Remedy(Text("銀行との照合を見る", "See the reconciliation"), "/console/ledger/reconciliation/")


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceFacts(OperatorFacts):
    """One thing in which books and bank differ."""

    state: str


def difference_open(facts: DifferenceFacts) -> Blocker | None:
    """What is explained or gone needs nobody any more (P009)."""
    if BANK_DIFFERENCE.may(facts.state, "explain"):
        return None
    return Blocker(
        code="not_open",
        reason=Text("この差異は「{state}」です。", "This difference is “{state}”.").format(
            state=BANK_DIFFERENCE.states[facts.state]
        ),
        rule="P009",
        resolved_by="operator",
        remedy=TO_RECONCILIATION,
    )


RECONCILE = Action(
    "payouts.reconcile",
    Text("銀行と照合する", "Compare the books with the bank"),
    Text("いまは照合できません", "They cannot be compared now"),
    rules=(for_roles("staff", "system"),),
)
TELL_OPENING = Action(
    "payouts.opening.tell",
    Text("最初の残高を登録する", "Tell the opening balance"),
    Text("最初の残高を登録できません", "The opening balance cannot be told"),
    rules=(for_roles("staff"),),
)
EXPLAIN_DIFFERENCE = Action(
    "payouts.difference.explain",
    Text("差異を説明する", "Explain the difference"),
    Text("この差異は説明できません", "This difference cannot be explained"),
    subject="payouts.bankdifference",
    rules=(for_roles("staff"), difference_open),
)
