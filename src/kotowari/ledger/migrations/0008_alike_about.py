"""Many journals of one shape may be about milestones and contracts as well as about payouts: `ledger_post_alike`.

It also costs less: ids are made by an expression that PostgreSQL puts in the place of the call, and balances are found
by their keys, where a merge join read all that there were.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("kotowari.ledger.migrations.0007_alike")

NEW_ID = """
CREATE OR REPLACE FUNCTION ledger_new_id(from_moment timestamptz, number bigint) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM from_moment) * 1000)::bigint + number / 4096), 12, '0')
        || '7' || substr(to_hex(4096 + number % 4096), 2) || substr(gen_random_uuid()::text, 19))::uuid
$$;
"""

# As before, but for what a journal is about.
POST_ALIKE = """
DROP FUNCTION ledger_post_alike(jsonb, jsonb, uuid[], text[], uuid[], bigint[]);
-- Writes so many journals of one kind, all of them or none, and answers with how many. `shared` says who and when,
-- `shape` the kind, the scope and what each line's account is; the first three arrays what each is about, or NULL. All
-- must be new: a key that is there is refused, since nobody makes a payout or accepts a milestone twice.
CREATE FUNCTION ledger_post_alike(
    shared jsonb, shape jsonb, contracts uuid[], milestones uuid[], payouts uuid[], keys text[], owners uuid[],
    changes_yen bigint[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    posted_at CONSTANT timestamptz := shared ->> 'posted_at';
    started_at CONSTANT timestamptz := clock_timestamp();
    numbers bigint[];
    line_nos bigint[];
    codes text[];
    openings text[];
    changes bigint[];
    ids uuid[];
    fresh_ids bigint[];
    written bigint;
    short record;
BEGIN
    IF cardinality(keys) <> coalesce(cardinality(contracts), cardinality(keys))
        OR cardinality(keys) <> coalesce(cardinality(milestones), cardinality(keys))
        OR cardinality(keys) <> coalesce(cardinality(payouts), cardinality(keys))
        OR cardinality(owners) <> cardinality(keys) * jsonb_array_length(shape -> 'openings')
        OR cardinality(changes_yen) <> cardinality(owners)
    THEN
        RAISE EXCEPTION 'the arrays of a set of journals do not fit each other' USING ERRCODE = 'KL014';
    END IF;
    SELECT array_agg(l.number), array_agg(l.line_no), array_agg(l.code), array_agg(l.opening), array_agg(l.change_yen)
        INTO numbers, line_nos, codes, openings, changes
        FROM ledger_alike_lines(shape, owners, changes_yen) l;
    SELECT array_agg(ledger_new_id(started_at, n) ORDER BY n) INTO ids FROM generate_series(1, cardinality(keys)) n;

    -- As `invariants.L7` and `services.posting.request_hash` compute it.
    WITH told AS (
        SELECT l.number, count(*) AS lines, string_agg(l.line, ';' ORDER BY l.line) AS words
        FROM (
            SELECT u.number, (u.code || '=' || u.change_yen) COLLATE "C" AS line
            FROM unnest(numbers, codes, changes) AS u (number, code, change_yen)
        ) l GROUP BY l.number
    ), inserted AS (
        INSERT INTO ledger_journal (id, kind, scope, key, request_hash, line_count, occurred_at, posted_at, actor_id,
            actor_name, contract_id, milestone_id, payout_id, reason)
        SELECT u.id, (shape ->> 'kind')::ledger_journal_kind, shape ->> 'scope', u.key,
            sha256(convert_to(concat_ws('|', shape ->> 'kind', coalesce(u.contract_id::text, ''),
                coalesce(u.milestone_id::text, ''), coalesce(u.payout_id::text, ''), '', '', t.words), 'UTF8')),
            t.lines, (shared ->> 'occurred_at')::timestamptz, posted_at, (shared ->> 'actor_id')::uuid,
            shared ->> 'actor_name', u.contract_id, u.milestone_id, u.payout_id, ''
        FROM unnest(ids, keys, contracts, milestones, payouts)
            WITH ORDINALITY AS u (id, key, contract_id, milestone_id, payout_id, number)
        JOIN told t ON t.number = u.number
        ORDER BY u.key
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT count(*) INTO written FROM inserted;
    IF written <> cardinality(keys) THEN
        RAISE EXCEPTION '% of % keys of % were posted before', cardinality(keys) - written, cardinality(keys),
            shape ->> 'scope' USING ERRCODE = 'KL001', DETAIL = shape ->> 'scope';
    END IF;

    WITH opened AS (
        INSERT INTO ledger_account (code, account_class, kind, floor_yen, mode, owner_kind, owner_id, opened_at)
        SELECT l.code, o.part[1], o.part[2], o.part[3]::bigint, o.part[4], nullif(o.part[5], ''),
            CASE WHEN o.part[5] <> '' THEN split_part(l.code, ':', 3)::uuid END, posted_at
        FROM (SELECT DISTINCT u.code, u.opening FROM unnest(codes, openings) AS u (code, opening)) l,
            LATERAL (SELECT string_to_array(l.opening, '/') AS part) o
        WHERE NOT EXISTS (SELECT FROM ledger_account a WHERE a.code = l.code)
        ORDER BY l.code
        ON CONFLICT (code) DO NOTHING
        RETURNING id
    )
    SELECT array_agg(id) INTO fresh_ids FROM opened;

    -- The balance of an account that was opened just now is nobody else's yet: it is written once, with what it holds.
    WITH accounts AS MATERIALIZED (
        -- By an array and not by a join, for which the planner might read every account there is; each once.
        SELECT a.id, a.code, a.mode, a.floor_yen, f.id IS NOT NULL AS is_fresh FROM ledger_account a
        LEFT JOIN unnest(fresh_ids) AS f (id) ON f.id = a.id
        WHERE a.code = ANY (ARRAY(SELECT DISTINCT u.code FROM unnest(codes) AS u (code)))
    ), lines AS MATERIALIZED (
        SELECT u.number, u.line_no, u.code, u.change_yen, a.id AS account_id, a.mode, a.floor_yen, a.is_fresh
        FROM ledger_alike_lines(shape, owners, changes_yen) u JOIN accounts a ON a.code = u.code
    ), held AS MATERIALIZED (
        -- In the order of the accounts' numbers, so that no two journals wait for each other.
        SELECT b.account_id, b.balance_yen, b.version FROM ledger_balance b
        WHERE b.account_id = ANY (ARRAY(SELECT account_id FROM lines WHERE mode = 'sync' AND NOT is_fresh))
        ORDER BY b.account_id FOR UPDATE
    ), chained AS MATERIALIZED (
        SELECT l.*, CASE WHEN l.mode = 'sync' THEN coalesce(h.version, 0) + row_number() OVER w END AS version,
            CASE WHEN l.mode = 'sync' THEN (coalesce(h.balance_yen, 0) + sum(l.change_yen) OVER w)::bigint END
                AS balance_after_yen
        FROM lines l LEFT JOIN held h ON h.account_id = l.account_id
        WINDOW w AS (PARTITION BY l.account_id ORDER BY l.number, l.line_no)
    ), low AS MATERIALIZED (
        SELECT code, change_yen, balance_after_yen - change_yen AS balance_yen FROM chained
        WHERE balance_after_yen < floor_yen ORDER BY number, line_no LIMIT 1
    ), good AS MATERIALIZED (
        SELECT WHERE NOT EXISTS (SELECT FROM low)
    ), ends AS MATERIALIZED (
        SELECT DISTINCT ON (account_id) account_id, floor_yen, balance_after_yen, version, is_fresh, mode FROM good, chained
        WHERE mode = 'sync' OR is_fresh ORDER BY account_id, version DESC
    ), moved AS (
        UPDATE ledger_balance b SET balance_yen = e.balance_after_yen, version = e.version
        FROM ends e WHERE b.account_id = e.account_id AND NOT e.is_fresh
    ), begun AS (
        INSERT INTO ledger_balance (account_id, floor_yen, balance_yen, version)
        SELECT account_id, floor_yen, coalesce(balance_after_yen, 0), coalesce(version, 0) FROM ends WHERE is_fresh
    ), posted AS (
        INSERT INTO ledger_posting (journal_id, line_no, account_id, amount_yen, balance_after_yen, account_version)
        SELECT ids[c.number], c.line_no, c.account_id, c.change_yen, c.balance_after_yen, c.version
        FROM good, chained c ORDER BY c.number, c.line_no
    ), tail AS (
        INSERT INTO ledger_rollup_tail (account_id, amount_yen, lines)
        SELECT c.account_id, sum(c.change_yen), count(*) FROM good, chained c
        WHERE c.mode = 'rollup' GROUP BY c.account_id
    )
    SELECT * INTO short FROM low;
    IF FOUND THEN
        RAISE EXCEPTION '% holds % and cannot change by %', short.code, short.balance_yen, short.change_yen
            USING ERRCODE = 'KL002', DETAIL = json_build_object('account', short.code,
                'balance_yen', short.balance_yen, 'change_yen', short.change_yen)::text;
    END IF;
    RETURN written;
END $$;

DO $$
DECLARE
    routine CONSTANT text := 'ledger_post_alike(jsonb, jsonb, uuid[], uuid[], uuid[], text[], uuid[], bigint[])';
BEGIN
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', routine);
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', routine, current_schema());
    EXECUTE format('ALTER FUNCTION %s SET kotowari.ledger_writer = %L', routine, 'on');
    EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', routine);
    EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', routine);
    EXECUTE format('ALTER FUNCTION %s SET enable_mergejoin = off', routine);
END $$;
"""

# Before, the second condition was planned and run as a query for each journal that reverses nothing.
WHOLE = """
CREATE OR REPLACE FUNCTION ledger_journal_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines bigint;
    total numeric;
BEGIN
    SELECT count(*), sum(amount_yen) INTO lines, total FROM ledger_posting WHERE journal_id = NEW.id;
    IF lines < 2 OR lines <> NEW.line_count OR total <> 0 THEN
        RAISE EXCEPTION 'journal % announced % lines and has %, summing to %', NEW.id, NEW.line_count, lines, total
            USING ERRCODE = 'KL012';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        IF EXISTS (
            SELECT account_id FROM ledger_posting
            WHERE journal_id IN (NEW.id, NEW.reverses_id) GROUP BY account_id HAVING sum(amount_yen) <> 0
        ) THEN
            RAISE EXCEPTION 'journal % does not take back % exactly', NEW.id, NEW.reverses_id USING ERRCODE = 'KL012';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""

# As before; but each journal and account is looked up once, however many lines of the statement name it.
POSTINGS = """
CREATE OR REPLACE FUNCTION ledger_posting_after() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    wrong record;
BEGIN
    SELECT found.* INTO wrong FROM (
        SELECT p.journal_id, p.first AS line_no FROM (
            SELECT journal_id, min(line_no) AS first, max(line_no) AS last, bool_or(amount_yen = 0) AS moves_nothing
            FROM new_lines GROUP BY journal_id
        ) p LEFT JOIN ledger_journal j ON j.id = p.journal_id
        WHERE (j.created_xid = pg_current_xact_id() AND p.first >= 1 AND p.last <= j.line_count AND NOT p.moves_nothing)
            IS NOT TRUE
        UNION ALL
        SELECT p.journal_id, p.line_no FROM (
            SELECT account_id, account_version IS NOT NULL AS has_version, balance_after_yen IS NOT NULL AS has_balance,
                min(journal_id::text)::uuid AS journal_id, min(line_no) AS line_no
            FROM new_lines GROUP BY 1, 2, 3
        ) p LEFT JOIN ledger_account a ON a.id = p.account_id
        WHERE ((a.mode = 'sync') = p.has_version AND (a.mode = 'sync') = p.has_balance) IS NOT TRUE
    ) found LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'line % of journal % was not announced, comes too late, moves nothing or has no account',
            wrong.line_no, wrong.journal_id USING ERRCODE = 'KL013';
    END IF;
    RETURN NULL;
END $$;
"""

BACKWARD = """
DROP FUNCTION ledger_post_alike(jsonb, jsonb, uuid[], uuid[], uuid[], text[], uuid[], bigint[]);
DROP FUNCTION ledger_alike_lines(jsonb, uuid[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_alike")]
    operations = [migrations.RunSQL(NEW_ID + POST_ALIKE + WHOLE + POSTINGS, BACKWARD + BEFORE.POST_ALIKE)]
