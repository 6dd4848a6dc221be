"""L13: whoever altered a journal, took one away or rearranged the seals, would have had to alter all that follows."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, register_invariant
from kotowari.ledger.services.sealing import LOOK_BACK

# What stands in `ledger_sealed` names the journal that was altered; the seals keep that table, the next seal each
# seal, and what earlier runs of the checks (or an auditor) wrote down the newest one.
register_invariant(
    "L13",
    Text(
        "封印の鎖が途切れず、封印した仕訳はどの列も封印したときのまま",
        "The chain of seals is unbroken, and every journal under one still says what it said",
    ),
    by_query(
        """
        compared AS (
            SELECT s.seal_number, s.journal_id, s.digest, j.id IS NOT NULL AS is_there,
                s.digest = ledger_journal_digest(j) AS is_same
            FROM ledger_sealed s LEFT JOIN ledger_journal j ON j.id = s.journal_id
        ), under AS (
            SELECT seal_number, count(*) AS journals, string_agg(digest, '' ORDER BY journal_id) AS digests
            FROM ledger_sealed GROUP BY seal_number
        ), chain AS (
            SELECT l.*, lag(l.number) OVER w AS before_number, lag(l.digest) OVER w AS before_digest
            FROM ledger_seal l WINDOW w AS (ORDER BY l.number)
        ), wrong AS (
            SELECT 'journal ' || journal_id || ' under seal ' || seal_number
                || CASE WHEN is_there THEN ' was altered' ELSE ' is gone' END AS words
            FROM compared WHERE is_same IS NOT TRUE
            UNION ALL
            SELECT 'seal ' || coalesce(c.number, u.seal_number) || ': ' || CASE
                WHEN c.number IS NULL THEN 'is gone, ' || u.journals || ' journals are under it'
                WHEN c.number <> coalesce(c.before_number, 0) + 1
                    OR c.previous_number IS DISTINCT FROM c.before_number THEN 'the one before it is gone'
                WHEN c.previous_digest <> coalesce(c.before_digest, decode(repeat('00', 32), 'hex'))
                    THEN 'does not follow the one before it'
                ELSE 'its digest is not that of the ' || coalesce(u.journals, 0) || ' journals under it' END
            FROM chain c FULL JOIN under u ON u.seal_number = c.number
            WHERE (c.number = coalesce(c.before_number, 0) + 1
                AND c.previous_number IS NOT DISTINCT FROM c.before_number
                AND c.previous_digest = coalesce(c.before_digest, decode(repeat('00', 32), 'hex'))
                AND c.journals = u.journals
                AND c.digest = ledger_seal_digest(c.previous_digest, c.number, u.journals, u.digests)) IS NOT TRUE
            UNION ALL
            SELECT 'seal ' || r.head_number || ' is not the one that the check of ' || min(r.ended_at) || ' saw'
            FROM ledger_check_run r LEFT JOIN ledger_seal l ON l.number = r.head_number
            WHERE r.head_number IS NOT NULL AND l.digest IS DISTINCT FROM r.head_digest GROUP BY r.head_number
            UNION ALL
            SELECT 'journal ' || j.id || ' is under no seal, younger ones are' FROM ledger_journal j
            WHERE j.id < (SELECT ledger_id_before(least(max_id.journal_id, ledger_new_id(clock_timestamp(), 0)), %s) FROM (
                    SELECT journal_id FROM ledger_sealed ORDER BY journal_id DESC LIMIT 1
                ) max_id)
                AND NOT EXISTS (SELECT FROM ledger_sealed s WHERE s.journal_id = j.id)
        ), seen AS (SELECT count(*) AS n FROM ledger_sealed)
        """,
        [LOOK_BACK],
    ),
)
