"""Why a reward is not paid out yet, why a refund still waits, and where a transfer is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.kernel import clock
from kotowari.kernel.gates import decide
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.explaining import Why, explains
from kotowari.payouts.gates import RECEIVE, account_registered, account_works, not_held
from kotowari.payouts.gates.members import day_in_words
from kotowari.payouts.limits import limited_lots, outcome_for
from kotowari.payouts.models import Payout
from kotowari.payouts.receiving import receivers
from kotowari.payouts.rules import rule_of
from kotowari.payouts.schedule import next_closings
from kotowari.payouts.transitions import PAYOUT
from kotowari.pricing import PayoutTerms
from kotowari.pricing.payouts import AT_EXPIRY_WORDS

_NEXT = Text("{closes}の締めで、{pays}に振り込みます", "the closing of {closes} pays it on {pays}")


@explains(accounts.AVAILABLE)
def rewards(member_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Paid by the next closing, or not, with every reason; and what its oldest reward comes to at its limit."""
    terms = PayoutTerms.in_force()
    closes_on, pays_on = next_closings(1, terms)[0]
    to_pay = receivers(member_ids, terms, cycle=closes_on)
    balances = ledger.balances_of(accounts.available(id) for id in member_ids)
    limits = limited_lots(ledger.open_lots_among(member_ids, fixed_before=clock.end_of(clock.today())), terms)
    found = {}
    for id, name in _names(member_ids).items():
        facts = to_pay.reward_facts(id, balances[accounts.available(id)], closes_on=closes_on, pays_on=pays_on)
        decision = decide(RECEIVE, facts)
        reasons = [blocker.reason for blocker in decision.blockers]
        coming = _NEXT.format(closes=day_in_words(closes_on), pays=day_in_words(pays_on))
        last_on = min((each.last_on for each in limits.get(id, ())), default=None)
        words = Text("{method}:{coming}。", "{method}: {coming}.").format(
            method=facts.method_name, coming=coming if decision.allowed else _joined(reasons)
        )
        found[id] = Why(
            words if last_on is None else _with_limit(words, outcome_for(id, to_pay)),
            rule="A041",
            owner=name,
            owner_id=id,
            until=clock.end_of(last_on) if last_on else None,
            url=f"/console/members/{id}/",
        )
    return found


@explains(accounts.DORMANT)
def kept(member_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Its owner's without any limit; a bank account brings it back."""
    words = Text(
        "出金期限に振込先の口座がなかった報酬。期限なく預かり、口座が登録されると報酬に戻ります。",
        "A reward that met its time limit without an account. Kept without limit; a bank account brings it back.",
    )
    return {id: Why(words, "A043", name, id, url=f"/console/members/{id}/") for id, name in _names(member_ids).items()}


@explains(accounts.REFUND_DUE)
def refunds(member_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Paid by the next closing whatever its size, or not, with every reason."""
    terms = PayoutTerms.in_force()
    closes_on, pays_on = next_closings(1, terms)[0]
    to_pay = receivers(member_ids, terms)
    found = {}
    for id, name in _names(member_ids).items():
        asked = (rule(to_pay.refund_facts(id)) for rule in (account_registered, account_works, not_held))
        reasons = [blocker.reason for blocker in asked if blocker is not None]
        coming = _NEXT.format(closes=day_in_words(closes_on), pays=day_in_words(pays_on))
        found[id] = Why(
            Text("発注者への返金。{coming}。", "A refund: {coming}.").format(
                coming=_joined(reasons) if reasons else coming
            ),
            rule="A046",
            owner=name,
            owner_id=id,
            until=None if reasons else clock.end_of(pays_on),
            url=f"/console/members/{id}/",
        )
    return found


@explains(accounts.PAYOUT_IN_FLIGHT)
def transfers(payout_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Each on its way, with its state and its day."""
    words = Text(
        "振込 {number}({state})。{day}に届く予定です。{why}", "Transfer {number} ({state}), due on {day}. {why}"
    )
    rows = Payout.objects.filter(pk__in=payout_ids, state__in=("requested", "held", "in_file")).select_related("member")
    return {
        row.pk: Why(
            words.format(
                number=row.number, state=PAYOUT.states[row.state], day=day_in_words(row.pays_on), why=row.why or ""
            ),
            rule=rule_of(row),
            owner=row.member.display_name,
            owner_id=row.member_id,
            until=row.lapses_at or clock.end_of(row.pays_on),
            url=f"/console/payouts/{row.run_id}/" if row.run_id else "/console/payouts/",
        )
        for row in rows
    }


def _names(member_ids: Sequence[UUID]) -> dict[UUID, str]:
    return dict(Member.objects.filter(pk__in=member_ids).values_list("pk", "display_name"))


def _joined(reasons: Sequence[Text]) -> Text:
    return Text("".join(r.ja for r in reasons).rstrip("。"), " ".join(r.en for r in reasons).rstrip("."))


def _with_limit(words: Text, outcome: str) -> Text:
    at_limit = Text("{words}出金期限が来ると{then}。", "{words} At its time limit {then}.")
    return at_limit.format(words=words, then=AT_EXPIRY_WORDS[outcome])
