"""Who may write to whom, and every reason why not. Pure: facts in, blockers out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFacts:
    """What the rules of a thread read, for one actor."""

    is_party: bool
    job_id: UUID
    proposal_state: str
    decided_at: datetime | None


_OVER = {
    "declined": Text("この応募は見送られました。", "This proposal was declined."),
    "withdrawn": Text("この応募は取り下げられました。", "This proposal was withdrawn."),
    "lapsed": Text("この応募は期限切れになりました。", "This proposal lapsed."),
}


def _party(facts: ThreadFacts) -> Blocker | None:
    if facts.is_party:
        return None
    return Blocker(
        code="not_yours",
        reason=Text(
            "メッセージは、応募した人と発注者の二人だけのものです。",
            "Messages are between the worker who proposed and the client.",
        ),
        rule="P001",
        resolved_by="counterparty",
        remedy=Remedy(Text("仕事を見る", "See the job"), f"/jobs/{facts.job_id}/"),
        status=403,
    )


def _proposal_lives(facts: ThreadFacts) -> Blocker | None:
    if facts.proposal_state not in _OVER:
        return None
    return Blocker(
        code=f"proposal_{facts.proposal_state}",
        reason=_OVER[facts.proposal_state],
        rule="A080",
        resolved_by="you",
        facts={"state": facts.proposal_state, "since": facts.decided_at},
        remedy=Remedy(Text("ほかの仕事を探す", "Find other jobs"), "/jobs/"),
    )


SEE_THREAD = Action(
    name="messaging.thread.see",
    title=Text("メッセージを見る", "See the messages"),
    no=Text("このメッセージは見られません", "These messages cannot be seen"),
    subject="messaging.thread",
    rules=(_party,),
)
SEND_MESSAGE = Action(
    name="messaging.message.send",
    title=Text("メッセージを送る", "Send a message"),
    no=Text("いまはメッセージを送れません", "No message can be sent now"),
    subject="market.proposal",
    rules=(_party, _proposal_lives),
)
