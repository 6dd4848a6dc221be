"""Acceptance: the reward is fixed, the fee is taken. One delivery or a thousand go the same way, set by set."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from kotowari.contracts import entries, events, selectors
from kotowari.contracts.gates import ACCEPT
from kotowari.contracts.models import Milestone
from kotowari.contracts.services.clocks import keep_in
from kotowari.contracts.services.closing import close_done_contracts
from kotowari.contracts.transitions import MILESTONE
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit_alike
from kotowari.kernel import clock
from kotowari.kernel.gates import allowed_among, decide, require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Alike, Shape, ShapeLine, open_alike, post_alike

SHAPE = Shape(
    JournalKind.MILESTONE_ACCEPTED,
    "milestone.close",
    (
        ShapeLine(accounts.ESCROW, -1),
        ShapeLine(accounts.AVAILABLE, 1),
        ShapeLine(accounts.FEE_INCOME, 1),
        ShapeLine(accounts.CONSUMPTION_TAX, 1),
    ),
)


@command(ACCEPT)
def accept_delivery(*, actor: Actor, milestone_id: UUID) -> Milestone:
    """Accept what was delivered: the worker's reward is fixed and the fee taken, in one journal."""
    milestone = lock(Milestone, milestone_id, "contract")
    keep_in([milestone.contract.client_id])
    require(ACCEPT, actor, milestone)
    _settle(actor, _array([milestone]))
    milestone.refresh_from_db()
    return milestone


@command(ACCEPT)
def accept_due_deliveries(*, actor: Actor, milestone_ids: Sequence[UUID]) -> int:
    """Accept deliveries whose acceptance clock has run out; returns how many.

    Rows that somebody else holds or that are no longer due are left to the next round.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, (list(milestone_ids),))
        held, client_ids, since = cursor.fetchone()
    if held is None:
        return 0
    # Whom somebody shuts out at this very moment is left to the next round as well: a freeze then counts in full.
    kept = keep_in(client_ids, skip_locked=True)
    alike, others = selectors.milestones_alike(held, kept, since)
    due = [kind.ids for kind in alike if decide(ACCEPT, kind.facts).allowed]
    if one_by_one := allowed_among(ACCEPT, actor, others):
        due.append(_array(one_by_one))
    # All in one set, so that balances are locked in one order.
    return _settle(actor, "{" + ",".join(ids.strip("{}") for ids in due) + "}") if due else 0


def _settle(actor: Actor, milestones: str) -> int:
    """Settle milestones that the gate let pass; what each step hands to the next stays in the database."""
    now, by_clock = clock.now(), isinstance(actor, SystemActor)
    event = "accept_by_clock" if by_clock else "accept"
    [delivered] = MILESTONE.sources_of(event)
    state = MILESTONE.require(delivered, event)
    with connection.cursor() as cursor:
        subject = Milestone._meta.label_lower
        cursor.execute(
            _ACCEPT,
            {"milestones": milestones, "state": state, "now": now, "by_clock": by_clock, "subject": subject},
        )
        count, keys, contracts, owners, changes_yen, workers, rewards_yen, entered, told = cursor.fetchone()
    post_alike(SHAPE, Alike(keys, owners, changes_yen, contracts=contracts, milestones=keys), actor=actor)
    open_alike(members=workers, milestones=keys, amounts_yen=rewards_yen, fixed_at=now)
    audit.record_alike(actor=actor, kind=entries.ACCEPTED, rows=entered, count=count)
    emit_alike(events.MilestoneAccepted, told)
    close_done_contracts(contracts)
    return int(count)


def _array(milestones: Iterable[Milestone]) -> str:
    return "{" + ",".join(str(milestone.pk) for milestone in milestones) + "}"


_HOLD = """
WITH held AS MATERIALIZED (
    SELECT m.id, m.clock_since, c.client_id FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id
    WHERE m.id = ANY (%s::uuid[]) ORDER BY m.id FOR UPDATE OF m SKIP LOCKED
)
SELECT array_agg(id)::text, array_agg(DISTINCT client_id), min(clock_since) FROM held
"""

# In the order of the workers' accounts: two sets that share a worker wait for each other only once.
_ACCEPT = """
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS at), accepted AS (
    UPDATE contracts_milestone m
    SET state = %(state)s, deadline_at = NULL, closed_at = %(now)s, accepted_by_clock = %(by_clock)s
    FROM contracts_contract c WHERE m.id = ANY (%(milestones)s::uuid[]) AND c.id = m.contract_id
    RETURNING m.id, m.contract_id, m.title, c.client_id, c.worker_id, m.client_pays_yen, m.worker_receives_yen,
        m.client_fee_yen + m.system_fee_yen AS fees_yen, m.client_fee_tax_yen + m.system_fee_tax_yen AS tax_yen
), told AS MATERIALIZED (
    SELECT n.*, ledger_new_id(moment.at, n.number) AS new_id
    FROM (SELECT a.*, row_number() OVER (ORDER BY worker_id, id) AS number FROM accepted a) n, moment
)
SELECT count(*), array_agg(t.id ORDER BY t.number)::text, array_agg(t.contract_id ORDER BY t.number)::text,
    array_agg(ARRAY[t.id, t.worker_id, NULL, NULL] ORDER BY t.number)::text,
    array_agg(ARRAY[-t.client_pays_yen, t.worker_receives_yen, t.fees_yen - t.tax_yen, t.tax_yen] ORDER BY t.number)::text,
    array_agg(t.worker_id ORDER BY t.number)::text, array_agg(t.worker_receives_yen ORDER BY t.number)::text,
    json_agg(json_build_object('id', t.new_id, 'subject_kind', %(subject)s::text, 'subject_id', t.id,
        'data', json_build_object('title', t.title, 'reward_yen', t.worker_receives_yen)) ORDER BY t.number)::text,
    json_agg(json_build_object('id', t.new_id, 'payload', json_build_object('contract_id', t.contract_id,
        'milestone_id', t.id, 'client_id', t.client_id, 'worker_id', t.worker_id, 'title', t.title,
        'reward_yen', t.worker_receives_yen, 'by_clock', %(by_clock)s)) ORDER BY t.number)::text
FROM told t
"""
