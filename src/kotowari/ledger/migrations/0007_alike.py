"""Many journals of one shape, written from arrays: `ledger_post_alike`; and time-ordered ids made by the database."""

from django.db import migrations

# As `kernel.ids.new_id` makes them: 48 bits of milliseconds, 12 bits of a counter, 62 random bits. Numbers of one
# call count on from the moment that is given, so ids of a set follow each other.
NEW_ID = """
CREATE FUNCTION ledger_new_id(from_moment timestamptz, number bigint) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT (substr(m.ms, 1, 8) || '-' || substr(m.ms, 9) || '-7' || substr(to_hex(4096 + number % 4096), 2)
        || substr(gen_random_uuid()::text, 19))::uuid
    FROM (SELECT lpad(to_hex((extract(epoch FROM from_moment) * 1000)::bigint + number / 4096), 12, '0') AS ms) m
$$;
"""

# The same laws as `ledger_post`: triggers once per statement and per journal, accounts opened and locked in order, a
# chain of numbers and balances on each, nothing below a floor. What differs is how it is told: a shape once, and per
# journal a payout, a key, and for each line of the shape its owner and amount, flattened row by row. Lines of zero
# are left out.
# A helper that says how many rows to expect: the planner takes ten for an array it does not know, and would compare
# every line with every balance.
POST_ALIKE = """
CREATE FUNCTION ledger_alike_lines(shape jsonb, owners uuid[], changes_yen bigint[])
RETURNS TABLE (number bigint, line_no bigint, code text, opening text, change_yen bigint)
LANGUAGE plpgsql IMMUTABLE ROWS 10000 AS $$
BEGIN
    RETURN QUERY
    SELECT u.place / w.width + 1, row_number() OVER (PARTITION BY u.place / w.width ORDER BY u.place),
        split_part(o.opening, '/', 1)
            || CASE WHEN u.owner IS NULL THEN '' ELSE ':' || split_part(o.opening, '/', 5) || ':' || u.owner END,
        o.opening, u.change_yen
    FROM (SELECT jsonb_array_length(shape -> 'openings') AS width) w,
        (SELECT a.owner, a.change_yen, a.place - 1 AS place
            FROM unnest(owners, changes_yen) WITH ORDINALITY AS a (owner, change_yen, place)) u,
        jsonb_array_elements_text(shape -> 'openings') WITH ORDINALITY AS o (opening, slot)
    WHERE o.slot - 1 = u.place % w.width AND u.change_yen <> 0;
END $$;

-- Writes so many journals of one kind, each about one payout, all of them or none, and answers with how many.
-- `shared` says who and when, `shape` the kind, the scope and what each line's account is. All must be new: a key
-- that is there is refused, since nobody makes a payout twice.
CREATE FUNCTION ledger_post_alike(
    shared jsonb, shape jsonb, payouts uuid[], keys text[], owners uuid[], changes_yen bigint[]
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
    IF cardinality(keys) <> cardinality(payouts)
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
            actor_name, payout_id, reason)
        SELECT u.id, (shape ->> 'kind')::ledger_journal_kind, shape ->> 'scope', u.key,
            sha256(convert_to((shape ->> 'kind') || '|||' || u.payout_id || '|||' || t.words, 'UTF8')), t.lines,
            (shared ->> 'occurred_at')::timestamptz, posted_at, (shared ->> 'actor_id')::uuid,
            shared ->> 'actor_name', u.payout_id, ''
        FROM unnest(ids, keys, payouts) WITH ORDINALITY AS u (id, key, payout_id, number)
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
    WITH lines AS MATERIALIZED (
        SELECT u.number, u.line_no, u.code, u.change_yen, a.id AS account_id, a.mode, a.floor_yen,
            f.id IS NOT NULL AS is_fresh
        FROM ledger_alike_lines(shape, owners, changes_yen) u
        CROSS JOIN LATERAL (SELECT id, mode, floor_yen FROM ledger_account a WHERE a.code = u.code) a
        LEFT JOIN unnest(fresh_ids) AS f (id) ON f.id = a.id
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
    routine CONSTANT text := 'ledger_post_alike(jsonb, jsonb, uuid[], text[], uuid[], bigint[])';
BEGIN
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', routine);
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', routine, current_schema());
    EXECUTE format('ALTER FUNCTION %s SET kotowari.ledger_writer = %L', routine, 'on');
    EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', routine);
    EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off', routine);
END $$;
"""

# These two look at the rows of one statement beside tables of millions. A plan that was made while those were small
# would read them whole, for every thousand lines; by their keys it is right at every size.
BY_KEY = """
ALTER FUNCTION ledger_posting_after() SET enable_hashjoin = off;
ALTER FUNCTION ledger_posting_after() SET enable_mergejoin = off;
ALTER FUNCTION ledger_journal_after() SET enable_hashjoin = off;
ALTER FUNCTION ledger_journal_after() SET enable_mergejoin = off;
"""

BACKWARD = """
ALTER FUNCTION ledger_posting_after() RESET ALL;
ALTER FUNCTION ledger_journal_after() RESET ALL;
DROP FUNCTION ledger_post_alike(jsonb, jsonb, uuid[], text[], uuid[], bigint[]);
DROP FUNCTION ledger_alike_lines(jsonb, uuid[], bigint[]);
DROP FUNCTION ledger_new_id(timestamptz, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_card_accounts")]
    operations = [migrations.RunSQL(NEW_ID + POST_ALIKE + BY_KEY, BACKWARD)]
