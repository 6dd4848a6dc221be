"""What a closing costs in bare SQL: the same rows summed, inserted and marked, with nothing asked and nothing checked.

In tables with the columns, indexes, CHECKs and foreign keys of the product's own, without its triggers; one
statement for as many members as the closing takes in one step, committed each time.
"""

COPIES = ("ledger_lot", "ledger_account", "ledger_balance")
EMPTY = (
    "payouts_payout",
    "ledger_journal",
    "ledger_posting",
    "ledger_lot_use",
    "foundation_auditentry",
    "foundation_outboxevent",
)


def prepare() -> None:
    """Make the bare tables, with what the closing finds."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in (*COPIES, *EMPTY):
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
        for table in COPIES:
            cursor.execute(f"INSERT INTO bare_{table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}")
        cursor.execute(KEYS)
        cursor.execute("ALTER TABLE bare_ledger_account ALTER id RESTART WITH 1000000000")
        cursor.execute("ALTER TABLE bare_ledger_balance SET (fillfactor = 50)")
        cursor.execute("VACUUM ANALYZE")


KEYS = """
ALTER TABLE bare_payouts_payout ADD FOREIGN KEY (member_id) REFERENCES accounts_member DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (closing_id) REFERENCES payouts_closing DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (account_id) REFERENCES payouts_bankaccount DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE bare_ledger_balance ADD FOREIGN KEY (account_id, floor_yen) REFERENCES bare_ledger_account (id, floor_yen);
ALTER TABLE bare_ledger_lot_use ADD FOREIGN KEY (lot_id) REFERENCES bare_ledger_lot DEFERRABLE INITIALLY DEFERRED;
"""
STEP = """
WITH due AS MATERIALIZED (
    SELECT d.member_id, d.yen, gen_random_uuid() AS payout_id, gen_random_uuid() AS journal_id, b.id AS account_id,
        b.bank_code, b.bank_name, b.bank_kana, b.branch_code, b.branch_name, b.branch_kana, b.account_kind
    FROM (
        SELECT member_id, sum(remaining_yen)::bigint AS yen FROM bare_ledger_lot
        WHERE remaining_yen > 0 AND fixed_at < %(before)s AND (%(after)s::uuid IS NULL OR member_id > %(after)s::uuid)
        GROUP BY member_id ORDER BY member_id LIMIT %(limit)s
    ) d LEFT JOIN payouts_bankaccount b ON b.member_id = d.member_id AND b.replaced_at IS NULL
), paid AS MATERIALIZED (
    SELECT * FROM due WHERE yen >= 1000 AND account_id IS NOT NULL
), payouts AS (
    INSERT INTO bare_payouts_payout (id, member_id, kind, method, closing_id, account_id, bank_code, bank_name,
        bank_kana, branch_code, branch_name, branch_kana, account_kind, gross_yen, fee_yen, fee_tax_yen, quick_fee_yen,
        quick_fee_tax_yen, net_yen, pays_on, state, requested_at)
    SELECT payout_id, member_id, 'reward', 'standard', %(closing)s, account_id, bank_code, bank_name, bank_kana,
        branch_code, branch_name, branch_kana, account_kind, yen, 0, 0, 0, 0, yen, current_date + 15, 'requested', now()
    FROM paid
), available AS MATERIALIZED (
    SELECT p.*, a.id AS source_id FROM paid p JOIN bare_ledger_account a ON a.code = 'available:member:' || p.member_id
), marked AS (
    UPDATE bare_ledger_balance b SET balance_yen = b.balance_yen - p.yen, version = b.version + 1
    FROM available p WHERE b.account_id = p.source_id
    RETURNING b.account_id, b.balance_yen, b.version
), opened AS (
    INSERT INTO bare_ledger_account (code, account_class, kind, floor_yen, mode, owner_kind, owner_id, opened_at)
    SELECT 'payout_in_flight:payout:' || payout_id, 'payout_in_flight', 'liability', 0, 'sync', 'payout', payout_id, now()
    FROM paid RETURNING id, owner_id
), balances AS (
    INSERT INTO bare_ledger_balance (account_id, floor_yen, balance_yen, version)
    SELECT o.id, 0, p.yen, 1 FROM opened o JOIN paid p ON p.payout_id = o.owner_id
), journals AS (
    INSERT INTO bare_ledger_journal (id, kind, scope, key, request_hash, line_count, occurred_at, posted_at, actor_name,
        payout_id, reason)
    SELECT journal_id, 'payout_requested', 'payout.request', 'reward:' || current_date || ':' || member_id,
        sha256(payout_id::text::bytea), 2, now(), now(), 'system', payout_id, ''
    FROM paid
), postings AS (
    INSERT INTO bare_ledger_posting (journal_id, line_no, account_id, amount_yen, balance_after_yen, account_version)
    SELECT p.journal_id, 1, m.account_id, -p.yen, m.balance_yen, m.version
    FROM marked m JOIN available p ON p.source_id = m.account_id
    UNION ALL
    SELECT p.journal_id, 2, o.id, p.yen, p.yen, 1 FROM opened o JOIN paid p ON p.payout_id = o.owner_id
), lots AS (
    UPDATE bare_ledger_lot l SET remaining_yen = 0 FROM paid p WHERE l.member_id = p.member_id AND l.remaining_yen > 0
    RETURNING l.id, p.payout_id, l.amount_yen
), uses AS (
    INSERT INTO bare_ledger_lot_use (payout_id, lot_id, amount_yen, used_at)
    SELECT payout_id, id, amount_yen, now() FROM lots
), audit AS (
    INSERT INTO bare_foundation_auditentry (id, at, kind, actor_name, subject_kind, subject_id, data)
    SELECT gen_random_uuid(), now(), 'payouts.requested', 'system', 'payouts.payout', payout_id,
        jsonb_build_object('gross_yen', yen, 'net_yen', yen)
    FROM paid
), events AS (
    INSERT INTO bare_foundation_outboxevent (id, kind, payload, occurred_at, attempts, last_error)
    SELECT gen_random_uuid(), 'payouts.requested', jsonb_build_object('payout_id', payout_id, 'member_id', member_id,
        'kind', 'reward', 'gross_yen', yen, 'fee_yen', 0, 'net_yen', yen, 'pays_on', current_date + 15,
        'closes_on', current_date), now(), 0, ''
    FROM paid
)
SELECT count(*), (SELECT member_id FROM due ORDER BY member_id DESC LIMIT 1) FROM paid
"""
RUN = "UPDATE bare_payouts_payout SET run_id = %s"
