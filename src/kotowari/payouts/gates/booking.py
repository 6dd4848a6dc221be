"""What staff do with a line of the statement that is about the operator's own money."""

from dataclasses import dataclass

from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text
from kotowari.payouts.gates.operator import EntryFacts, entry_open, for_roles
from kotowari.payouts.transitions import BANK_ENTRY

TO_LINES = Remedy(Text("照合できない明細を見る", "See the lines that fit nothing"), "/console/payouts/?show=lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFacts(EntryFacts):
    """A line of the bank's statement, and whether its money went out or came back."""

    direction: str


def went_out(facts: BookFacts) -> Blocker | None:
    """What came back is a transfer of somebody's: it is matched, never the operator's own."""
    if facts.direction == "out":
        return None
    return Blocker(
        code="came_back",
        reason=Text(
            "振込が戻ってきた明細です。受取人のお金なので、運営のお金としては記帳できません。",
            "A transfer came back with this line. It is its owner's money and cannot be booked as the operator's.",
        ),
        rule="P019",
        resolved_by="operator",
        remedy=TO_LINES,
    )


def entry_decided(facts: EntryFacts) -> Blocker | None:
    """Only what staff decided by hand can be taken back by hand."""
    if BANK_ENTRY.may(facts.state, "reopen"):
        return None
    return Blocker(
        code=f"is_{facts.state}",
        reason=Text(
            "この明細は「{state}」です。取り消せるのは、スタッフが記帳したか対象外にした明細だけです。",
            "This line is “{state}”. Only what staff booked or set aside can be taken back.",
        ).format(state=BANK_ENTRY.states[facts.state]),
        rule="P002",
        resolved_by="operator",
        facts={"state": facts.state},
        remedy=TO_LINES,
    )


BOOK = Action(
    "payouts.entry.book",
    Text("運営のお金として記帳する", "Book it as the operator's money"),
    Text("いまは記帳できません", "It cannot be booked now"),
    subject="payouts.bankentry",
    rules=(for_roles("staff"), entry_open, went_out),
)
REOPEN = Action(
    "payouts.entry.reopen",
    Text("取り消して未確認に戻す", "Take it back and look again"),
    Text("いまは取り消せません", "It cannot be taken back now"),
    subject="payouts.bankentry",
    rules=(for_roles("staff"), entry_decided),
)
