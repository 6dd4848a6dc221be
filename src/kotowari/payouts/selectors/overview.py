"""What the page of rewards shows: the balance, where it comes from, when it is paid, and what stands in the way."""

from collections.abc import Iterable, Sequence
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
from kotowari.payouts.limits import LimitedLot, limits_of, outcome_for
from kotowari.payouts.models import BankAccount, CarriedOver, ExpiredReward, Payout
from kotowari.payouts.receiving import ON_THE_WAY, Receivers, receivers
from kotowari.payouts.schedule import next_closings
from kotowari.payouts.selectors.prospects import FeesSoFar, Waiting, fees_so_far, waiting_for
from kotowari.payouts.services.expiring import proposes_quick
from kotowari.pricing import PayoutTerms

LOTS_SHOWN = 200
CLOSINGS_SHOWN = 3
HISTORY_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LotToCome:
    """One reward as far as it is not paid out: how old it is, the last day on which it can be paid out by choice, and
    what then becomes of it (`at_expiry`: `paid_out`, `dormant` or `forfeited`).

    `stopped_until` is until when its clock stands still, if it does now; `stopped_days` how much it was stopped in all.
    """

    milestone_id: UUID
    title: str
    url: str
    fixed_at: datetime
    amount_yen: int
    remaining_yen: int
    age_days: int
    expires_on: date
    at_expiry: str
    stopped_until: datetime | None
    stopped_days: int


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
    """Everything about a member's money here, at one moment. Payouts newest first; `to_pay` is what it was reckoned from."""

    to_pay: Receivers
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
    expired: Sequence[ExpiredReward]
    dormant_yen: int
    payouts_before: int
    proposes_quick: bool
    waiting: Waiting
    fees: FeesSoFar


def reward_overview(member_id: UUID) -> RewardOverview:
    """A member's rewards, payouts and refunds: at most twenty queries, however much there is."""
    terms = PayoutTerms.in_force()
    owned = [accounts.available(member_id), accounts.refund_due(member_id), accounts.dormant(member_id)]
    balances = ledger.balances_of(owned)
    available_yen, refund_due_yen, dormant_yen = (balances[account] for account in owned)
    days = next_closings(CLOSINGS_SHOWN, terms)
    to_pay = receivers([member_id], terms, cycle=days[0][0])
    payouts = list(
        Payout.objects.filter(member_id=member_id).select_related("closing").order_by("-number")[:HISTORY_SHOWN]
    )
    in_flight = [payout for payout in payouts if payout.state in ON_THE_WAY]
    limits = limits_of(member_id, terms)
    account = to_pay.accounts.get(member_id)
    facts = to_pay.reward_facts(
        member_id,
        available_yen,
        closes_on=days[0][0],
        pays_on=days[0][1],
        in_flight=tuple(InFlight(net_yen=p.net_yen, pays_on=p.pays_on) for p in in_flight if p.is_of_rewards),
    )
    decision = decide(RECEIVE, facts)
    return RewardOverview(
        to_pay=to_pay,
        available_yen=available_yen,
        refund_due_yen=refund_due_yen,
        lots=_lots(limits[:LOTS_SHOWN], outcome_for(member_id, to_pay)),
        method=facts.method,
        methods=terms.methods,
        minimum_yen=facts.minimum_yen,
        account=account,
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
        expired=list(ExpiredReward.objects.filter(member_id=member_id).order_by("-id")[:HISTORY_SHOWN]),
        dormant_yen=dormant_yen,
        payouts_before=to_pay.payouts_before.get(member_id, 0),
        proposes_quick=proposes_quick(terms, available_yen, paid_by_closing=decision.allowed),
        waiting=waiting_for(member_id, available_yen, limits, terms, account.bank_code if account else None),
        fees=fees_so_far(member_id),
    )


def _lots(limits: Sequence[LimitedLot], outcome: str) -> list[LotToCome]:
    titles = titles_of(each.lot.milestone_id for each in limits)
    today, now = clock.today(), clock.now()
    found = []
    for each in limits:
        title, contract_id = titles.get(each.lot.milestone_id, ("", None))
        found.append(
            LotToCome(
                milestone_id=each.lot.milestone_id,
                title=title,
                url=f"/contracts/{contract_id}/" if contract_id else "",
                fixed_at=each.lot.fixed_at,
                amount_yen=each.lot.amount_yen,
                remaining_yen=each.lot.remaining_yen,
                age_days=(today - clock.tokyo(each.lot.fixed_at).date()).days,
                expires_on=each.last_on,
                at_expiry=outcome,
                stopped_until=each.clock.stopped_until(now),
                stopped_days=each.clock.stopped_for.days,
            )
        )
    return found


def titles_of(milestone_ids: Iterable[UUID]) -> dict[UUID, tuple[str, UUID]]:
    """What rewards were for: title and contract of each milestone, in one query."""
    rows = Milestone.objects.filter(pk__in=set(milestone_ids)).values_list("pk", "title", "contract_id")
    return {pk: (title, contract_id) for pk, title, contract_id in rows}


def _refund_blockers(to_pay: Receivers, member_id: UUID) -> tuple[Blocker, ...]:
    facts = to_pay.refund_facts(member_id)
    found = (rule(facts) for rule in (account_registered, account_works, not_held))
    return tuple(replace(b, code=f"{RECEIVE.name}.{b.code}") for b in found if b is not None)


def _carried_over(member_id: UUID) -> list[PastClosing]:
    rows = CarriedOver.objects.filter(member_id=member_id).select_related("closing").order_by("-id")
    return [PastClosing(row.closing.closes_on, row.kind, row.amount_yen, row.reasons) for row in rows[:HISTORY_SHOWN]]
