"""What the page of rewards shows: the balance, where it comes from, when it is paid, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from kotowari.accounts.restrictions import InForce
from kotowari.contracts.models import Milestone
from kotowari.kernel import clock
from kotowari.kernel.gates import Blocker, Decision, decide
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts.gates import RECEIVE, InFlight, account_registered, account_works, not_held
from kotowari.payouts.models import BankAccount, CarriedOver, Payout
from kotowari.payouts.receiving import ON_THE_WAY, Receivers, receivers
from kotowari.payouts.schedule import next_closings
from kotowari.pricing import PayoutTerms, expires_on

LOTS_SHOWN = 200
CLOSINGS_SHOWN = 3
HISTORY_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LotToCome:
    """One reward as far as it is not paid out: how old it is and, if the rules end it some day, when and how.

    `at_expiry` is `paid_out`, `dormant` or `forfeited`; with `dormant` there is no such day.
    """

    milestone_id: UUID
    title: str
    url: str
    fixed_at: datetime
    amount_yen: int
    remaining_yen: int
    age_days: int
    expires_on: date | None
    at_expiry: str


@dataclass(frozen=True, slots=True)
class ClosingToCome:
    """What a coming closing would make of the balance as it is now; nothing is paid where `net_yen` is 0."""

    closes_on: date
    pays_on: date
    gross_yen: int
    fee_yen: int
    net_yen: int


@dataclass(frozen=True, slots=True)
class PastClosing:
    """A closing that left money where it was, with every reason."""

    closes_on: date
    kind: str
    amount_yen: int
    reasons: Sequence[Text]


@dataclass(frozen=True, slots=True)
class RewardOverview:
    """Everything about a member's money here, at one moment. Payouts newest first."""

    available_yen: int
    refund_due_yen: int
    lots: Sequence[LotToCome]
    method: str
    methods: Sequence[str]
    minimum_yen: int
    account: BankAccount | None
    held: InForce | None
    decision: Decision
    refund_blockers: Sequence[Blocker]
    closings: Sequence[ClosingToCome]
    in_flight: Sequence[Payout]
    history: Sequence[Payout]
    carried_over: Sequence[PastClosing]


def reward_overview(member_id: UUID) -> RewardOverview:
    """A member's rewards, payouts and refunds: eight queries, however much there is."""
    terms = PayoutTerms.in_force()
    account_of_rewards, account_of_refunds = accounts.available(member_id), accounts.refund_due(member_id)
    balances = ledger.balances_of([account_of_rewards, account_of_refunds])
    available_yen, refund_due_yen = balances[account_of_rewards], balances[account_of_refunds]
    to_pay = receivers([member_id], terms)
    payouts = list(
        Payout.objects.filter(member_id=member_id).select_related("closing").order_by("-number")[:HISTORY_SHOWN]
    )
    in_flight = [payout for payout in payouts if payout.state in ON_THE_WAY]
    days = next_closings(CLOSINGS_SHOWN, terms)
    facts = to_pay.reward_facts(
        member_id,
        available_yen,
        closes_on=days[0][0],
        pays_on=days[0][1],
        in_flight=tuple(InFlight(net_yen=p.net_yen, pays_on=p.pays_on) for p in in_flight if p.kind == "reward"),
    )
    decision = decide(RECEIVE, facts)
    return RewardOverview(
        available_yen=available_yen,
        refund_due_yen=refund_due_yen,
        lots=_lots(member_id, terms, has_account=member_id in to_pay.accounts),
        method=facts.method,
        methods=terms.methods,
        minimum_yen=facts.minimum_yen,
        account=to_pay.accounts.get(member_id),
        held=facts.held,
        decision=decision,
        refund_blockers=_refund_blockers(to_pay, member_id) if refund_due_yen else (),
        closings=[
            ClosingToCome(
                closes_on=closes_on,
                pays_on=pays_on,
                gross_yen=available_yen,
                fee_yen=available_yen - facts.net_yen if decision.allowed else 0,
                net_yen=facts.net_yen if decision.allowed else 0,
            )
            for closes_on, pays_on in days
        ],
        in_flight=in_flight,
        history=[payout for payout in payouts if payout.state not in ON_THE_WAY],
        carried_over=_carried_over(member_id),
    )


def _lots(member_id: UUID, terms: PayoutTerms, *, has_account: bool) -> list[LotToCome]:
    at_expiry = terms.at_expiry
    if at_expiry == "paid_out" and not has_account:
        at_expiry = terms.at_expiry_without_account
    lots = ledger.lots_of(member_id, limit=LOTS_SHOWN)
    titles = {
        pk: (title, contract_id)
        for pk, title, contract_id in Milestone.objects.filter(pk__in=[lot.milestone_id for lot in lots]).values_list(
            "pk", "title", "contract_id"
        )
    }
    today = clock.today()
    found = []
    for lot in lots:
        fixed_on = clock.tokyo(lot.fixed_at).date()
        title, contract_id = titles.get(lot.milestone_id, ("", None))
        found.append(
            LotToCome(
                milestone_id=lot.milestone_id,
                title=title,
                url=f"/contracts/{contract_id}/" if contract_id else "",
                fixed_at=lot.fixed_at,
                amount_yen=lot.amount_yen,
                remaining_yen=lot.remaining_yen,
                age_days=(today - fixed_on).days,
                expires_on=None if at_expiry == "dormant" else expires_on(fixed_on, terms),
                at_expiry=at_expiry,
            )
        )
    return found


def _refund_blockers(to_pay: Receivers, member_id: UUID) -> tuple[Blocker, ...]:
    facts = to_pay.refund_facts(member_id)
    found = (rule(facts) for rule in (account_registered, account_works, not_held))
    return tuple(replace(b, code=f"{RECEIVE.name}.{b.code}") for b in found if b is not None)


def _carried_over(member_id: UUID) -> list[PastClosing]:
    rows = CarriedOver.objects.filter(member_id=member_id).select_related("closing").order_by("-id")
    return [PastClosing(row.closing.closes_on, row.kind, row.amount_yen, row.reasons) for row in rows[:HISTORY_SHOWN]]
