"""The facts that gates ask for."""

from collections.abc import Sequence
from datetime import date, timedelta

from kotowari.accounts.models import Member
from kotowari.accounts.restrictions import longest
from kotowari.accounts.selectors import proved_facts, registered_name_of, restrictions_on
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.gates import facts_for
from kotowari.ledger import selectors as ledger
from kotowari.payouts import gates
from kotowari.payouts.at_once import quick_facts
from kotowari.payouts.models import BankDifference, BankEntry, ExpiredReward, HolderReview, Payout, PayoutRun
from kotowari.payouts.receiving import on_the_way, receivers
from kotowari.payouts.schedule import closing_before
from kotowari.payouts.selectors.rows import role_of, run_totals
from kotowari.payouts.sender import sender
from kotowari.payouts.services.quick import quick_without_run
from kotowari.payouts.services.runs import waiting_for_run
from kotowari.pricing import PayoutTerms, closing_dates, is_closing


@subject("payouts.closing_day")
def _closing_day(actor: Actor | None, id: str) -> date:  # noqa: ARG001 - a day is nobody's secret
    return date.fromisoformat(id)


@facts_for(gates.SET_ACCOUNT)
def account_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.AccountFacts]:
    """Facts about whoever acts, what holds their account as it is, and the name that comes before it: two queries."""
    me = actor if isinstance(actor, Member) else None
    facts = gates.AccountFacts(
        **proved_facts(actor),
        is_staff=me is not None and me.is_staff,
        held=longest(restrictions_on(me.pk, "payout_destination")) if me else None,
        needs_name=policy.value("payouts.account_needs") == "name",
        has_name=me is not None and registered_name_of(me.pk) is not None,
    )
    return [facts for _ in subjects]


@facts_for(gates.CHOOSE_METHOD)
def own_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.OwnFacts]:
    """Facts about whoever acts: no query."""
    is_member = isinstance(actor, Member)
    facts = gates.OwnFacts(
        signed_in=is_member,
        is_staff=isinstance(actor, Member) and actor.is_staff,
        left_at=actor.left_at if isinstance(actor, Member) else None,
    )
    return [facts for _ in subjects]


@facts_for(gates.RECEIVE)
def receive_facts(actor: Actor, subjects: Sequence[None]) -> list[gates.ReceiveFacts]:
    """What the next closing would make of a member's rewards as they are now: five queries."""
    assert actor.pk is not None, "only members are paid"
    terms = PayoutTerms.in_force()
    closes_on, pays_on = closing_dates(clock.today(), terms)
    ends_at = clock.end_of(closes_on)
    available_yen = ledger.fixed_before(ends_at, member_ids=[actor.pk]).get(actor.pk, 0)
    facts = receivers([actor.pk], terms, cycle=closes_on).reward_facts(
        actor.pk,
        available_yen,
        closes_on=closes_on,
        pays_on=pays_on,
        in_flight=tuple(on_the_way(actor.pk)) if not available_yen else (),
    )
    return [facts for _ in subjects]


@facts_for(gates.SEE)
def see_facts(actor: Actor | None, payouts: Sequence[Payout]) -> list[gates.SeeFacts]:
    """Whether payouts are one's own or one is the operator: no query."""
    return [gates.SeeFacts(may_see=role_of(actor, payout.member_id) != "other") for payout in payouts]


@facts_for(gates.CLOSE)
def close_facts(actor: Actor | None, days: Sequence[date]) -> list[gates.CloseFacts]:
    """Facts of closing days, by the rules of each day: no query."""
    facts = []
    for day in days:
        terms = PayoutTerms.in_force(day)
        after, _ = closing_dates(day + timedelta(days=1), terms)
        facts.append(
            gates.CloseFacts(
                role=role_of(actor),
                now=clock.now(),
                closes_on=day,
                ends_at=clock.end_of(day),
                is_closing_day=is_closing(day, terms),
                near=(closing_before(day, terms), after),
            )
        )
    return facts


@facts_for(gates.SEE_RUNS, gates.MATCH, gates.REMIND, gates.EXPIRE, gates.COMPARE_HOLDER)
def operator_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.OperatorFacts]:
    """Who acts: no query."""
    return [gates.OperatorFacts(role=role_of(actor)) for _ in subjects]


@facts_for(gates.MAKE_RUN)
def make_run_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.MakeRunFacts]:
    """How many payouts stand in no run: one query."""
    facts = gates.MakeRunFacts(role=role_of(actor), waiting=waiting_for_run().count())
    return [facts for _ in subjects]


@facts_for(gates.FILE, gates.SETTLE_RUN)
def run_facts(actor: Actor | None, runs: Sequence[PayoutRun]) -> list[gates.RunFacts]:
    """Facts of runs, and what the bank would say to their files: one query for any number."""
    totals = run_totals(runs)
    by = sender(clock.today())
    return [
        gates.RunFacts(
            role=role_of(actor),
            run_id=run.pk,
            state=run.state,
            transfers=totals[run.pk].transfers,
            total_yen=totals[run.pk].total_yen,
            daily_limit_yen=by.profile.daily_limit_yen if by and run.state == "ready" else None,
            has_sender=by is not None,
            sender_problems=by.problems if by else (),
        )
        for run in runs
    ]


@facts_for(gates.SETTLE, gates.RETURN, gates.CANCEL, gates.LAPSE)
def payout_facts(actor: Actor | None, payouts: Sequence[Payout]) -> list[gates.PayoutFacts]:
    """Facts of payouts: no query."""
    now = clock.now()
    return [
        gates.PayoutFacts(role=role_of(actor, row.member_id), now=now, state=row.state, lapses_at=row.lapses_at)
        for row in payouts
    ]


@facts_for(gates.BOOK)
def book_facts(actor: Actor | None, rows: Sequence[BankEntry]) -> list[gates.BookFacts]:
    """Facts of lines of the statement, and which way their money went: no query."""
    return [gates.BookFacts(role=role_of(actor), state=row.state, direction=row.direction) for row in rows]


@facts_for(gates.SET_ASIDE, gates.REOPEN)
def entry_facts(actor: Actor | None, rows: Sequence[BankEntry]) -> list[gates.EntryFacts]:
    """Facts of lines of the statement: no query."""
    return [gates.EntryFacts(role=role_of(actor), state=row.state) for row in rows]


@facts_for(gates.SEE_HOLDER, gates.APPROVE_HOLDER, gates.REFUSE_HOLDER, gates.CONTEST_HOLDER, gates.LAPSE_HOLDER)
def holder_facts(actor: Actor | None, reviews: Sequence[HolderReview]) -> list[gates.HolderFacts]:
    """Facts of looks at the holders of accounts: no query, their accounts read along."""
    return [
        gates.HolderFacts(
            role=role_of(actor, row.account.member_id),
            state=row.state,
            now=clock.now(),
            lapses_at=row.lapses_at,
            refused_it=actor is not None and actor.pk is not None and row.refused_by_id == actor.pk,
        )
        for row in reviews
    ]


@facts_for(gates.BE_PAID)
def be_paid_facts(actor: Actor, subjects: Sequence[None]) -> list[gates.RefundFacts]:
    """Whether somebody could be paid as things are: four queries."""
    assert actor.pk is not None, "only members are paid"
    facts = receivers([actor.pk], PayoutTerms.in_force()).refund_facts(actor.pk)
    return [facts for _ in subjects]


@subject("payouts.amount")
def _amount(actor: Actor | None, id: str) -> int | None:  # noqa: ARG001 - an amount is nobody's secret
    return None if id in ("", "all") else int(id)


facts_for(gates.QUICK)(quick_facts)


@facts_for(gates.MAKE_QUICK_RUN)
def make_quick_run_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.MakeRunFacts]:
    """How many quick payouts stand in no run: one query."""
    facts = gates.MakeRunFacts(role=role_of(actor), waiting=quick_without_run().count())
    return [facts for _ in subjects]


@facts_for(gates.RESTORE)
def expired_facts(actor: Actor | None, rows: Sequence[ExpiredReward]) -> list[gates.ExpiredFacts]:
    """Facts of rewards whose time limit came: no query."""
    return [gates.ExpiredFacts(role=role_of(actor, row.member_id), id=row.pk, state=row.state) for row in rows]


@facts_for(gates.REVIVE)
def revive_facts(actor: Actor | None, rows: Sequence[ExpiredReward]) -> list[gates.ReviveFacts]:
    """The same, and whether their owners can be paid: three queries for any number."""
    to_pay = receivers({row.member_id for row in rows}, PayoutTerms.in_force())
    found = []
    for row in rows:
        facts = to_pay.refund_facts(row.member_id)
        found.append(
            gates.ReviveFacts(
                has_account=facts.has_account,
                account_fault=facts.account_fault,
                fault_code=facts.fault_code,
                fault_ends_at=facts.fault_ends_at,
                held=facts.held,
                role=role_of(actor, row.member_id),
                id=row.pk,
                state=row.state,
            )
        )
    return found


@facts_for(gates.RECONCILE, gates.TELL_OPENING)
def reconciling_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.OperatorFacts]:
    """Who acts: no query."""
    return [gates.OperatorFacts(role=role_of(actor)) for _ in subjects]


@facts_for(gates.EXPLAIN_DIFFERENCE)
def difference_facts(actor: Actor | None, rows: Sequence[BankDifference]) -> list[gates.DifferenceFacts]:
    """How differences stand: no query."""
    return [gates.DifferenceFacts(role=role_of(actor), state=row.state) for row in rows]
