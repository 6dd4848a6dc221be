"""The laws that columns and constraints cannot say, kept by PostgreSQL whoever writes.

Every law has its own SQLSTATE (class KL), which `ledger/services/refusals.py` turns into a typed error.
"""

from django.db import migrations

# KL010: rows are written once. KL011: by one writer.
WRITTEN_ONCE = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once: no % there', TG_TABLE_NAME, TG_OP USING ERRCODE = 'KL010';
END $$;
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_lot_use
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_never_removed BEFORE DELETE OR TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_never_removed BEFORE DELETE OR TRUNCATE ON ledger_lot
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_lot_keeps_its_terms BEFORE UPDATE ON ledger_lot
    FOR EACH ROW WHEN (
        (OLD.id, OLD.member_id, OLD.milestone_id, OLD.fixed_at, OLD.amount_yen)
            IS DISTINCT FROM (NEW.id, NEW.member_id, NEW.milestone_id, NEW.fixed_at, NEW.amount_yen)
        OR OLD.withdrawn_at IS NOT NULL
    ) EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_never_changed BEFORE UPDATE OR TRUNCATE ON ledger_rollup_tail
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION ledger_one_writer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('kotowari.ledger_writer', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'only the functions of the ledger write %', TG_TABLE_NAME USING ERRCODE = 'KL011';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_one_writer BEFORE INSERT ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
CREATE TRIGGER ledger_one_writer BEFORE INSERT OR UPDATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
CREATE TRIGGER ledger_one_writer BEFORE INSERT ON ledger_journal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
CREATE TRIGGER ledger_one_writer BEFORE INSERT ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
CREATE TRIGGER ledger_one_writer BEFORE INSERT OR DELETE ON ledger_rollup_tail
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
"""

# A floor is copied into the balance, where the CHECK can see it; it must be the account's own.
FLOORS = """
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_id_floor UNIQUE (id, floor_yen);
ALTER TABLE ledger_balance ADD CONSTRAINT ledger_balance_floor_is_the_accounts
    FOREIGN KEY (account_id, floor_yen) REFERENCES ledger_account (id, floor_yen);
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_code_says_owner CHECK (
    owner_kind IS NULL OR code = account_class || ':' || owner_kind || ':' || owner_id::text);
ALTER TABLE ledger_balance SET (fillfactor = 50);
"""

# KL014: a journal names its event, is not dated ahead of the books, and a reversal is dated when it is made and
# says why. KL003: a closed day is never written to; `close_period` waits for journals under way.
# KL004: a reversal takes back a journal that is there and is no reversal itself; once, by unique index.
JOURNALS = """
CREATE FUNCTION ledger_journal_after() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date := (SELECT closed_through FROM ledger_period ORDER BY closed_through DESC LIMIT 1);
    wrong record;
BEGIN
    SELECT n.id, CASE
            WHEN n.scope = '' OR n.key = '' THEN 'has no scope or no key'
            WHEN n.occurred_at > n.posted_at THEN 'is dated ahead of its posting'
            WHEN (n.kind = 'reversal') <> (n.reverses_id IS NOT NULL) THEN 'is not the only kind that reverses'
            WHEN n.reverses_id IS NOT NULL AND n.occurred_at <> n.posted_at THEN 'reverses and is not dated now'
            WHEN n.reverses_id IS NOT NULL AND n.reason = '' THEN 'reverses and does not say why'
        END AS fault,
        (n.occurred_at AT TIME ZONE 'Asia/Tokyo')::date <= closed AS is_closed
    INTO wrong
    FROM new_journals n
    LEFT JOIN ledger_journal o ON o.id = n.reverses_id AND o.reverses_id IS NULL
    WHERE n.scope = '' OR n.key = '' OR n.occurred_at > n.posted_at
        OR (n.kind = 'reversal') <> (n.reverses_id IS NOT NULL)
        OR n.reverses_id IS NOT NULL AND (n.occurred_at <> n.posted_at OR n.reason = '' OR o.id IS NULL)
        OR (n.occurred_at AT TIME ZONE 'Asia/Tokyo')::date <= closed
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF wrong.fault IS NOT NULL THEN
        RAISE EXCEPTION 'journal % %', wrong.id, wrong.fault USING ERRCODE = 'KL014';
    ELSIF wrong.is_closed THEN
        RAISE EXCEPTION 'the books are closed through %', closed USING ERRCODE = 'KL003', DETAIL = closed::text;
    END IF;
    RAISE EXCEPTION 'journal % reverses none that can be reversed', wrong.id USING ERRCODE = 'KL004';
END $$;
CREATE TRIGGER ledger_journal_after AFTER INSERT ON ledger_journal REFERENCING NEW TABLE AS new_journals
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_journal_after();
"""

# KL012: at the end of its transaction a journal has exactly the lines it announced, two or more, they sum to
# zero, and a reversal's are the original's with opposite signs. Once per journal, not once per line.
BALANCED = """
CREATE FUNCTION ledger_journal_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint;
    total numeric;
BEGIN
    SELECT count(*), sum(amount_yen) INTO lines, total FROM ledger_posting WHERE journal_id = NEW.id;
    IF lines < 2 OR lines <> NEW.line_count OR total <> 0 THEN
        RAISE EXCEPTION 'journal % announced % lines and has %, summing to %', NEW.id, NEW.line_count, lines, total
            USING ERRCODE = 'KL012';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT account_id FROM ledger_posting
        WHERE journal_id IN (NEW.id, NEW.reverses_id) GROUP BY account_id HAVING sum(amount_yen) <> 0
    ) THEN
        RAISE EXCEPTION 'journal % does not take back % exactly', NEW.id, NEW.reverses_id USING ERRCODE = 'KL012';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_journal_whole AFTER INSERT ON ledger_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_journal_whole();
"""

# KL013: a line moves something, belongs to a journal of this very transaction, is one of those it announced,
# and names an account that is there; it is numbered if the account is locked, and not if it is rolled up.
# Once per statement. Foreign keys would say less, and lock the rows of the busiest accounts for every journal.
POSTINGS = """
CREATE FUNCTION ledger_posting_after() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT p.journal_id, p.line_no INTO wrong
    FROM new_lines p
    LEFT JOIN ledger_journal j ON j.id = p.journal_id
    LEFT JOIN ledger_account a ON a.id = p.account_id
    WHERE (j.created_xid = pg_current_xact_id()
        AND p.line_no >= 1 AND p.line_no <= j.line_count AND p.amount_yen <> 0
        AND (a.mode = 'sync') = (p.account_version IS NOT NULL)
        AND (a.mode = 'sync') = (p.balance_after_yen IS NOT NULL)) IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % of journal % was not announced, comes too late, moves nothing or has no account',
            wrong.line_no, wrong.journal_id USING ERRCODE = 'KL013';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_after AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_after();
"""

BACKWARD = """
DROP TRIGGER ledger_posting_after ON ledger_posting;
DROP FUNCTION ledger_posting_after();
DROP TRIGGER ledger_journal_whole ON ledger_journal;
DROP FUNCTION ledger_journal_whole();
DROP TRIGGER ledger_journal_after ON ledger_journal;
DROP FUNCTION ledger_journal_after();
ALTER TABLE ledger_balance RESET (fillfactor);
ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_code_says_owner;
ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor_is_the_accounts;
ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_id_floor;
DROP FUNCTION ledger_one_writer() CASCADE;
DROP FUNCTION ledger_refuse_change() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(WRITTEN_ONCE + FLOORS + JOURNALS + BALANCED + POSTINGS, BACKWARD),
    ]
