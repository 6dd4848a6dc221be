"""Delivered milestones with their money in escrow, any number of them, made fast and with the books in order.

Members, jobs, proposals, contracts and milestones are written by SQL, with the triggers that would ask how each got
into its state set aside; the money goes through the ledger's own writer, so every invariant holds.
"""

from uuid import UUID

CLIENTS = 200
WORKERS = 10_000
PER_DEPOSIT = 100
"""Milestones funded out of one deposit."""

PAYS_YEN, RECEIVES_YEN = 11_000, 8_800

ROWS = f"""
INSERT INTO accounts_member (id, password, username, display_name, email, kind, language, is_staff, is_active, joined_at,
    check_asked_at)
SELECT gen_random_uuid(), '!', 'client' || i, '発注者' || i, 'client' || i || '@example.com', 'individual', 'ja',
    false, true, now() - interval '90 days', now()
FROM generate_series(1, {CLIENTS}) i
UNION ALL
SELECT gen_random_uuid(), '!', 'worker' || i, '受注者' || i, 'worker' || i || '@example.com', 'individual', 'ja',
    false, true, now() - interval '90 days', now()
FROM generate_series(1, {WORKERS}) i;

CREATE TEMP TABLE plan AS
SELECT i, gen_random_uuid() AS proposal_id, gen_random_uuid() AS contract_id, gen_random_uuid() AS milestone_id,
    (SELECT id FROM accounts_member WHERE username = 'worker' || 1 + (i * 7919::bigint) %% {WORKERS}) AS worker_id,
    i / {WORKERS} AS job
FROM generate_series(0, %(milestones)s - 1) i;

INSERT INTO market_job (id, number, client_id, kind, category_id, title, description, budget_min_yen, budget_max_yen,
    work_unit, hires_wanted, hires_made, apply_until, due_on, stays_inside, poster_name, poster_address,
    poster_contact, work_place, rights, rights_note, delivery_place, inspection_days, payment_due_days,
    has_non_cash_payment, non_cash_terms, is_recommission, recommission_terms, has_withholding, withholding_kind,
    state, posted_at, search)
SELECT gen_random_uuid(), nextval('market_job_number'), (SELECT id FROM accounts_member WHERE username = 'client' || 1 + j),
    'project', (SELECT id FROM market_category ORDER BY position LIMIT 1), '仕事' || j, '説明', 10000, 10000, '',
    30000, 0, now() + interval '9 days', current_date + 60, true, '例示商店', '東京都千代田区1-1', '03-0000-0000', '在宅',
    'transfer', '', '納品画面', 7, 60, false, '', false, '', false, '', 'open', now() - interval '30 days', ''
FROM generate_series(0, {CLIENTS} - 1) j;

ALTER TABLE market_proposal DISABLE TRIGGER USER;
ALTER TABLE contracts_milestone DISABLE TRIGGER USER;
INSERT INTO market_proposal (id, job_id, worker_id, message, state, sent_at, lapses_at, decided_at, decline_reason, decline_note)
SELECT p.proposal_id, j.id, p.worker_id, '応募します', 'accepted', now() - interval '20 days', now() - interval '6 days',
    now() - interval '19 days', '', ''
FROM plan p JOIN market_job j ON j.title = '仕事' || p.job;
INSERT INTO contracts_contract (id, proposal_id, job_id, client_id, worker_id, title, state, made_at, inspection_days,
    pricing_terms, policy_version)
SELECT p.contract_id, p.proposal_id, j.id, j.client_id, p.worker_id, '契約' || p.i, 'active', now() - interval '19 days', 7,
    '{{}}', 'bench'
FROM plan p JOIN market_job j ON j.title = '仕事' || p.job;
INSERT INTO contracts_milestone (id, contract_id, position, title, due_on, state, deadline_at, reference, price_yen,
    tax_yen, client_fee_yen, client_fee_tax_yen, system_fee_yen, system_fee_tax_yen, withholding_yen, client_pays_yen,
    worker_receives_yen, funded_at, delivered_at, accepted_by_clock)
SELECT milestone_id, contract_id, 1, 'マイルストーン' || i, current_date, 'delivered', now() - interval '1 minute',
    lpad(i::text, 10, '0'), 10000, 1000, 0, 0, 2200, 200, 0, {PAYS_YEN}, {RECEIVES_YEN},
    now() - interval '18 days', now() - interval '7 days', false
FROM plan;
ALTER TABLE market_proposal ENABLE TRIGGER USER;
ALTER TABLE contracts_milestone ENABLE TRIGGER USER;
INSERT INTO contracts_delivery (id, milestone_id, number, message, links, delivered_at)
SELECT gen_random_uuid(), milestone_id, 1, '納品します', '[]', now() - interval '7 days' FROM plan;

INSERT INTO payments_statementfile (id, digest, filename, kind, imported_at, line_count, known_count, deposit_count,
    deposit_yen, matched_count, suspense_count, outgoing_count, returned_count, cancellation_count, warnings)
VALUES (gen_random_uuid(), 'bench', 'bench', '03', now(), 1, 0, 1, 0, 1, 0, 0, 0, 0, '[]');
ALTER TABLE payments_deposit DISABLE TRIGGER USER;
INSERT INTO payments_deposit (id, statement_id, natural_key, pair_key, line, amount_yen, remaining_yen, booked_on,
    payer_name_sealed, sending_bank, sending_branch, has_cheques, reference, is_certain, state, waits_for, note,
    received_at, closed_at)
SELECT gen_random_uuid(), (SELECT id FROM payments_statementfile), 'bench' || d, 'bench' || d, d + 1, 0 + amount, 0,
    current_date, '', '', '', false, '', true, 'matched', '', '', now() - interval '18 days', now() - interval '18 days'
FROM (SELECT i / {PER_DEPOSIT} AS d, count(*) * {PAYS_YEN} AS amount FROM plan GROUP BY 1) deposits;
ALTER TABLE payments_deposit ENABLE TRIGGER USER;
INSERT INTO payments_depositmatch (id, deposit_id, milestone_id, amount_yen, matched_at)
SELECT gen_random_uuid(), d.id, p.milestone_id, {PAYS_YEN}, now() - interval '18 days'
FROM plan p JOIN payments_deposit d ON d.natural_key = 'bench' || p.i / {PER_DEPOSIT};
"""


def fill(milestones: int) -> list[UUID]:
    """So many delivered milestones, one per contract, whose acceptance is due; their ids in no order."""
    from django.db import connection, transaction

    from kotowari.contracts.models import Milestone

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(ROWS, {"milestones": milestones})
    _fund()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return list(Milestone.objects.order_by("id").values_list("id", flat=True))


def _fund() -> None:
    from kotowari.foundation.actors import SYSTEM
    from kotowari.ledger import accounts
    from kotowari.ledger.catalogue import JournalKind
    from kotowari.ledger.services import Entry, Line, post_many
    from kotowari.payments.models import Deposit, DepositMatch

    received = [
        Entry(
            kind=JournalKind.DEPOSIT_RECEIVED,
            scope="bench.received",
            key=str(deposit_id),
            lines=[Line(accounts.bank_deposits(), -yen), Line(accounts.suspense(deposit_id), yen)],
            deposit_id=deposit_id,
        )
        for deposit_id, yen in Deposit.objects.values_list("id", "amount_yen")
    ]
    matches = DepositMatch.objects.order_by("deposit").values_list(
        "deposit_id", "milestone_id", "milestone__contract_id"
    )
    matched = [
        Entry(
            kind=JournalKind.DEPOSIT_MATCHED,
            scope="bench.matched",
            key=str(milestone_id),
            lines=[Line(accounts.suspense(deposit_id), -PAYS_YEN), Line(accounts.escrow(milestone_id), PAYS_YEN)],
            contract_id=contract_id,
            milestone_id=milestone_id,
            deposit_id=deposit_id,
        )
        for deposit_id, milestone_id, contract_id in matches
    ]
    entries = [*received, *matched]
    for start in range(0, len(entries), 1_000):
        post_many(entries[start : start + 1_000], actor=SYSTEM)
