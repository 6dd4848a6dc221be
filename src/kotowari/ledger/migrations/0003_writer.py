"""The one writer of the books, in one round trip: `ledger_post`; and the roll-up of the busiest accounts."""

from django.db import migrations

# The functions run with the rights of their owner, so an operator may give the market's own role no more than
# SELECT on the books; the search path is pinned to the schema that the tables were made in.
# One JSON value instead of eighteen parameters: binding those costs Python more than the journal costs PostgreSQL.
POST = """
CREATE FUNCTION ledger_post(request jsonb, OUT journal_id uuid, OUT is_replay boolean) LANGUAGE plpgsql AS $$
DECLARE
    codes text[] := string_to_array(request ->> 'codes', ' ');
    changes bigint[] := string_to_array(request ->> 'changes_yen', ' ')::bigint[];
    lines int := cardinality(codes);
    found_hash bytea;
    ids bigint[];
    numbers int[];
    modes text[];
    balances bigint[] := '{}';
    versions bigint[] := '{}';
    change bigint;
    new_balance bigint;
    new_version bigint;
BEGIN
    journal_id := request ->> 'id';
    is_replay := false;
    INSERT INTO ledger_journal (
        id, kind, scope, key, request_hash, line_count, occurred_at, posted_at, actor_id, actor_name,
        contract_id, milestone_id, payout_id, deposit_id, reverses_id, reason
    ) VALUES (
        journal_id, (request ->> 'kind')::ledger_journal_kind, request ->> 'scope', request ->> 'key',
        decode(request ->> 'request_hash', 'hex'), lines,
        (request ->> 'occurred_at')::timestamptz, (request ->> 'posted_at')::timestamptz,
        (request ->> 'actor_id')::uuid, request ->> 'actor_name',
        (request ->> 'contract_id')::uuid, (request ->> 'milestone_id')::uuid,
        (request ->> 'payout_id')::uuid, (request ->> 'deposit_id')::uuid,
        (request ->> 'reverses_id')::uuid, coalesce(request ->> 'reason', '')
    ) ON CONFLICT DO NOTHING;
    -- Whoever posts the same key at the same moment waits above until the first has committed or failed.
    IF NOT FOUND THEN
        SELECT j.id, j.request_hash INTO journal_id, found_hash
            FROM ledger_journal j WHERE j.scope = request ->> 'scope' AND j.key = request ->> 'key';
        IF journal_id IS NULL THEN
            RAISE EXCEPTION '% was reversed before, or this is no new id', request ->> 'reverses_id'
                USING ERRCODE = 'KL005';
        END IF;
        IF found_hash IS DISTINCT FROM decode(request ->> 'request_hash', 'hex') THEN
            RAISE EXCEPTION 'key % of % was posted with another request', request ->> 'key', request ->> 'scope'
                USING ERRCODE = 'KL001', DETAIL = request ->> 'key';
        END IF;
        is_replay := true;
        RETURN;
    END IF;

    FOR attempt IN 1..2 LOOP
        SELECT array_agg(a.id), array_agg(a.number), array_agg(a.mode) INTO ids, numbers, modes
            FROM (
                SELECT id, array_position(codes, code) AS number, mode FROM ledger_account
                WHERE code = ANY (codes) ORDER BY id
            ) a;
        EXIT WHEN cardinality(ids) = lines;
        IF attempt = 2 THEN
            RAISE EXCEPTION 'an account stands twice in one journal' USING ERRCODE = 'KL014';
        END IF;
        PERFORM ledger_open_accounts(
            codes, string_to_array(request ->> 'openings', ' '), (request ->> 'posted_at')::timestamptz);
    END LOOP;

    -- Balances are locked in the order of their accounts' numbers, so no two journals wait for each other.
    FOR i IN 1..lines LOOP
        IF modes[i] = 'rollup' THEN
            balances[i] := NULL;
            versions[i] := NULL;
        ELSE
            change := changes[numbers[i]];
            UPDATE ledger_balance b
                SET balance_yen = b.balance_yen + change, version = b.version + 1
                WHERE b.account_id = ids[i] AND b.balance_yen + change >= b.floor_yen
                RETURNING b.balance_yen, b.version INTO new_balance, new_version;
            IF NOT FOUND THEN
                RAISE EXCEPTION '% cannot change by %', codes[numbers[i]], change USING ERRCODE = 'KL002',
                    DETAIL = json_build_object('account', codes[numbers[i]], 'change_yen', change, 'balance_yen',
                        (SELECT b.balance_yen FROM ledger_balance b WHERE b.account_id = ids[i]))::text;
            END IF;
            balances[i] := new_balance;
            versions[i] := new_version;
        END IF;
    END LOOP;

    INSERT INTO ledger_posting (journal_id, line_no, account_id, amount_yen, balance_after_yen, account_version)
        SELECT ledger_post.journal_id, l.number, l.id, changes[l.number], l.balance, l.version
        FROM unnest(numbers, ids, balances, versions) AS l (number, id, balance, version);
    IF 'rollup' = ANY (modes) THEN
        INSERT INTO ledger_rollup_tail (account_id, amount_yen)
            SELECT l.id, changes[l.number] FROM unnest(numbers, ids, modes) AS l (number, id, mode)
            WHERE l.mode = 'rollup';
    END IF;
END $$;

CREATE FUNCTION ledger_open_accounts(codes text[], openings text[], opened_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- In the order of their codes: of two journals that open the same accounts, one waits for the other once.
    WITH opened AS (
        INSERT INTO ledger_account (code, account_class, kind, floor_yen, mode, owner_kind, owner_id, opened_at)
        SELECT l.code, split_part(l.opening, '/', 1), split_part(l.opening, '/', 2),
            split_part(l.opening, '/', 3)::bigint, split_part(l.opening, '/', 4),
            nullif(split_part(l.opening, '/', 5), ''),
            CASE WHEN split_part(l.opening, '/', 5) <> '' THEN split_part(l.code, ':', 3)::uuid END,
            ledger_open_accounts.opened_at
        FROM unnest(codes, openings) AS l (code, opening)
        WHERE NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.code = l.code)
        ORDER BY l.code
        ON CONFLICT (code) DO NOTHING
        RETURNING id, floor_yen
    )
    INSERT INTO ledger_balance (account_id, floor_yen, balance_yen, version)
        SELECT id, floor_yen, 0, 0 FROM opened;
END $$;
"""

ROLL_UP = """
CREATE FUNCTION ledger_roll_up(OUT lines bigint) LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM ledger_rollup_tail RETURNING account_id, amount_yen
    ), sums AS (
        SELECT account_id, sum(amount_yen)::bigint AS amount_yen, count(*) AS lines FROM gone GROUP BY account_id
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
    FOREACH routine IN ARRAY ARRAY['ledger_post(jsonb)', 'ledger_roll_up()'] LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', routine);
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', routine, current_schema());
        EXECUTE format('ALTER FUNCTION %s SET kotowari.ledger_writer = %L', routine, 'on');
    END LOOP;
    -- Planning anew for every array of codes would cost half as much as writing the journal; and a plan made
    -- while the tables were small must still be right when they are large.
    ALTER FUNCTION ledger_post(jsonb) SET plan_cache_mode = force_generic_plan;
    ALTER FUNCTION ledger_post(jsonb) SET enable_seqscan = off;
END $$;
"""

BACKWARD = """
DROP FUNCTION ledger_roll_up();
DROP FUNCTION ledger_open_accounts(text[], text[], timestamptz);
DROP FUNCTION ledger_post(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_laws")]
    operations = [migrations.RunSQL(POST + ROLL_UP + RIGHTS, BACKWARD)]
