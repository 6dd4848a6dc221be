"""Members of a closing for whom nothing stands in the way, paid set by set.

Who that is, the gate says: `rates` asks it once for each kind of member and amount there can be, and the database only
sorts members into what was allowed. Whoever fits nowhere is asked about one by one, so that reasons are the gate's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from kotowari.accounts.selectors import restrictions_in_force
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.outbox import emit_alike
from kotowari.kernel import clock
from kotowari.kernel.gates import decide
from kotowari.kernel.money import portion
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.selectors import RewardSet
from kotowari.ledger.services import Alike, Shape, ShapeLine, post_alike, take_alike
from kotowari.payouts import entries, events
from kotowari.payouts.destinations import fault_of
from kotowari.payouts.gates import RECEIVE
from kotowari.payouts.models import BankAccount, Closing, Payout, PayoutMethod
from kotowari.payouts.receiving import Receivers, payouts_since_closing
from kotowari.pricing import PayoutTerms

ANY_OTHER_BANK = ""
NOT_CHOSEN = ""
NO_LIMIT_YEN = 2**62
SHAPE = Shape(
    JournalKind.PAYOUT_REQUESTED,
    "payout.request",
    (
        ShapeLine(accounts.AVAILABLE, -1),
        ShapeLine(accounts.PAYOUT_IN_FLIGHT, 1),
        ShapeLine(accounts.TRANSFER_FEE_INCOME, 1),
        ShapeLine(accounts.CONSUMPTION_TAX, 1),
    ),
)
"""The journal of a reward that is paid out, as `requesting` posts it one by one."""


class Rate(NamedTuple):
    """Whoever chose this (`NOT_CHOSEN`), has an account at this bank and is due an amount between these is paid so."""

    chosen: str
    bank_code: str
    least_yen: int
    most_yen: int
    method: str
    fee_yen: int
    fee_tax_yen: int


def rates(terms: PayoutTerms, *, closes_on: date, pays_on: date) -> list[Rate]:
    """Everything that `RECEIVE` allows to a member whose account works and whose payouts nothing holds.

    Choices, banks and amounts between which neither the fee nor the decision changes are few; the gate is asked about
    the least amount of each.
    """
    tax_permille = policy.value("tax.consumption_permille", closes_on)
    choices = [NOT_CHOSEN, *(name for name, _ in PayoutMethod._meta.get_field("method").choices or ())]
    banks = [ANY_OTHER_BANK, *_banks_with_own_fee(terms)]
    allowed = []
    for chosen in choices:
        for bank_code in banks:
            someone = UUID(int=0)
            to_pay = Receivers(
                {someone: BankAccount(bank_code=bank_code)}, {someone: chosen} if chosen else {}, {}, terms
            )
            for least_yen, next_yen in pairwise([*_where_something_changes(terms), NO_LIMIT_YEN + 1]):
                facts = to_pay.reward_facts(someone, least_yen, closes_on=closes_on, pays_on=pays_on)
                if decide(RECEIVE, replace(facts, account_fault=None)).allowed:
                    fee_yen = to_pay.fee_yen(someone, least_yen)
                    tax_yen = portion(fee_yen, tax_permille, 1000 + tax_permille)
                    allowed.append(Rate(chosen, bank_code, least_yen, next_yen - 1, facts.method, fee_yen, tax_yen))
    return allowed


def _banks_with_own_fee(terms: PayoutTerms) -> list[str]:
    return sorted({fee.bank_code for fee in terms.transfer_fees if fee.bank_code is not None})


def _where_something_changes(terms: PayoutTerms) -> list[int]:
    """Amounts at which a fee begins, a minimum is reached, or a fee no longer takes everything."""
    limits = {terms.standard_minimum_yen, terms.threshold_minimum_yen}
    limits |= {fee.below_yen for fee in terms.transfer_fees if fee.below_yen is not None}
    limits |= {fee.fee_yen + 1 for fee in terms.transfer_fees}
    return sorted({1, *(limit for limit in limits if limit > 1)})


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many were paid, and the others of the set: how much each is due."""

    paid: int
    others: dict[UUID, int]


def pay_whom_nothing_stops(actor: Actor, closing: Closing, due: RewardSet) -> Gathered:
    """Make payouts, journals and lots of those whom the gate would let be paid. The members are locked by the caller."""
    terms = PayoutTerms.from_dict(closing.terms)
    fitting = rates(terms, closes_on=closing.closes_on, pays_on=closing.pays_on)
    with connection.cursor() as cursor:
        places = _places_that_can_be_paid(due)
        cursor.execute(
            _PAY,
            {
                "members": due.members,
                "amounts": due.amounts_yen,
                "own_fee": _banks_with_own_fee(terms),
                "one_by_one": [*_held_among(due), *_paid_before(due, closing.closes_on, terms)],
                "banks": [bank_code for bank_code, _ in places],
                "branches": [branch_code for _, branch_code in places],
                **_columns(fitting),
                "closing": closing.pk,
                "closes_on": closing.closes_on,
                "pays_on": closing.pays_on,
                "now": clock.now(),
                "subject": Payout._meta.label_lower,
            },
        )
        paid, payouts, keys, owners, changes_yen, members, amounts_yen, entered, told, others, others_due = (
            cursor.fetchone()
        )
    if paid:
        post_alike(SHAPE, Alike(keys, owners, changes_yen, payouts=payouts), actor=actor)
        take_alike(members=members, amounts_yen=amounts_yen, payouts=payouts)
        audit.record_alike(actor=actor, kind=entries.REQUESTED, rows=entered, count=paid)
        emit_alike(events.PayoutRequested, told)
    return Gathered(paid, dict(zip(others or (), others_due or (), strict=True)))


def _places_that_can_be_paid(due: RewardSet) -> Sequence[tuple[str, str]]:
    """Banks and branches of these members' accounts that are in the directory; each is looked up once."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, (due.members,))
        return [place for place in cursor.fetchall() if fault_of(*place) is None]


def _held_among(due: RewardSet) -> list[UUID]:
    """Members whose payouts a restriction holds now; those outside the set do no harm."""
    held = restrictions_in_force().filter(scope__contains=["payout"], member_id__gte=due.first, member_id__lte=due.last)
    return list(held.values_list("member_id", flat=True))


def _paid_before(due: RewardSet, closes_on: date, terms: PayoutTerms) -> list[UUID]:
    """Members who had payouts since the closing before, where that decides their fee (A052)."""
    if not terms.free_transfers_per_closing:
        return []
    before = payouts_since_closing(closes_on, terms).filter(member_id__gte=due.first, member_id__lte=due.last)
    return list(before.order_by().values_list("member_id", flat=True).distinct())


def _columns(fitting: Collection[Rate]) -> dict[str, list[str] | list[int]]:
    return {f"rate_{name}": [getattr(rate, name) for rate in fitting] for name in Rate._fields}


_PLACES = """
SELECT DISTINCT bank_code, branch_code FROM payouts_bankaccount
WHERE member_id = ANY (%s::uuid[]) AND replaced_at IS NULL AND fault_text IS NULL
"""

_PAY = """
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS at), due AS MATERIALIZED (
    SELECT * FROM unnest(%(members)s::uuid[], %(amounts)s::bigint[]) WITH ORDINALITY AS d (member_id, gross_yen, place)
), ready AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY d.place) AS number, d.member_id, d.gross_yen,
        r.method, r.fee_yen, r.fee_tax_yen, a.id AS account_id, a.bank_code, a.bank_name, a.bank_kana, a.branch_code,
        a.branch_name, a.branch_kana, a.account_kind
    FROM due d
    JOIN payouts_bankaccount a ON a.member_id = d.member_id AND a.replaced_at IS NULL AND a.fault_text IS NULL
    JOIN unnest(%(banks)s::text[], %(branches)s::text[]) AS p (bank_code, branch_code)
        ON p.bank_code = a.bank_code AND p.branch_code = a.branch_code
    LEFT JOIN payouts_payoutmethod m ON m.member_id = d.member_id
    JOIN unnest(%(rate_chosen)s::text[], %(rate_bank_code)s::text[], %(rate_least_yen)s::bigint[],
            %(rate_most_yen)s::bigint[], %(rate_method)s::text[], %(rate_fee_yen)s::bigint[],
            %(rate_fee_tax_yen)s::bigint[])
        AS r (chosen, bank_code, least_yen, most_yen, method, fee_yen, fee_tax_yen)
        ON r.chosen = coalesce(m.method, '')
        AND r.bank_code = CASE WHEN a.bank_code = ANY (%(own_fee)s::text[]) THEN a.bank_code ELSE '' END
        AND d.gross_yen BETWEEN r.least_yen AND r.most_yen
    WHERE d.member_id <> ALL (%(one_by_one)s::uuid[])
), paid AS (
    INSERT INTO payouts_payout (id, member_id, kind, method, closing_id, account_id, bank_code, bank_name, bank_kana,
        branch_code, branch_name, branch_kana, account_kind, gross_yen, fee_yen, fee_tax_yen, quick_fee_yen,
        quick_fee_tax_yen, net_yen, pays_on, state, requested_at)
    SELECT ledger_new_id((SELECT at FROM moment), number), member_id, 'reward', method, %(closing)s, account_id,
        bank_code, bank_name, bank_kana, branch_code, branch_name, branch_kana, account_kind, gross_yen, fee_yen,
        fee_tax_yen, 0, 0, gross_yen - fee_yen, %(pays_on)s, 'requested', %(now)s
    FROM ready ORDER BY number
    RETURNING id, member_id, gross_yen, fee_yen, fee_tax_yen, net_yen
), told AS MATERIALIZED (
    SELECT p.*, ledger_new_id((SELECT at FROM moment), row_number() OVER (ORDER BY id)) AS new_id FROM paid p
), others AS MATERIALIZED (
    SELECT * FROM due d WHERE d.member_id NOT IN (SELECT member_id FROM ready)
)
SELECT count(*), array_agg(t.id ORDER BY t.id)::text,
    array_agg('reward:' || %(closes_on)s::date || ':' || t.member_id ORDER BY t.id)::text,
    array_agg(ARRAY[t.member_id, t.id, NULL, NULL] ORDER BY t.id)::text,
    array_agg(ARRAY[-t.gross_yen, t.net_yen, t.fee_yen - t.fee_tax_yen, t.fee_tax_yen] ORDER BY t.id)::text,
    array_agg(t.member_id ORDER BY t.id)::text, array_agg(t.gross_yen ORDER BY t.id)::text,
    json_agg(json_build_object('id', t.new_id, 'subject_kind', %(subject)s::text, 'subject_id', t.id,
        'data', json_build_object('gross_yen', t.gross_yen, 'net_yen', t.net_yen)) ORDER BY t.id)::text,
    json_agg(json_build_object('id', t.new_id, 'payload', json_build_object('payout_id', t.id,
        'member_id', t.member_id, 'kind', 'reward', 'gross_yen', t.gross_yen, 'fee_yen', t.fee_yen,
        'net_yen', t.net_yen, 'pays_on', %(pays_on)s::date, 'closes_on', %(closes_on)s::date)) ORDER BY t.id)::text,
    (SELECT array_agg(member_id ORDER BY place) FROM others), (SELECT array_agg(gross_yen ORDER BY place) FROM others)
FROM told t
"""
