"""The one writer of the books, in one round trip: `ledger_post`; and the roll-up of the busiest accounts."""

from django.db import migrations

# The functions run with the rights of their owner, so an operator may give the market's own role no more than
# SELECT on the books; the search path is pinned to the schema that the tables were made in.
# One JSON value instead of many parameters: binding those costs Python more than the journal costs PostgreSQL.
POST = """
-- Writes the journals in `requests` (id, kind, scope, key, request_hash, codes, changes_yen, openings and what each
-- is about), in this order, all or none; `shared` says who, when and why. Answers with the ids of journals that
-- were there already, by the ids that were offered for them, or NULL when all are new.
CREATE FUNCTION ledger_post(shared jsonb, requests jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    posted_at CONSTANT timestamptz := shared ->> 'posted_at';
    new_ids uuid[];
    replays jsonb;
    outcome record;
BEGIN
    -- Whoever posts the same key at the same moment waits here until the first has committed or failed; batches
    -- insert in the order of their keys, so that two of them wait for each other once.
    WITH written AS (
        INSERT INTO ledger_journal (
            id, kind, scope, key, request_hash, line_count, occurred_at, posted_at, actor_id, actor_name,
            contract_id, milestone_id, payout_id, deposit_id, reverses_id, reason
        )
        SELECT r.id, r.kind, r.scope, r.key, decode(r.request_hash, 'hex'),
            cardinality(string_to_array(r.codes, ' ')), (shared ->> 'occurred_at')::timestamptz, posted_at,
            (shared ->> 'actor_id')::uuid, shared ->> 'actor_name',
            r.contract_id, r.milestone_id, r.payout_id, r.deposit_id, r.reverses_id, shared ->> 'reason'
        FROM jsonb_to_recordset(requests) AS r (
            id uuid, kind ledger_journal_kind, scope text, key text, request_hash text, codes text,
            contract_id uuid, milestone_id uuid, payout_id uuid, deposit_id uuid, reverses_id uuid)
        ORDER BY r.scope, r.key
        ON CONFLICT DO NOTHING
        RETURNING id
    )
    SELECT array_agg(id) INTO new_ids FROM written;
    IF cardinality(new_ids) IS DISTINCT FROM jsonb_array_length(requests) THEN
        replays := ledger_find_replays(requests, coalesce(new_ids, '{}'));
        IF new_ids IS NULL THEN
            RETURN replays;
        END IF;
    END IF;

    FOR attempt IN 1..2 LOOP
        WITH asked AS MATERIALIZED (
            SELECT r.id AS journal_id, r.number, l.line_no, l.code, l.change_yen
            FROM ROWS FROM (jsonb_to_recordset(requests) AS (id uuid, codes text, changes_yen text))
                WITH ORDINALITY AS r (id, codes, changes_yen, number),
            LATERAL unnest(string_to_array(r.codes, ' '), string_to_array(r.changes_yen, ' ')::bigint[])
                WITH ORDINALITY AS l (code, change_yen, line_no)
            WHERE r.id = ANY (new_ids)
        ), accounts AS MATERIALIZED (
            -- By an array and not by a join, for which the planner might read every account there is.
            SELECT id, code, mode, floor_yen FROM ledger_account WHERE code = ANY (ARRAY(SELECT code FROM asked))
        ), lines AS MATERIALIZED (
            SELECT q.*, a.id AS account_id, a.mode, a.floor_yen FROM asked q JOIN accounts a ON a.code = q.code
        ), all_open AS MATERIALIZED (
            SELECT (SELECT count(*) FROM asked) AS wanted, (SELECT count(*) FROM lines) AS found
        ), held AS MATERIALIZED (
            -- In the order of the accounts' numbers, so that no two journals wait for each other.
            SELECT b.account_id, b.balance_yen, b.version FROM ledger_balance b
            WHERE b.account_id = ANY (ARRAY(SELECT account_id FROM lines WHERE mode = 'sync'))
                AND (SELECT o.wanted = o.found FROM all_open o)
            ORDER BY b.account_id FOR UPDATE
        ), chained AS MATERIALIZED (
            SELECT l.*, h.version + row_number() OVER w AS version,
                (h.balance_yen + sum(l.change_yen) OVER w)::bigint AS balance_after_yen
            FROM lines l LEFT JOIN held h ON h.account_id = l.account_id
            WINDOW w AS (PARTITION BY l.account_id ORDER BY l.number, l.line_no)
        ), short AS MATERIALIZED (
            SELECT code, change_yen, balance_after_yen - change_yen AS balance_yen FROM chained
            WHERE balance_after_yen < floor_yen ORDER BY number, line_no LIMIT 1
        ), good AS MATERIALIZED (
            SELECT FROM all_open o WHERE o.wanted = o.found AND NOT EXISTS (SELECT FROM short)
        ), moved AS (
            UPDATE ledger_balance b SET balance_yen = c.balance_after_yen, version = c.version
            FROM good, (
                SELECT DISTINCT ON (account_id) account_id, balance_after_yen, version FROM chained
                WHERE mode = 'sync' ORDER BY account_id, version DESC
            ) c
            WHERE b.account_id = c.account_id
        ), posted AS (
            INSERT INTO ledger_posting (
                journal_id, line_no, account_id, amount_yen, balance_after_yen, account_version)
            SELECT c.journal_id, c.line_no, c.account_id, c.change_yen, c.balance_after_yen, c.version
            FROM good, chained c ORDER BY c.number, c.line_no
        ), tail AS (
            INSERT INTO ledger_rollup_tail (account_id, amount_yen, lines)
            SELECT c.account_id, sum(c.change_yen), count(*) FROM good, chained c
            WHERE c.mode = 'rollup' GROUP BY c.account_id
        )
        SELECT o.wanted, o.found, s.code, s.balance_yen, s.change_yen INTO outcome
            FROM all_open o LEFT JOIN short s ON true;
        EXIT WHEN outcome.wanted = outcome.found;
        PERFORM ledger_open_accounts(requests, posted_at);
    END LOOP;
    IF outcome.code IS NOT NULL THEN
        RAISE EXCEPTION '% holds % and cannot change by %', outcome.code, outcome.balance_yen, outcome.change_yen
            USING ERRCODE = 'KL002', DETAIL = json_build_object('account', outcome.code,
                'balance_yen', outcome.balance_yen, 'change_yen', outcome.change_yen)::text;
    END IF;
    RETURN replays;
END $$;

CREATE FUNCTION ledger_find_replays(requests jsonb, new_ids uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    request record;
    there record;
    replays jsonb := '{}';
BEGIN
    FOR request IN
        SELECT r.* FROM jsonb_to_recordset(requests)
            AS r (id uuid, scope text, key text, request_hash text, reverses_id uuid)
        WHERE r.id <> ALL (new_ids)
    LOOP
        SELECT j.id, j.request_hash INTO there
            FROM ledger_journal j WHERE j.scope = request.scope AND j.key = request.key;
        IF NOT FOUND THEN
            RAISE EXCEPTION '% was reversed before, or % is no new id', request.reverses_id, request.id
                USING ERRCODE = 'KL005', DETAIL = coalesce(request.reverses_id, request.id)::text;
        END IF;
        IF there.request_hash <> decode(request.request_hash, 'hex') THEN
            RAISE EXCEPTION 'key % of % was posted with another request', request.key, request.scope
                USING ERRCODE = 'KL001', DETAIL = request.key;
        END IF;
        replays := replays || jsonb_build_object(request.id, there.id);
    END LOOP;
    RETURN replays;
END $$;

CREATE FUNCTION ledger_open_accounts(requests jsonb, opened_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- In the order of their codes: of two journals that open the same accounts, one waits for the other once.
    WITH opened AS (
        INSERT INTO ledger_account (code, account_class, kind, floor_yen, mode, owner_kind, owner_id, opened_at)
        SELECT l.code, o.part[1], o.part[2], o.part[3]::bigint, o.part[4], nullif(o.part[5], ''),
            CASE WHEN o.part[5] <> '' THEN split_part(l.code, ':', 3)::uuid END, ledger_open_accounts.opened_at
        FROM (
            SELECT DISTINCT u.code, u.opening FROM jsonb_to_recordset(requests) AS r (codes text, openings text),
                LATERAL unnest(string_to_array(r.codes, ' '), string_to_array(r.openings, ' ')) AS u (code, opening)
        ) l, LATERAL (SELECT string_to_array(l.opening, '/') AS part) o
        WHERE NOT EXISTS (SELECT FROM ledger_account a WHERE a.code = l.code)
        ORDER BY l.code
        ON CONFLICT (code) DO NOTHING
        RETURNING id, floor_yen
    )
    INSERT INTO ledger_balance (account_id, floor_yen, balance_yen, version)
        SELECT id, floor_yen, 0, 0 FROM opened;
END $$;
"""

ROLL_UP = """
CREATE FUNCTION ledger_roll_up() RETURNS bigint LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM ledger_rollup_tail RETURNING account_id, amount_yen, lines
    ), sums AS (
        SELECT account_id, sum(amount_yen)::bigint AS amount_yen, sum(lines)::bigint AS lines
        FROM gone GROUP BY account_id
    ), added AS (
        UPDATE ledger_balance b SET balance_yen = b.balance_yen + s.amount_yen, version = b.version + s.lines
            FROM sums s WHERE b.account_id = s.account_id
    )
    SELECT coalesce(sum(s.lines), 0)::bigint FROM sums s
$$;
"""

RIGHTS = """
DO $$
DECLARE
    routine text;
BEGIN
    FOREACH routine IN ARRAY ARRAY['ledger_post(jsonb, jsonb)', 'ledger_roll_up()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', routine);
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', routine, current_schema());
        EXECUTE format('ALTER FUNCTION %s SET kotowari.ledger_writer = %L', routine, 'on');
    END LOOP;
    -- Planning anew for every request would cost as much as writing the journal; and a plan that was made while
    -- the tables were small must still be right when they are large.
    ALTER FUNCTION ledger_post(jsonb, jsonb) SET plan_cache_mode = force_generic_plan;
    ALTER FUNCTION ledger_post(jsonb, jsonb) SET enable_seqscan = off;
END $$;
"""

BACKWARD = """
DROP FUNCTION ledger_roll_up();
DROP FUNCTION ledger_open_accounts(jsonb, timestamptz);
DROP FUNCTION ledger_find_replays(jsonb, uuid[]);
DROP FUNCTION ledger_post(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_laws")]
    operations = [migrations.RunSQL(POST + ROLL_UP + RIGHTS, BACKWARD)]
