"""Seals over the journals (L13): a chain of digests, written by `ledger_seal_next` alone."""

from django.db import migrations, models

# Every column of a journal counts. JSON keeps them apart whatever stands in them; moments are told in microseconds,
# so that no setting of a session changes the text. The lines are covered by `request_hash` (L7) and their order and
# balances by L1 and L3.
DIGEST = """
CREATE FUNCTION ledger_journal_digest(j ledger_journal) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(json_build_array(
        j.id, j.kind::text, j.scope, j.key, encode(j.request_hash, 'hex'), j.line_count,
        (extract(epoch FROM j.occurred_at) * 1000000)::bigint, (extract(epoch FROM j.posted_at) * 1000000)::bigint,
        j.actor_id, j.actor_name, j.contract_id, j.milestone_id, j.payout_id, j.deposit_id, j.reverses_id, j.reason,
        j.created_xid::text
    )::text, 'UTF8'))
$$;
CREATE FUNCTION ledger_seal_digest(previous bytea, number bigint, journals bigint, digests bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(number || ':' || journals || ':', 'UTF8') || digests)
$$;
"""

# Puts up to `at_most` journals without a seal under a new one and answers with how many and the last of them. They are
# found by their ids, from `from_id` on, or when that is NULL from `look_back` before the newest sealed one. One sealer at
# a time; a journal whose transaction commits later is simply not seen yet and comes under a later seal.
SEAL_NEXT = """
CREATE FUNCTION ledger_seal_next(
    at timestamptz, look_back interval, from_id uuid, at_most bigint, OUT written bigint, OUT last_id uuid
) LANGUAGE plpgsql AS $$
DECLARE
    last ledger_seal;
    newest uuid;
    next_number bigint;
    ids uuid[];
    digests bytea[];
BEGIN
    PERFORM pg_advisory_xact_lock(118126438973442);  -- "koto", 2: ours alone
    SELECT * INTO last FROM ledger_seal ORDER BY number DESC LIMIT 1;
    IF from_id IS NULL THEN
        -- An id ahead of the machine's clock must not hide those that come before it.
        SELECT least(journal_id, ledger_new_id(clock_timestamp(), 0)) INTO newest
            FROM ledger_sealed ORDER BY journal_id DESC LIMIT 1;
        from_id := coalesce(ledger_id_before(newest, look_back), '00000000-0000-0000-0000-000000000000');
    END IF;
    SELECT array_agg(n.id ORDER BY n.id), array_agg(n.digest ORDER BY n.id) INTO ids, digests FROM (
        SELECT j.id, ledger_journal_digest(j) AS digest FROM ledger_journal j
        WHERE j.id >= from_id AND NOT EXISTS (SELECT FROM ledger_sealed s WHERE s.journal_id = j.id)
        ORDER BY j.id LIMIT at_most
    ) n;
    written := coalesce(cardinality(ids), 0);
    IF written = 0 THEN
        RETURN;
    END IF;
    last_id := ids[written];
    next_number := coalesce(last.number, 0) + 1;
    INSERT INTO ledger_seal (number, sealed_at, journals, previous_number, previous_digest, digest)
    SELECT next_number, at, written, last.number, p.digest,
        ledger_seal_digest(p.digest, next_number, written, (SELECT string_agg(d, '' ORDER BY place)
            FROM unnest(digests) WITH ORDINALITY AS u (d, place)))
    FROM (SELECT coalesce(last.digest, decode(repeat('00', 32), 'hex')) AS digest) p;
    INSERT INTO ledger_sealed (journal_id, seal_number, digest)
    SELECT u.id, next_number, u.digest FROM unnest(ids, digests) AS u (id, digest);
END $$;
"""

# Ids begin with 48 bits of milliseconds of the machine's clock (`kernel.ids`).
ID_BEFORE = """
CREATE FUNCTION ledger_id_before(id uuid, by interval) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rpad(lpad(to_hex(greatest(
        ('x0000' || left(replace(id::text, '-', ''), 12))::bit(64)::bigint - (extract(epoch FROM by) * 1000)::bigint, 0
    )), 12, '0'), 32, '0')::uuid
$$;
"""

LAWS = """
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_sealed
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_one_writer BEFORE INSERT ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
CREATE TRIGGER ledger_one_writer BEFORE INSERT ON ledger_sealed
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_one_writer();
ALTER TABLE ledger_seal ADD CONSTRAINT ledger_seal_follows
    FOREIGN KEY (previous_number, previous_digest) REFERENCES ledger_seal (number, digest);
DO $$
DECLARE
    routine CONSTANT text := 'ledger_seal_next(timestamptz, interval, uuid, bigint)';
BEGIN
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', routine);
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', routine, current_schema());
    EXECUTE format('ALTER FUNCTION %s SET kotowari.ledger_writer = %L', routine, 'on');
END $$;
"""

BACKWARD = """
ALTER TABLE ledger_seal DROP CONSTRAINT ledger_seal_follows;
DROP FUNCTION ledger_seal_next(timestamptz, interval, uuid, bigint);
DROP FUNCTION ledger_id_before(uuid, interval);
DROP FUNCTION ledger_seal_digest(bytea, bigint, bigint, bytea);
DROP FUNCTION ledger_journal_digest(ledger_journal);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_alike_about")]
    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("journals", models.BigIntegerField()),
                ("previous_number", models.BigIntegerField(null=True)),
                ("previous_digest", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number", "digest"), name="ledger_seal_digest"),
                    models.CheckConstraint(condition=models.Q(("journals__gt", 0)), name="ledger_seal_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", 1), ("previous_number__isnull", True)),
                            models.Q(
                                ("number__gt", 1),
                                ("previous_number", models.F("number") - 1),
                                ("previous_number__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_seal_gapless",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("journal_id", models.UUIDField(primary_key=True, serialize=False)),
                ("seal_number", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RunSQL(DIGEST + ID_BEFORE + SEAL_NEXT + LAWS, BACKWARD),
    ]
