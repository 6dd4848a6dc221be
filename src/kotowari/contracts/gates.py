"""What can be done with contracts and milestones, and every reason why not. Pure: facts in, blockers out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from kotowari.accounts.gates import held_blocker
from kotowari.accounts.restrictions import InForce
from kotowari.clocks.words import STOPPED_FOR_OTHER
from kotowari.contracts.transitions import CONTRACT, END_REQUEST, MILESTONE, MOVES
from kotowari.kernel.gates import Action, Blocker, Remedy, ResolvedBy, Rule
from kotowari.kernel.text import Text
from kotowari.market.gates import HIRING_OPEN

Role = Literal["client", "worker", "system", "staff", "other"]

ROLE_WORDS = {
    "client": Text("発注者", "the client"),
    "worker": Text("受注者", "the worker"),
    "system": Text("システム", "the system"),
    "staff": Text("運営", "the operator"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFacts:
    """An open request to end the contract early. `is_stopped`: who is to answer cannot, and it waits for them."""

    id: UUID
    asked_by_role: Role
    lapses_at: datetime
    is_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """What the rules of a contract read, for one actor."""

    now: datetime
    role: Role
    contract_id: UUID
    state: str
    open_end: EndFacts | None
    delivered_titles: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"/contracts/{self.contract_id}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFacts(ContractFacts):
    """What the rules of a milestone read, for one actor. `is_stopped`: whom it waits for cannot act now.

    `held` is what keeps the actor's own money where it is: asked about a client to whom something was delivered.
    """

    milestone_id: UUID
    milestone_state: str
    deadline_at: datetime | None
    changes_made: int
    changes_max: int
    is_stopped: bool = False
    held: InForce | None = None

    @property
    def milestone_url(self) -> str:
        return f"{self.url}#milestone-{self.milestone_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HireFacts:
    """What the rules of hiring read."""

    is_client: bool
    job_id: UUID
    job_state: str
    proposal_state: str
    proposal_lapses_at: datetime | None
    hires_made: int
    hires_wanted: int
    missing_terms: tuple[Text, ...]
    worker_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRequestFacts(ContractFacts):
    """What the rules of answering a request to end read."""

    request_state: str
    asked_by_actor: bool
    lapses_at: datetime


def _party(*roles: Role) -> Rule:
    """Only these sides of the contract do this step."""

    def rule(facts: ContractFacts) -> Blocker | None:
        if facts.role in roles:
            return None
        who = ROLE_WORDS[roles[0]]
        return Blocker(
            code="not_your_step",
            reason=Text("この操作は{who}が行います。", "This step is for {who}.").format(who=who),
            rule="P001",
            resolved_by="counterparty",
            facts={"done_by": roles[0]},
            remedy=Remedy(Text("契約の状況を見る", "See where the contract stands"), facts.url),
            status=403,
        )

    return rule


def _contract_active(facts: ContractFacts) -> Blocker | None:
    if facts.state == "active":
        return None
    return Blocker(
        code="contract_closed",
        reason=Text("この契約は「{state}」です。", "This contract is “{state}”.").format(
            state=CONTRACT.states[facts.state]
        ),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.state},
        remedy=Remedy(Text("ほかの契約を見る", "See your other contracts"), "/contracts/"),
    )


_WAITS_ON: dict[str, tuple[ResolvedBy, Text]] = {
    "awaiting_funding": ("counterparty", Text("仮払いをする", "Fund the escrow")),
    "funded": ("counterparty", Text("納品する", "Deliver the work")),
    "delivered": ("counterparty", Text("検収する", "Accept the delivery")),
    "changes_requested": ("counterparty", Text("修正して納品する", "Deliver again")),
    "accepted": ("you", Text("契約を見る", "See the contract")),
    "refunded": ("you", Text("契約を見る", "See the contract")),
    "cancelled": ("you", Text("契約を見る", "See the contract")),
}


def _with_stop(reason: Text, *, stopped: bool) -> Text:
    """The reason, and that the clock stands still, in words that say nothing of why."""
    return Text(f"{reason.ja}{STOPPED_FOR_OTHER.ja}", f"{reason.en} {STOPPED_FOR_OTHER.en}") if stopped else reason


def _from_states(*events: str) -> Rule:
    """The milestone must be in a state from which one of these events can happen."""
    sources = frozenset(source for event in events for source in MILESTONE.sources_of(event))

    def rule(facts: MilestoneFacts) -> Blocker | None:
        if facts.milestone_state in sources:
            return None
        waits_on, label = _WAITS_ON[facts.milestone_state]
        mover = MOVES.get(facts.milestone_state)
        stopped = facts.is_stopped and mover != facts.role
        return Blocker(
            code=f"is_{facts.milestone_state}",
            reason=_with_stop(
                Text("このマイルストーンはいま「{state}」です。", "This milestone is now “{state}”.").format(
                    state=MILESTONE.states[facts.milestone_state]
                ),
                stopped=stopped,
            ),
            rule="A170" if facts.milestone_state == "awaiting_funding" else "P002",
            resolved_by="you" if mover == facts.role else waits_on,
            facts={"state": facts.milestone_state, **({"stopped": True} if stopped else {})},
            remedy=Remedy(label, facts.milestone_url),
            clears_at=None,
        )

    return rule


def _no_open_end(facts: ContractFacts) -> Blocker | None:
    if facts.open_end is None:
        return None
    mine = facts.open_end.asked_by_role == facts.role
    stopped = facts.open_end.is_stopped and mine
    return Blocker(
        code="end_requested",
        reason=_with_stop(
            Text("途中終了の申し出に返事がまだありません。", "A request to end the contract early is still open."),
            stopped=stopped,
        ),
        rule="A078",
        resolved_by="counterparty" if mine else "you",
        facts={"asked_by": facts.open_end.asked_by_role, **({"stopped": True} if stopped else {})},
        remedy=Remedy(
            Text("申し出を取り下げる", "Withdraw the request")
            if mine
            else Text("申し出に返事をする", "Answer the request"),
            f"{facts.url}end/",
        ),
        clears_at=facts.open_end.lapses_at,
    )


def _clock_has_come(facts: MilestoneFacts) -> Blocker | None:
    if facts.role != "system" or facts.deadline_at is None or facts.deadline_at <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text("期限はまだ来ていません。", "The deadline has not come."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.deadline_at,
    )


def _changes_left(facts: MilestoneFacts) -> Blocker | None:
    if facts.changes_made < facts.changes_max:
        return None
    return Blocker(
        code="no_changes_left",
        reason=Text(
            "修正依頼は{max}回までです。これまでに{made}回依頼しています。",
            "Changes can be requested {max} times; {made} were requested.",
        ).format(max=facts.changes_max, made=facts.changes_made),
        rule="P005",
        resolved_by="you",
        facts={"made": facts.changes_made, "max": facts.changes_max},
        remedy=Remedy(Text("検収する", "Accept the delivery"), facts.milestone_url),
    )


def _not_held(facts: MilestoneFacts) -> Blocker | None:
    """Nobody's hand lets escrow go while its owner's account is protected; the clock of acceptance runs on (A120)."""
    blocker = held_blocker(facts.held)
    if blocker is None or facts.role == "system":
        return None
    more = Text(
        "終わるまで、仮払いを動かす検収もできません。",
        "Until that is over, you cannot release escrow by accepting either.",
    )
    return replace(blocker, reason=Text(f"{blocker.reason.ja}{more.ja}", f"{blocker.reason.en} {more.en}"))


def _nothing_delivered(facts: ContractFacts) -> Blocker | None:
    """A delivery has to be answered first: ending must not be a way around paying for it."""
    if not facts.delivered_titles:
        return None
    return Blocker(
        code="delivery_unanswered",
        reason=Text(
            "納品済みで検収待ちのマイルストーンが{count}件あります:{titles}",
            "{count} delivered milestone(s) wait for acceptance: {titles}",
        ).format(count=len(facts.delivered_titles), titles="、".join(facts.delivered_titles)),
        rule="A087",
        resolved_by="you" if facts.role == "client" else "counterparty",
        facts={"count": len(facts.delivered_titles), "items": list(facts.delivered_titles)},
        remedy=Remedy(Text("検収する", "Accept the delivery"), facts.url),
    )


def _is_client_of_job(facts: HireFacts) -> Blocker | None:
    if facts.is_client:
        return None
    return Blocker(
        code="not_your_job",
        reason=Text("採用できるのは、この仕事を募集した発注者です。", "Only the client who posted the job can hire."),
        rule="P001",
        resolved_by="counterparty",
        remedy=Remedy(Text("仕事を見る", "See the job"), f"/jobs/{facts.job_id}/"),
        status=403,
    )


def _job_open(facts: HireFacts) -> Blocker | None:
    if facts.job_state in HIRING_OPEN and facts.hires_made < facts.hires_wanted:
        return None
    return Blocker(
        code="job_not_open",
        reason=Text(
            "この仕事の募集は終わっています(採用{made}人・募集{wanted}人)。",
            "This job is no longer open ({made} hired of {wanted}).",
        ).format(made=facts.hires_made, wanted=facts.hires_wanted),
        rule="A084",
        resolved_by="you",
        facts={"state": facts.job_state, "hires_made": facts.hires_made, "hires_wanted": facts.hires_wanted},
        remedy=Remedy(Text("新しく募集する", "Post a new job"), "/jobs/new/"),
    )


_PROPOSAL_WORDS = {
    "accepted": Text("採用済み", "accepted already"),
    "declined": Text("見送り済み", "declined"),
    "withdrawn": Text("取り下げ済み", "withdrawn"),
    "lapsed": Text("期限切れ", "lapsed"),
}


def _proposal_waits(facts: HireFacts) -> Blocker | None:
    if facts.proposal_state == "sent":
        return None
    return Blocker(
        code=f"proposal_{facts.proposal_state}",
        reason=Text("この応募は{state}です。", "This proposal is {state}.").format(
            state=_PROPOSAL_WORDS[facts.proposal_state]
        ),
        rule="A081",
        resolved_by="you",
        facts={"state": facts.proposal_state},
        remedy=Remedy(Text("ほかの応募を見る", "See the other proposals"), f"/jobs/{facts.job_id}/#proposals"),
    )


def _terms_complete(facts: HireFacts) -> Blocker | None:
    if not facts.missing_terms:
        return None
    return Blocker(
        code="terms_incomplete",
        reason=Text(
            "契約に必要な取引条件が書かれていません:{items}", "The contract lacks written terms: {items}"
        ).format(
            items=Text("、".join(t.ja for t in facts.missing_terms), ", ".join(t.en for t in facts.missing_terms))
        ),
        rule="P006",
        resolved_by="you",
        facts={"missing": [t.as_dict() for t in facts.missing_terms]},
        remedy=Remedy(Text("取引条件を書く", "Write the terms"), f"/jobs/{facts.job_id}/"),
    )


def _worker_is_here(facts: HireFacts) -> Blocker | None:
    if not facts.worker_left:
        return None
    return Blocker(
        code="worker_left",
        reason=Text("応募した人は退会しました。", "The person who proposed has left."),
        rule="A181",
        resolved_by="you",
        remedy=Remedy(Text("ほかの応募を見る", "See the other proposals"), f"/jobs/{facts.job_id}/#proposals"),
    )


def _request_open(facts: EndRequestFacts) -> Blocker | None:
    if facts.request_state == "open":
        return None
    return Blocker(
        code="already_answered",
        reason=Text("この申し出は「{state}」です。", "This request is “{state}”.").format(
            state=END_REQUEST.states[facts.request_state]
        ),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.request_state},
        remedy=Remedy(Text("契約を見る", "See the contract"), facts.url),
    )


def _asked_by(me: bool) -> Rule:
    """Answering is for the other side, withdrawing for the side that asked."""

    def rule(facts: EndRequestFacts) -> Blocker | None:
        if facts.role == "system" or facts.asked_by_actor == me:
            return None
        return Blocker(
            code="not_your_answer",
            reason=Text("返事は相手側が行います。", "The answer is the other side's.")
            if facts.asked_by_actor
            else Text("取り下げは申し出た側が行います。", "Only the side that asked can withdraw."),
            rule="P001",
            resolved_by="counterparty",
            remedy=Remedy(Text("申し出を見る", "See the request"), f"{facts.url}end/"),
            clears_at=facts.lapses_at,
            status=403,
        )

    return rule


def _end_clock_has_come(facts: EndRequestFacts) -> Blocker | None:
    if facts.role != "system" or facts.lapses_at <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text("期限はまだ来ていません。", "The deadline has not come."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.lapses_at,
    )


def _action(name: str, title: Text, no: Text, subject: str, *rules: Callable[..., Blocker | None]) -> Action:
    return Action(name=f"contracts.{name}", title=title, no=no, subject=subject, rules=rules)


SEE_CONTRACT = _action(
    "contract.see",
    Text("契約を見る", "See the contract"),
    Text("この契約は見られません", "This contract cannot be seen"),
    "contracts.contract",
    _party("client", "worker", "system"),
)
HIRE = _action(
    "contract.hire",
    Text("採用して契約する", "Hire and make a contract"),
    Text("いまは契約できません", "No contract can be made now"),
    "market.proposal",
    _is_client_of_job,
    _job_open,
    _proposal_waits,
    _terms_complete,
    _worker_is_here,
)
FUND = _action(
    "milestone.fund",
    Text("仮払いする", "Fund the escrow"),
    Text("いまは仮払いできません", "The escrow cannot be funded now"),
    "contracts.milestone",
    _party("client", "system"),
    _contract_active,
    _from_states("fund"),
)
DELIVER = _action(
    "milestone.deliver",
    Text("納品する", "Deliver the work"),
    Text("いまは納品できません", "The work cannot be delivered now"),
    "contracts.milestone",
    _party("worker"),
    _contract_active,
    _from_states("deliver"),
)
REQUEST_CHANGES = _action(
    "milestone.request_changes",
    Text("修正を依頼する", "Request changes"),
    Text("いまは修正を依頼できません", "Changes cannot be requested now"),
    "contracts.milestone",
    _party("client"),
    _contract_active,
    _from_states("request_changes"),
    _changes_left,
)
ACCEPT = _action(
    "milestone.accept",
    Text("検収する", "Accept the delivery"),
    Text("いまは検収できません", "The delivery cannot be accepted now"),
    "contracts.milestone",
    _party("client", "system"),
    _contract_active,
    _from_states("accept"),
    _not_held,
    _clock_has_come,
)
LAPSE = _action(
    "milestone.lapse",
    Text("期限により終える", "Close by its deadline"),
    Text("期限では終わりません", "It does not close by a deadline"),
    "contracts.milestone",
    _party("system"),
    _contract_active,
    _from_states("lapse"),
    _clock_has_come,
)
ASK_END = _action(
    "end.ask",
    Text("途中終了を申し出る", "Ask to end the contract early"),
    Text("いまは途中終了を申し出られません", "An early end cannot be asked for now"),
    "contracts.contract",
    _party("client", "worker"),
    _contract_active,
    _no_open_end,
    _nothing_delivered,
)
MOVE_CLOCKS = _action(
    "contract.move_clocks",
    Text("契約の期限を改める", "Set the clocks of a contract anew"),
    Text("期限は改められません", "The clocks cannot be set anew"),
    "contracts.contract",
    _party("system"),
    _contract_active,
)
AGREE_END = _action(
    "end.agree",
    Text("途中終了に合意する", "Agree to end early"),
    Text("いまは合意できません", "It cannot be agreed to now"),
    "contracts.endrequest",
    _party("client", "worker", "system"),
    _request_open,
    _asked_by(False),
    _nothing_delivered,
    _end_clock_has_come,
)
REFUSE_END = _action(
    "end.refuse",
    Text("途中終了に同意しない", "Refuse to end early"),
    Text("いまは返事できません", "It cannot be answered now"),
    "contracts.endrequest",
    _party("client", "worker"),
    _request_open,
    _asked_by(False),
)
WITHDRAW_END = _action(
    "end.withdraw",
    Text("途中終了の申し出を取り下げる", "Withdraw the request to end"),
    Text("いまは取り下げられません", "It cannot be withdrawn now"),
    "contracts.endrequest",
    _party("client", "worker"),
    _request_open,
    _asked_by(True),
)
