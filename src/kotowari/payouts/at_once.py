"""How much of a balance can be asked for at once, and what a closing that is over has promised already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, Subquery

from kotowari.accounts.models import Member
from kotowari.foundation.actors import Actor
from kotowari.kernel import clock
from kotowari.kernel.gates import decide
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts.gates import RECEIVE, InFlight, QuickFacts
from kotowari.payouts.models import Closing, Payout
from kotowari.payouts.receiving import ON_THE_WAY, Receivers, receivers
from kotowari.payouts.schedule import due_closings
from kotowari.pricing import PayoutTerms, closing_dates, quick_fee_yen

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A closing whose day is over and that has not been through every member."""

    closes_on: date
    pays_on: date
    through: UUID | None


def pending_closings() -> list[date]:
    """The closings whose day is over and that are not done, the oldest first: one query."""
    return [each.closes_on for each in _pending()]


def quick_facts(actor: Actor | None, amounts: Sequence[int | None]) -> list[QuickFacts]:
    """Facts of `QUICK` for amounts (all that is free), at most nine queries for any number of them."""
    return facts_and_fees(actor, amounts)[0]


def facts_and_fees(
    actor: Actor | None, amounts: Sequence[int | None], known: tuple[Receivers, int] | None = None
) -> tuple[list[QuickFacts], Receivers]:
    """The same, with what fees are reckoned from.

    `known` is what a page has read already: whom it pays, of the cycle of the next closing, and the balance in yen.
    """
    terms = PayoutTerms.in_force()
    today = clock.today()
    closes_on, next_pays_on = closing_dates(today, terms)
    member_id = actor.pk if isinstance(actor, Member) else NOBODY
    to_pay, balance_yen = known or (
        receivers([member_id], terms, cycle=closes_on),
        ledger.balance_of(accounts.available(member_id)),
    )
    promised_yen, promised_on = _promised(member_id, to_pay) if balance_yen else (0, None)
    free_yen = balance_yen - promised_yen
    under_way = Payout.objects.filter(member_id=member_id, kind="quick", state__in=ON_THE_WAY).first()
    me = actor if isinstance(actor, Member) else None
    found = []
    for amount in amounts:
        amount_yen = free_yen if amount is None else amount
        fees_yen = quick_fees_yen(to_pay, member_id, amount_yen) if amount_yen > 0 else (0, 0)
        found.append(
            QuickFacts(
                signed_in=me is not None,
                is_staff=me is not None and me.is_staff,
                left_at=me.left_at if me else None,
                has_account=member_id in to_pay.accounts,
                account_fault=to_pay.account_fault(member_id),
                fault_code=to_pay.fault_code(member_id),
                fault_ends_at=to_pay.fault_ends_at(member_id),
                held=to_pay.held.get(member_id),
                is_offered=terms.quick_offered,
                method=to_pay.method_of(member_id),
                only_with_carry_over=terms.quick_only_with_carry_over,
                amount_yen=amount_yen,
                free_yen=free_yen,
                promised_yen=promised_yen,
                promised_on=promised_on,
                today=today,
                next_pays_on=next_pays_on,
                minimum_yen=terms.quick_minimum_yen,
                net_yen=amount_yen - sum(fees_yen),
                quick_in_flight=InFlight(net_yen=under_way.net_yen, pays_on=under_way.promised_on or under_way.pays_on)
                if under_way
                else None,
            )
        )
    return found, to_pay


def quick_fees_yen(to_pay: Receivers, member_id: UUID, amount_yen: int) -> tuple[int, int]:
    """What paying this amount at once costs: the fee for that, and the transfer's."""
    return quick_fee_yen(amount_yen, to_pay.terms), to_pay.fee_yen(member_id, amount_yen)


def _promised(member_id: UUID, to_pay: Receivers) -> tuple[int, date | None]:
    """What closings that are over will take of a member's rewards, and when the last of it is paid."""
    promised_yen, promised_on = 0, None
    for each in _pending():
        if each.through is not None and member_id <= each.through:
            continue
        fixed_yen = ledger.fixed_before(clock.end_of(each.closes_on), member_ids=[member_id]).get(member_id, 0)
        facts = to_pay.reward_facts(member_id, fixed_yen, closes_on=each.closes_on, pays_on=each.pays_on)
        if fixed_yen and decide(RECEIVE, facts).allowed:
            promised_yen, promised_on = fixed_yen, each.pays_on
    return promised_yen, promised_on


def _pending() -> list[_Pending]:
    newest = Closing.objects.order_by("-closes_on").values("closes_on")[:1]
    rows = list(Closing.objects.filter(Q(state="gathering") | Q(closes_on=Subquery(newest))).order_by("closes_on"))
    begun = [_Pending(row.closes_on, row.pays_on, row.rewards_through) for row in rows if row.state == "gathering"]
    last_on = rows[-1].closes_on if rows else None
    to_begin = [_Pending(day, closing_dates(day, PayoutTerms.in_force(day))[1], None) for day in due_closings(last_on)]
    return begun + to_begin
