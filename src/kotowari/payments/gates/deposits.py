"""What can be done with money that comes in by bank, and every reason why not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kotowari.contracts.gates import FUND, MilestoneFacts
from kotowari.contracts.transitions import MILESTONE
from kotowari.kernel.gates import Action, Blocker, Remedy, Rule
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments.transitions import CANCELLATION, DEPOSIT

Role = Literal["staff", "system", "client", "other"]
TO_DEPOSITS = Remedy(Text("入金の一覧を開く", "Open the deposits"), "/console/deposits/")
TO_CONTRACTS = Remedy(Text("契約の一覧を開く", "Open your contracts"), "/contracts/")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """Who acts."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFacts(OperatorFacts):
    """Whether the operator's own account is known, so that its statements can be recognised."""

    has_account: bool
    account_problems: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositFacts(OperatorFacts):
    """One deposit."""

    now: datetime
    state: str
    remaining_yen: int
    decide_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts(DepositFacts):
    """A deposit and the milestone it is to go to; without one, whether it can go to any.

    `pool_yen` is what came for that milestone in all, this deposit with it.
    """

    milestone_state: str | None
    contract_url: str
    needed_yen: int
    pool_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationFacts(OperatorFacts):
    """A line by which the bank takes something back."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PayInFacts(MilestoneFacts):
    """A milestone and where its client can send the money."""

    has_account: bool
    is_demo: bool


def handled_by(*roles: Role) -> Rule:
    """Money that comes in is handled by the operator's staff, the clock, and nobody else (P008)."""

    def rule(facts: OperatorFacts) -> Blocker | None:
        if facts.role in roles:
            return None
        by_clock = roles == ("system",)
        return Blocker(
            code="not_your_step",
            reason=Text("この操作は期限が来ると自動で行われます。", "This happens by itself when its time has come.")
            if by_clock
            else Text("この操作は運営のスタッフが行います。", "This is done by the operator's staff."),
            rule="P003" if by_clock else "P008",
            resolved_by="time" if by_clock else "operator",
            remedy=TO_DEPOSITS if facts.role == "staff" else TO_CONTRACTS,
            status=403,
        )

    return rule


def _account_known(facts: ImportFacts | PayInFacts) -> Blocker | None:
    """Nobody is asked to pay into an account that is not set, and no statement of it is recognised."""
    if facts.has_account:
        return None
    reason = Text("運営の入金口座が設定されていません。", "The operator's own account is not set.")
    if problems := getattr(facts, "account_problems", ()):
        reason = Text(reason.ja + "".join(p.ja for p in problems), " ".join([reason.en, *(p.en for p in problems)]))
    return Blocker(code="no_operator_account", reason=reason, rule="P008", resolved_by="operator")


def still_waits(facts: DepositFacts) -> Blocker | None:
    """Only what still lies in suspense can be placed or sent back."""
    if facts.state in ("in_suspense", "to_send_back"):
        return None
    return Blocker(
        code=f"is_{facts.state}",
        reason=Text("この入金はもう「{state}」です。", "This deposit is “{state}” already.").format(
            state=DEPOSIT.states[facts.state]
        ),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.state},
        remedy=TO_DEPOSITS,
    )


def _in_suspense(facts: DepositFacts) -> Blocker | None:
    if facts.state == "in_suspense":
        return None
    return Blocker(
        code="not_in_suspense",
        reason=Text(
            "この入金は「{state}」で、期限を待っていません。", "This deposit is “{state}” and has no clock."
        ).format(state=DEPOSIT.states[facts.state]),
        rule="P002",
        resolved_by="operator",
        facts={"state": facts.state},
        remedy=TO_DEPOSITS,
    )


def _clock_has_come(facts: DepositFacts) -> Blocker | None:
    if facts.decide_by is None or facts.decide_by <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text("期限はまだ来ていません。", "The deadline has not come."),
        rule="P003",
        resolved_by="time",
        clears_at=facts.decide_by,
    )


def _milestone_awaits(facts: MatchFacts) -> Blocker | None:
    if facts.milestone_state in (None, "awaiting_funding"):
        return None
    return Blocker(
        code="milestone_not_awaiting",
        reason=Text(
            "このマイルストーンは「{state}」で、入金を待っていません。",
            "That milestone is “{state}” and awaits no money.",
        ).format(state=MILESTONE.states[facts.milestone_state or ""]),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.milestone_state},
        remedy=Remedy(Text("契約を見る", "See the contract"), facts.contract_url),
    )


def _enough(facts: MatchFacts) -> Blocker | None:
    if facts.milestone_state is None or facts.pool_yen >= facts.needed_yen:
        return None
    return Blocker(
        code="amount_too_small",
        reason=Text(
            "仮払いには{needed}が必要で、この入金とあわせて{pool}しかありません({missing}不足)。",
            "The escrow needs {needed}; with this deposit there are {pool}, {missing} too little.",
        ).format(
            needed=yen(facts.needed_yen),
            pool=yen(facts.pool_yen),
            missing=yen(facts.needed_yen - facts.pool_yen),
        ),
        rule="P009",
        resolved_by="counterparty",
        facts={"needed_yen": facts.needed_yen, "pool_yen": facts.pool_yen},
        remedy=TO_DEPOSITS,
    )


def _to_be_explained(facts: CancellationFacts) -> Blocker | None:
    if facts.state == "open":
        return None
    return Blocker(
        code="already_explained",
        reason=Text("この明細はもう「{state}」です。", "This line is “{state}” already.").format(
            state=CANCELLATION.states[facts.state]
        ),
        rule="P002",
        resolved_by="you",
        facts={"state": facts.state},
        remedy=TO_DEPOSITS,
    )


def _demo_only(facts: PayInFacts) -> Blocker | None:
    if facts.is_demo:
        return None
    return Blocker(
        code="not_a_demo",
        reason=Text("デモの銀行はデモにだけあります。", "Only a demo has a bank of its own."),
        rule="P008",
        resolved_by="you",
        remedy=Remedy(
            Text("振込先を見る", "See where to send the money"), f"{facts.url}milestones/{facts.milestone_id}/fund/"
        ),
        status=403,
    )


def _clients_step(facts: PayInFacts) -> Blocker | None:
    """The first rule of funding, asked alone: a demo may send money late or twice, to show what happens then."""
    return FUND.rules[0](facts)


def action(name: str, title: Text, no: Text, subject: str, *rules: Callable[[Any], Blocker | None]) -> Action:
    """An action of this room."""
    return Action(name=f"payments.{name}", title=title, no=no, subject=subject, rules=rules)


SEE_DEPOSITS = action(
    "deposits.see",
    Text("入金と仮受金を見る", "See deposits and suspense"),
    Text("入金の一覧は見られません", "The deposits cannot be seen"),
    "",
    handled_by("staff", "system"),
)
SEE_DEPOSIT = action(
    "deposit.see",
    Text("入金を見る", "See a deposit"),
    Text("この入金は見られません", "This deposit cannot be seen"),
    "payments.deposit",
    handled_by("staff", "system", "client"),
)
IMPORT = action(
    "statement.import",
    Text("入出金明細を取り込む", "Import a bank statement"),
    Text("いまは取り込めません", "Nothing can be imported now"),
    "",
    handled_by("staff", "system"),
    _account_known,
)
MATCH = action(
    "deposit.match",
    Text("入金を仮払いに充てる", "Put a deposit into escrow"),
    Text("この入金は充てられません", "This deposit cannot be put into escrow"),
    "payments.deposit",
    handled_by("staff"),
    still_waits,
    _milestone_awaits,
    _enough,
)
SEND_BACK = action(
    "deposit.send_back",
    Text("入金を返送する", "Send a deposit back"),
    Text("この入金は返送できません", "This deposit cannot be sent back"),
    "payments.deposit",
    handled_by("staff"),
    still_waits,
)
LAPSE = action(
    "deposit.lapse",
    Text("期限により返送に回す", "Set aside to be sent back by its deadline"),
    Text("期限では返送に回りません", "It is not set aside by a deadline"),
    "payments.deposit",
    handled_by("system"),
    _in_suspense,
    _clock_has_come,
)
RECONSIDER = action(
    "deposits.reconsider",
    Text("仮受金を見直す", "Look at deposits again"),
    Text("見直せません", "They cannot be looked at again"),
    "",
    handled_by("system"),
)
REMIND = action(
    "operator.remind",
    Text("残っている入金の手続きを知らせる", "Remind of deposits that wait"),
    Text("知らせられません", "Nobody can be reminded"),
    "",
    handled_by("system"),
)
EXPLAIN_CANCELLATION = action(
    "cancellation.explain",
    Text("銀行の取消を確認済みにする", "Explain what the bank took back"),
    Text("いまは確認済みにできません", "It cannot be explained now"),
    "payments.cancellation",
    handled_by("staff"),
    _to_be_explained,
)
SEE_INSTRUCTION = action(
    "instruction.see",
    Text("振込先を見る", "See where to send the money"),
    Text("いまは振り込めません", "No money can be sent now"),
    "contracts.milestone",
    *FUND.rules,
    _account_known,
)
LET_BANK_SEND = action(
    "demo.send",
    Text("銀行が入金する", "The bank sends it"),
    Text("デモの銀行は振り込めません", "The demo's bank cannot send it"),
    "contracts.milestone",
    _clients_step,
    _account_known,
    _demo_only,
)
