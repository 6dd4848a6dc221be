"""What is always true of contracts and their money, asked of the whole live database."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, nothing_overdue, register_invariant

HOLDING = ("funded", "delivered", "changes_requested")
"""States in which the whole price is held; in every other state nothing is."""

register_invariant(
    "L6",
    Text(
        "マイルストーンの状態と仮払いの残高が一致する(作業中・検収待ち・修正依頼中は全額、ほかは0円)",
        "Milestones and escrows agree: the whole price while work goes on, nothing before and after",
    ),
    by_query(
        """
        held AS (
            SELECT a.owner_id, b.balance_yen FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            WHERE a.account_class = 'escrow'
        ), wrong AS (
            SELECT 'milestone ' || coalesce(m.id, h.owner_id) || ': ' || coalesce(m.state, 'is missing')
                || ', escrow holds ' || coalesce(h.balance_yen, 0) || ' of ' || coalesce(m.client_pays_yen, 0) AS words
            FROM contracts_milestone m FULL JOIN held h ON h.owner_id = m.id
            WHERE m.id IS NULL OR coalesce(h.balance_yen, 0)
                <> CASE WHEN m.state = ANY (%s) THEN m.client_pays_yen ELSE 0 END
        ), seen AS (SELECT count(*) AS n FROM contracts_milestone)
        """,
        [list(HOLDING)],
    ),
)
# An early end waits for the acceptance of what was delivered; a clock that stands still is moved by its own sweep.
nothing_overdue(
    "L15 contracts",
    Text(
        "検収・仮払い・納品・途中終了の期限が来たものは、自動で処理されている",
        "What time decides of acceptances, escrows, deliveries and early ends is decided",
    ),
    "SELECT 'milestone ' || id || ' (' || state || ')' AS words, deadline_at AS due_at FROM contracts_milestone "
    "WHERE deadline_at IS NOT NULL",
    "SELECT 'early end ' || e.id, e.lapses_at FROM contracts_endrequest e WHERE e.state = 'open' AND NOT EXISTS "
    "(SELECT 1 FROM contracts_milestone m WHERE m.contract_id = e.contract_id AND m.state = 'delivered')",
)
register_invariant(
    "L15 once",
    Text(
        "期限による検収・取りやめは、1つのマイルストーンに1度だけ",
        "Time accepts, refunds or cancels a milestone once at most",
    ),
    by_query(
        """
        by_time AS (
            SELECT subject_id, count(*) AS times FROM foundation_auditentry
            WHERE kind IN ('contracts.accepted', 'contracts.refunded', 'contracts.cancelled') AND actor_name = 'system'
            GROUP BY subject_id
        ), wrong AS (
            SELECT 'milestone ' || subject_id || ' was closed by time ' || times || ' times' AS words
            FROM by_time WHERE times > 1
        ), seen AS (SELECT count(*) AS n FROM by_time)
        """
    ),
)
