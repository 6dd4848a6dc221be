"""What staff do with a deposit that is the operator's own money."""

from dataclasses import dataclass

from kotowari.kernel.gates import Blocker
from kotowari.kernel.text import Text
from kotowari.payments.gates.deposits import TO_DEPOSITS, DepositFacts, action, handled_by, still_waits
from kotowari.payments.transitions import DEPOSIT


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMoneyFacts(DepositFacts):
    """A deposit, and whether it certainly came for a client's milestone."""

    is_a_clients: bool


def not_a_clients(facts: OwnMoneyFacts) -> Blocker | None:
    """What a client sent for a milestone goes into its escrow or back, and never to the operator."""
    if not facts.is_a_clients:
        return None
    return Blocker(
        code="is_a_clients",
        reason=Text(
            "発注者が仮払いのために振り込んだお金です。仮払いに充てるか、返送してください。",
            "A client sent this for an escrow. Put it into an escrow, or send it back.",
        ),
        rule="P019",
        resolved_by="operator",
        remedy=TO_DEPOSITS,
    )


def is_operators(facts: DepositFacts) -> Blocker | None:
    """Only what was recorded as the operator's own can be taken back as that."""
    if DEPOSIT.may(facts.state, "reopen"):
        return None
    return Blocker(
        code="not_the_operators",
        reason=Text(
            "この入金は「{state}」です。取り消せるのは、運営のお金として記録したものだけです。",
            "This deposit is “{state}”. Only what was recorded as the operator's own can be taken back.",
        ).format(state=DEPOSIT.states[facts.state]),
        rule="P002",
        resolved_by="operator",
        facts={"state": facts.state},
        remedy=TO_DEPOSITS,
    )


KNOW_OWN = action(
    "deposit.own",
    Text("運営のお金として記録する", "Record as the operator's own money"),
    Text("運営のお金にはできません", "It cannot be the operator's own"),
    "payments.deposit",
    handled_by("staff"),
    still_waits,
    not_a_clients,
)
REOPEN = action(
    "deposit.reopen",
    Text("取り消して仮受金に戻す", "Take it back into suspense"),
    Text("いまは取り消せません", "It cannot be taken back now"),
    "payments.deposit",
    handled_by("staff"),
    is_operators,
)
