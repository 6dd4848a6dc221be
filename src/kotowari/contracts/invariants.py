"""What is always true of contracts and their money, asked of the whole live database."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, register_invariant

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
