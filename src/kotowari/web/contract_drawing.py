"""What a contract's pages show of its milestones: rails, sums, and one line for the list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.clocks import STOPPED_FOR_OTHER, STOPPED_FOR_SELF
from kotowari.contracts.gates import Role
from kotowari.contracts.models import Contract, Milestone
from kotowari.contracts.transitions import CONTRACT, MILESTONE, MOVES
from kotowari.contracts.waits import stopped_among
from kotowari.kernel.spans import RunningClock
from kotowari.kernel.text import Text
from kotowari.web.drawing import Line, Step

_STEPS = {
    "awaiting_funding": Text("仮払い", "Escrow"),
    "funded": Text("作業と納品", "Work and delivery"),
    "delivered": Text("検収", "Acceptance"),
    "accepted": Text("報酬確定", "Reward fixed"),
}
_YOURS = {
    ("awaiting_funding", "client"): Text("あなたの仮払いを待っています", "Waiting for your payment"),
    ("awaiting_funding", "worker"): Text("発注者の仮払いを待っています", "Waiting for the client's payment"),
    ("funded", "client"): Text("受注者の納品を待っています", "Waiting for the worker's delivery"),
    ("funded", "worker"): Text("あなたの納品を待っています", "Waiting for your delivery"),
    ("delivered", "client"): Text("あなたの検収を待っています", "Waiting for your acceptance"),
    ("delivered", "worker"): Text("発注者の検収を待っています", "Waiting for the client's acceptance"),
    ("changes_requested", "client"): Text("受注者の再納品を待っています", "Waiting for the worker's next delivery"),
    ("changes_requested", "worker"): Text("あなたの再納品を待っています", "Waiting for your next delivery"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """One contract on one line: what waits for whom, until when, and the money."""

    state: Text
    tone: str
    waits: Text | None
    until: datetime | None
    amount_yen: int
    is_stopped: bool = False


def mover(state: str, role: Role) -> Text | None:
    """Who moves next, said to this side; staff read it as the client's side would."""
    return _YOURS.get((state, "worker" if role == "worker" else "client"))


def steps(milestone: Milestone, role: Role, stopped: RunningClock | None = None) -> list[Step]:
    """The rail of a milestone: 仮払い → 納品 → 検収 → 報酬確定, with the clock of the present state.

    `stopped` is that clock when it stands still now (`contracts.waits.stopped_among`).
    """
    state = "funded" if milestone.state == "changes_requested" else milestone.state
    names = list(_STEPS)
    if milestone.state in ("refunded", "cancelled"):
        done = 1 if milestone.funded_at else 0
        drawn = [Step(_STEPS[n], "done", at=milestone.funded_at) for n in names[:done]]
        return [*drawn, Step(MILESTONE.states[milestone.state], "stopped", at=milestone.closed_at)]
    here = names.index(state)
    reached = {
        "awaiting_funding": milestone.funded_at,
        "funded": milestone.delivered_at,
        "delivered": milestone.closed_at,
        "accepted": milestone.closed_at,
    }
    rail = []
    for index, name in enumerate(names):
        if index < here or state == "accepted":
            rail.append(Step(_STEPS[name], "done", at=reached[name]))
        elif index == here:
            outcome = MILESTONE.default_outcomes(milestone.state)
            rail.append(
                Step(
                    _STEPS[name],
                    "now",
                    until=milestone.deadline_at if stopped is None else stopped.due_at,
                    stopped=None if stopped is None else words_of_stop(mine=MOVES[milestone.state] == role),
                    then=outcome[0].deadline if outcome else None,
                    mover=mover(milestone.state, role),
                )
            )
        else:
            rail.append(Step(_STEPS[name], "todo"))
    return rail


def words_of_stop(*, mine: bool) -> Text:
    """Why a clock stands still, for the member it waits for or for the other side."""
    return STOPPED_FOR_SELF if mine else STOPPED_FOR_OTHER


def summaries(contracts: Sequence[Contract], role_of: Callable[[Contract], Role]) -> dict[UUID, Summary]:
    """The lines of a list, by contract; needs their milestones read along. Four queries, for clocks that stand still."""
    stopped = stopped_among([milestone for contract in contracts for milestone in with_contract(contract)])
    return {contract.pk: summary(contract, role_of(contract), stopped) for contract in contracts}


def with_contract(contract: Contract) -> list[Milestone]:
    """A contract's milestones that are read along, each with its contract at hand."""
    milestones = list(contract.milestones.all())
    for milestone in milestones:
        milestone.contract = contract
    return milestones


def summary(contract: Contract, role: Role, stopped: Mapping[UUID, RunningClock]) -> Summary:
    """The line of a contract in the list; needs its milestones read along, and their clocks that stand still now."""
    milestones = list(contract.milestones.all())
    waiting = sorted((m for m in milestones if m.deadline_at), key=lambda m: m.deadline_at or m.contract.made_at)
    first = waiting[0] if waiting else None
    amounts = [m.worker_receives_yen if role == "worker" else m.client_pays_yen for m in milestones]
    return Summary(
        state=CONTRACT.states[contract.state],
        tone={"active": "info", "completed": "done", "ended": "plain"}[contract.state],
        waits=mover(first.state, role) if first else None,
        until=None if first is None else stopped[first.pk].due_at if first.pk in stopped else first.deadline_at,
        is_stopped=first is not None and first.pk in stopped,
        amount_yen=sum(amounts),
    )


def sums(milestones: Sequence[Milestone], role: Role) -> list[Line]:
    """The money of a contract line by line, as one side sees it."""

    def total(name: str) -> int:
        return sum(getattr(m, name) for m in milestones)

    lines = [
        Line(Text("契約金額(税抜)", "Price without tax"), total("price_yen"), rule="P006"),
        Line(Text("消費税", "Consumption tax"), total("tax_yen"), rule="tax.consumption_permille"),
    ]
    if total("withholding_yen"):
        lines.append(
            Line(
                Text("源泉徴収", "Withholding"),
                -total("withholding_yen"),
                Text("発注者が税務署に納めます", "paid to the tax office by the client"),
                rule="tax.withholding_basis_points",
            )
        )
    if role == "worker":
        lines.append(
            Line(
                Text("システム利用料(税込)", "System fee with tax"),
                -total("system_fee_yen"),
                rule="fees.system_tiers",
            )
        )
        lines.append(Line(Text("受け取る金額", "You receive"), total("worker_receives_yen"), total=True))
    else:
        if total("client_fee_yen"):
            lines.append(
                Line(
                    Text("発注者手数料(税込)", "Client fee with tax"),
                    total("client_fee_yen"),
                    rule="fees.client_permille",
                )
            )
        lines.append(Line(Text("支払う金額", "You pay"), total("client_pays_yen"), total=True))
    return lines
