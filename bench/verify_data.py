"""Ten million postings: milestones that were funded, accepted and invoiced and became rewards in lots, all in order."""

from bench.books_data import LINES, write_books
from bench.settlement_data import PAYS_YEN, RECEIVES_YEN, ROWS

CONTRACTS = 200
LINES_EACH = 6
"""Two of the funding, four of the acceptance."""

EACH_CONTRACT = """
INSERT INTO contracts_milestone ({columns}) SELECT {values}
FROM contracts_milestone m CROSS JOIN generate_series(2, %(each)s) AS place;
INSERT INTO payments_depositmatch (id, deposit_id, milestone_id, amount_yen, matched_at)
SELECT gen_random_uuid(), x.deposit_id, m.id, {yen}, now() - interval '41 days'
FROM contracts_milestone m JOIN contracts_milestone base ON base.contract_id = m.contract_id AND base.position = 1
JOIN payments_depositmatch x ON x.milestone_id = base.id
WHERE m.position > 1;
UPDATE payments_deposit d SET amount_yen = t.yen FROM (
    SELECT deposit_id, sum(amount_yen) AS yen FROM payments_depositmatch GROUP BY deposit_id
) t WHERE d.id = t.deposit_id;
"""

MONEY = f"""
CREATE TEMP TABLE work AS
SELECT row_number() OVER (ORDER BY m.id) + 1000 AS n, m.id, m.contract_id, m.state, c.worker_id, x.deposit_id
FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id
JOIN payments_depositmatch x ON x.milestone_id = m.id;
CREATE TEMP TABLE deposits AS
SELECT row_number() OVER (ORDER BY deposit_id) AS n, deposit_id, count(*) * {PAYS_YEN} AS yen FROM work GROUP BY deposit_id;
INSERT INTO told_journal
SELECT n, gen_random_uuid(), 'deposit_received', 'bench.received', deposit_id::text, NULL, NULL, deposit_id FROM deposits
UNION ALL
SELECT 2 * n, gen_random_uuid(), 'deposit_matched', 'bench.matched', id::text, contract_id, id, deposit_id FROM work
UNION ALL
SELECT 2 * n + 1, gen_random_uuid(), 'milestone_accepted', 'milestone.close', id::text, contract_id, id, NULL
FROM work WHERE state = 'accepted';
INSERT INTO told_line
SELECT n, 1, 'bank:deposits', NULL, -yen FROM deposits
UNION ALL SELECT n, 2, 'suspense', deposit_id, yen FROM deposits
UNION ALL SELECT 2 * n, 1, 'suspense', deposit_id, -{PAYS_YEN} FROM work
UNION ALL SELECT 2 * n, 2, 'escrow', id, {PAYS_YEN} FROM work
UNION ALL SELECT 2 * n + 1, 1, 'escrow', id, -{PAYS_YEN} FROM work WHERE state = 'accepted'
UNION ALL SELECT 2 * n + 1, 2, 'available', worker_id, {RECEIVES_YEN} FROM work WHERE state = 'accepted'
UNION ALL SELECT 2 * n + 1, 3, 'fee:income', NULL, {PAYS_YEN - RECEIVES_YEN - 200} FROM work WHERE state = 'accepted'
UNION ALL SELECT 2 * n + 1, 4, 'tax:consumption', NULL, 200 FROM work WHERE state = 'accepted';
INSERT INTO ledger_lot (id, member_id, milestone_id, fixed_at, amount_yen, remaining_yen)
SELECT gen_random_uuid(), worker_id, id, now() - interval '40 days', {RECEIVES_YEN}, {RECEIVES_YEN}
FROM work WHERE state = 'accepted';
DROP TABLE work, deposits;
"""

TABLES = ("contracts_milestone", "payments_deposit", "papers_paper", "papers_series")

PAPERS = f"""
INSERT INTO papers_paper (id, kind, series, year, number, subject, party_id, counterparty_id, party_name,
    counterparty_name, contract_id, dealt_on, issued_on, issued_at, total_yen, tax_yen, withholding_yen, taxes, snapshot,
    digest, reason)
SELECT gen_random_uuid(), 'invoice', 'INV', extract(year FROM current_date), n, 'milestone:' || id, worker_id, client_id,
    '受注者', '発注者', contract_id, current_date, current_date, now(), {PAYS_YEN}, 1000, 0, '[]', words,
    encode(sha256(convert_to(words, 'UTF8')), 'hex'), ''
FROM (
    SELECT m.id, m.contract_id, c.worker_id, c.client_id, row_number() OVER () AS n,
        repeat('請求書の文言', 50) || m.id AS words
    FROM contracts_milestone m JOIN contracts_contract c ON c.id = m.contract_id WHERE m.state = 'accepted'
) accepted;
INSERT INTO papers_series SELECT 'INV', extract(year FROM current_date), count(*) FROM papers_paper;
"""

CHANGED = {
    "id": "gen_random_uuid()",
    "position": "place",
    "reference": "lpad((1000000 + row_number() OVER ())::text, 10, '0')",
    "state": "'accepted'",
    "deadline_at": "NULL",
    "closed_at": "now() - interval '40 days'",
    "accepted_by_clock": "true",
}


def fill(postings: int) -> None:
    """About so many postings."""
    from django.db import connection, transaction

    from kotowari.contracts.models import Milestone
    from kotowari.ledger.services.sealing import seal

    names = [field.column for field in Milestone._meta.concrete_fields]
    values = [CHANGED.get(name, f"m.{name}") for name in names]
    more = EACH_CONTRACT.format(columns=", ".join(names), values=", ".join(values), yen=PAYS_YEN)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(ROWS, {"milestones": CONTRACTS})
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(more, {"each": max(2, postings // LINES_EACH // CONTRACTS)})
        cursor.execute(LINES)
        cursor.execute(MONEY)
        write_books()
        cursor.execute(PAPERS)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    seal(everything=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
