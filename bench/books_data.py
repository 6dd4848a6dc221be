"""Journals by the million: from a temporary table of lines into the ledger's tables, set by set, with every law kept.

The triggers that would look at each statement and journal are set aside meanwhile; the invariants, which are asked
afterwards, look at all of it.
"""

LINES = """
CREATE TEMP TABLE told_journal (number bigint, id uuid, kind text, scope text, key text, contract_id uuid,
    milestone_id uuid, deposit_id uuid);
CREATE TEMP TABLE told_line (number bigint, line_no int, class text, owner_id uuid, change_yen bigint);
"""
"""Fill these, then run `write_books`; a class is that of `ledger.accounts`, numbers go up as things happened."""

ACCOUNTS = """
CREATE TEMP TABLE opening AS SELECT * FROM unnest(%(openings)s::text[]) o (opening);
INSERT INTO ledger_account (code, account_class, kind, floor_yen, mode, owner_kind, owner_id, opened_at)
SELECT o.part[1] || CASE WHEN l.owner_id IS NULL THEN '' ELSE ':' || o.part[5] || ':' || l.owner_id END,
    o.part[1], o.part[2], o.part[3]::bigint, o.part[4], nullif(o.part[5], ''), l.owner_id, now() - interval '90 days'
FROM (SELECT DISTINCT class, owner_id FROM told_line) l
JOIN (SELECT string_to_array(opening, '/') AS part FROM opening) o ON o.part[1] = l.class;
CREATE TEMP TABLE whose AS SELECT id, account_class, coalesce(owner_id::text, '') AS owner, code, mode, floor_yen FROM ledger_account;
ANALYZE whose;
"""

BOOKS = """
CREATE TEMP TABLE chained AS
SELECT l.number, l.line_no, w.id AS account_id, w.code, w.mode, w.floor_yen, l.change_yen,
    CASE WHEN w.mode = 'sync' THEN row_number() OVER a END AS version,
    CASE WHEN w.mode = 'sync' THEN (sum(l.change_yen) OVER a)::bigint END AS after_yen
FROM told_line l JOIN whose w ON w.account_class = l.class AND w.owner = coalesce(l.owner_id::text, '')
WINDOW a AS (PARTITION BY w.id ORDER BY l.number, l.line_no ROWS UNBOUNDED PRECEDING);
INSERT INTO ledger_journal (id, kind, scope, key, request_hash, line_count, occurred_at, posted_at, actor_name,
    contract_id, milestone_id, deposit_id, reason)
SELECT j.id, j.kind::ledger_journal_kind, j.scope, j.key, sha256(convert_to(concat_ws('|', j.kind,
        coalesce(j.contract_id::text, ''), coalesce(j.milestone_id::text, ''), '', coalesce(j.deposit_id::text, ''), '',
        w.words), 'UTF8')),
    w.lines, now() - interval '40 days', now() - interval '40 days', 'system',
    j.contract_id, j.milestone_id, j.deposit_id, ''
FROM told_journal j JOIN (
    SELECT number, count(*) AS lines,
        string_agg(code || '=' || change_yen, ';' ORDER BY (code || '=' || change_yen) COLLATE "C") AS words
    FROM chained GROUP BY number
) w ON w.number = j.number;
INSERT INTO ledger_posting (journal_id, line_no, account_id, amount_yen, balance_after_yen, account_version)
SELECT j.id, c.line_no, c.account_id, c.change_yen, c.after_yen, c.version
FROM chained c JOIN told_journal j ON j.number = c.number;
INSERT INTO ledger_balance (account_id, floor_yen, balance_yen, version)
SELECT account_id, min(floor_yen), sum(change_yen), count(*) FROM chained GROUP BY account_id;
DROP TABLE told_journal, told_line, opening, whose, chained;
"""

TABLES = ("ledger_account", "ledger_balance", "ledger_journal", "ledger_posting")


def write_books() -> None:
    """Write what the two temporary tables tell, in the transaction in which they were filled."""
    from django.db import connection

    from kotowari.ledger.accounts import ACCOUNT_CLASSES

    openings = [each.opening for each in ACCOUNT_CLASSES.values()]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE told_journal, told_line; SET LOCAL work_mem = '256MB'")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(ACCOUNTS, {"openings": openings})
        cursor.execute(BOOKS)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def broken() -> tuple[int, list[str]]:
    """How many invariants there are, and what is wrong, in words."""
    from kotowari.ledger.invariants import check_all

    results = check_all()
    return len(results), [f"{result.name}: {result.detail}" for result in results if not result.ok]
