"""What can be done with profiles, jobs and proposals, and every reason why not. Pure: facts in, blockers out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from kotowari.kernel import clock
from kotowari.kernel.gates import Action, Blocker, Remedy, ResolvedBy, Rule
from kotowari.kernel.text import Text
from kotowari.market.transitions import JOB, PROPOSAL

Role = Literal["visitor", "member", "client", "worker", "staff", "system"]

WHO = {
    "client": Text("募集した発注者", "the client who posted the job"),
    "worker": Text("応募した本人", "the worker who sent it"),
    "system": Text("システム", "the system"),
}
APPLICATIONS_OPEN = ("open",)
HIRING_OPEN = ("open", "lapsed")
"""States of a job in which its client may hire: after the application deadline they decide on what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What the rules about one's own market pages read."""

    role: Role
    address: str = "/my/profile/"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProposal:
    """The actor's latest proposal to the job in question."""

    id: UUID
    state: str
    sent_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """What the rules of a job read, for one actor."""

    now: datetime
    role: Role
    job_id: UUID
    category: str
    state: str
    apply_until: datetime
    closed_at: datetime | None
    hires_made: int
    hires_wanted: int
    own_proposal: OwnProposal | None = None

    @property
    def url(self) -> str:
        return f"/jobs/{self.job_id}/"

    @property
    def address(self) -> str:
        return f"{self.url}#propose"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFacts:
    """What the rules of a proposal read, for one actor."""

    now: datetime
    role: Role
    proposal_id: UUID
    job_id: UUID
    category: str
    state: str
    lapses_at: datetime
    decided_at: datetime | None

    @property
    def url(self) -> str:
        return f"/jobs/{self.job_id}/#proposal-{self.proposal_id}"

    @property
    def address(self) -> str:
        return self.url


Facts = MemberFacts | JobFacts | ProposalFacts


def similar_jobs(category: str) -> Remedy:
    """The way on when this job is nothing any more."""
    return Remedy(
        Text("同じカテゴリの募集中の仕事を探す", "Find open jobs in the same category"),
        f"/jobs/?{urlencode({'category': category})}",
    )


def day(moment: datetime) -> Text:
    """The Tokyo day of a moment, in words."""
    local = clock.tokyo(moment)
    return Text(f"{local:%Y年%-m月%-d日}", f"{local:%-d %B %Y}")


def last_day(until: datetime) -> Text:
    """The last Tokyo day on which something is still possible that ends at this moment."""
    return day(until - timedelta(microseconds=1))


def _signed_in(facts: Facts) -> Blocker | None:
    if facts.role != "visitor":
        return None
    return Blocker(
        code="sign_in_needed",
        reason=Text("ログインした会員だけができます。", "Only a member who is signed in can do this."),
        rule="P012",
        resolved_by="you",
        remedy=Remedy(Text("ログインして続ける", "Sign in and go on"), f"/login/?{urlencode({'next': facts.address})}"),
        status=401,
    )


def _not_staff(facts: Facts) -> Blocker | None:
    if facts.role not in ("staff", "system"):
        return None
    return Blocker(
        code="staff_take_no_part",
        reason=Text(
            "運営のアカウントでは、仕事の募集も応募もプロフィールの公開もできません。",
            "An account of the operator's staff has no profile and neither posts jobs nor answers them.",
        ),
        rule="P001",
        resolved_by="you",
        remedy=Remedy(Text("会員のアカウントでログインし直す", "Sign in with a member's account"), "/login/"),
        status=403,
    )


def _only(*roles: Role) -> Rule:
    """The rule that the step belongs to these roles; somebody not signed in hears of that first."""

    def rule(facts: JobFacts | ProposalFacts) -> Blocker | None:
        if facts.role in roles or facts.role == "visitor":
            return None
        return Blocker(
            code="not_your_step",
            reason=Text("これができるのは{who}だけです。", "Only {who} can do this.").format(who=WHO[roles[0]]),
            rule="P001",
            resolved_by="operator" if roles == ("system",) else "counterparty",
            facts={"who": roles[0]},
            remedy=Remedy(Text("仕事を見る", "See the job"), f"/jobs/{facts.job_id}/"),
            status=403,
        )

    return rule


def _not_own_job(facts: JobFacts) -> Blocker | None:
    if facts.role != "client":
        return None
    return Blocker(
        code="own_job",
        reason=Text("ご自身が募集した仕事には応募できません。", "You posted this job yourself."),
        rule="P001",
        resolved_by="you",
        remedy=Remedy(Text("届いた応募を見る", "See the proposals that came"), f"{facts.url}#proposals"),
        status=403,
    )


_ENDED: dict[str, Text] = {
    "lapsed": Text("{day}に応募が締め切られました。", "Applications closed on {day}."),
    "filled": Text(
        "{day}に採用が決まり、募集は終わりました({hired}名採用)。", "The job was filled on {day} ({hired} hired)."
    ),
    "closed": Text("{day}に発注者が募集を終了しました。", "The client closed this job on {day}."),
}


def _takes_applications(facts: JobFacts) -> Blocker | None:
    if facts.state in APPLICATIONS_OPEN:
        return None
    assert facts.closed_at is not None
    return Blocker(
        code=f"job_{facts.state}",
        reason=_ENDED[facts.state].format(day=day(facts.closed_at), hired=facts.hires_made),
        rule="A081" if facts.state == "lapsed" else "P002",
        resolved_by="you",
        facts={"state": facts.state, "since": facts.closed_at},
        remedy=similar_jobs(facts.category),
    )


def _before_deadline(facts: JobFacts) -> Blocker | None:
    if facts.state not in APPLICATIONS_OPEN or facts.now < facts.apply_until:
        return None
    return Blocker(
        code="deadline_passed",
        reason=Text("応募期限({day})を過ぎました。", "The application deadline ({day}) has passed.").format(
            day=last_day(facts.apply_until)
        ),
        rule="A081",
        resolved_by="you",
        facts={"apply_until": facts.apply_until},
        remedy=similar_jobs(facts.category),
    )


_SAID: dict[str, tuple[str, Text, ResolvedBy]] = {
    "sent": (
        "already_sent",
        Text(
            "{day}に応募済みで、発注者の返事を待っています。出し直すには、先に取り下げてください。",
            "You proposed on {day} and wait for the client's answer. To send another, withdraw it first.",
        ),
        "you",
    ),
    "accepted": (
        "already_hired",
        Text("この仕事にはすでに採用されています({day})。", "You were hired for this job on {day}."),
        "you",
    ),
    "declined": (
        "was_declined",
        Text(
            "この仕事への応募は{day}に不採用となりました。理由は応募の欄にあります。",
            "The client declined your proposal to this job on {day}. The reason stands beside it.",
        ),
        "counterparty",
    ),
}


def _no_answer_yet(facts: JobFacts) -> Blocker | None:
    """One live proposal for a worker and a job; a client who has said no is not asked again."""
    own = facts.own_proposal
    if own is None or own.state not in _SAID:
        return None
    code, reason, resolved_by = _SAID[own.state]
    since = own.sent_at if own.state == "sent" else own.decided_at or own.sent_at
    to_contract = own.state == "accepted"
    return Blocker(
        code=code,
        reason=reason.format(day=day(since)),
        rule="P002",
        resolved_by=resolved_by,
        facts={"proposal": own.id, "state": own.state, "since": since},
        remedy=Remedy(Text("契約を見る", "See your contracts"), "/contracts/")
        if to_contract
        else Remedy(Text("自分の応募を見る", "See your proposal"), f"{facts.url}#proposal-{own.id}"),
    )


def _still_closable(facts: JobFacts) -> Blocker | None:
    if JOB.may(facts.state, "close"):
        return None
    assert facts.closed_at is not None
    return Blocker(
        code=f"is_{facts.state}",
        reason=Text("募集はすでに終わっています。{how}", "This job is over already. {how}").format(
            how=_ENDED[facts.state].format(day=day(facts.closed_at), hired=facts.hires_made)
        ),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.state, "since": facts.closed_at},
        remedy=Remedy(Text("新しく募集する", "Post a new job"), "/jobs/new/"),
    )


def _readable(facts: JobFacts) -> Blocker | None:
    """After its end a posting, with the poster's address in it, is for those who took part."""
    if facts.state == "open" or facts.role in ("client", "staff", "system") or facts.own_proposal is not None:
        return None
    assert facts.closed_at is not None
    return Blocker(
        code="ended",
        reason=Text(
            "この募集は終わったため、発注者と応募した方だけが見られます。{how}",
            "This job is over and shown only to its client and those who proposed. {how}",
        ).format(how=_ENDED[facts.state].format(day=day(facts.closed_at), hired=facts.hires_made)),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.state, "since": facts.closed_at},
        remedy=similar_jobs(facts.category),
    )


def _from_state(table_event: str) -> Rule:
    """The rule that the proposal is in a state from which the event can happen."""

    def rule(facts: ProposalFacts) -> Blocker | None:
        if PROPOSAL.may(facts.state, table_event):
            return None
        since = facts.decided_at or facts.now
        return Blocker(
            code=f"is_{facts.state}",
            reason=Text("この応募は{day}に「{state}」となりました。", "This proposal: {state}, since {day}.").format(
                day=day(since), state=PROPOSAL.states[facts.state]
            ),
            rule="P002",
            resolved_by="you",
            facts={"state": facts.state, "since": since},
            remedy=similar_jobs(facts.category)
            if facts.role == "worker"
            else Remedy(Text("ほかの応募を見る", "See the other proposals"), f"/jobs/{facts.job_id}/#proposals"),
        )

    return rule


def _due(moment: Callable[[Any], datetime]) -> Rule:
    """The rule that a deadline has come: what time does is not done before."""

    def rule(facts: JobFacts | ProposalFacts) -> Blocker | None:
        at = moment(facts)
        if facts.now >= at:
            return None
        return Blocker(
            code="not_due",
            reason=Text("期限({day})はまだ過ぎていません。", "The deadline ({day}) has not passed yet.").format(
                day=last_day(at)
            ),
            rule="P003",
            resolved_by="time",
            facts={"due_at": at},
            clears_at=at,
        )

    return rule


EDIT_PROFILE = Action(
    "market.profile.edit",
    title=Text("プロフィールを保存する", "Save the profile"),
    no=Text("プロフィールを保存できません", "The profile cannot be saved"),
    rules=(_signed_in, _not_staff),
)
SEARCH_JOBS = Action(
    "market.job.search",
    title=Text("仕事を探す", "Find work"),
    no=Text("仕事を探せません", "Work cannot be searched"),
)
SEE_JOB = Action(
    "market.job.see",
    title=Text("仕事を見る", "See the job"),
    no=Text("この募集は終わりました", "This job is over"),
    subject="market.job",
    rules=(_readable,),
)
POST_JOB = Action(
    "market.job.post",
    title=Text("仕事を募集する", "Post the job"),
    no=Text("仕事を募集できません", "The job cannot be posted"),
    rules=(_signed_in, _not_staff),
)
CLOSE_JOB = Action(
    "market.job.close",
    title=Text("募集を終了する", "Close the job"),
    no=Text("募集を終了できません", "The job cannot be closed"),
    subject="market.job",
    rules=(_signed_in, _only("client", "staff"), _still_closable),
)
LAPSE_JOB = Action(
    "market.job.lapse",
    title=Text("応募を締め切る", "Close applications"),
    no=Text("応募を締め切れません", "Applications cannot be closed"),
    subject="market.job",
    rules=(_signed_in, _only("system"), _takes_applications, _due(lambda facts: facts.apply_until)),
)
SEND_PROPOSAL = Action(
    "market.proposal.send",
    title=Text("応募する", "Send the proposal"),
    no=Text("応募できません", "You cannot propose"),
    subject="market.job",
    rules=(_signed_in, _not_staff, _not_own_job, _takes_applications, _before_deadline, _no_answer_yet),
)
WITHDRAW_PROPOSAL = Action(
    "market.proposal.withdraw",
    title=Text("応募を取り下げる", "Withdraw the proposal"),
    no=Text("応募を取り下げられません", "The proposal cannot be withdrawn"),
    subject="market.proposal",
    rules=(_signed_in, _only("worker"), _from_state("withdraw")),
)
DECLINE_PROPOSAL = Action(
    "market.proposal.decline",
    title=Text("不採用にする", "Decline the proposal"),
    no=Text("不採用にできません", "The proposal cannot be declined"),
    subject="market.proposal",
    rules=(_signed_in, _only("client"), _from_state("decline")),
)
LAPSE_PROPOSAL = Action(
    "market.proposal.lapse",
    title=Text("応募を期限切れにする", "Let the proposal lapse"),
    no=Text("応募を期限切れにできません", "The proposal cannot lapse"),
    subject="market.proposal",
    rules=(_signed_in, _only("system"), _from_state("lapse"), _due(lambda facts: facts.lapses_at)),
)
MOVE_PROPOSAL_CLOCK = Action(
    "market.proposal.move_clock",
    title=Text("応募の期限を改める", "Set the clock of a proposal anew"),
    no=Text("応募の期限は改められません", "The clock cannot be set anew"),
    subject="market.proposal",
    rules=(_signed_in, _only("system"), _from_state("lapse")),
)
