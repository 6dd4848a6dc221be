"""What is always true of money that came in, asked of the whole live database."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, register_invariant

register_invariant(
    "L11",
    Text(
        "仮受金には必ず入金の記録があり、残高が一致し、理由・担当・期限がある",
        "Whatever lies in suspense belongs to a deposit with the same amount, a reason, an owner and a clock",
    ),
    by_query(
        """
        held AS (
            SELECT a.owner_id, b.balance_yen FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            WHERE a.account_class = 'suspense'
        ), placed AS (
            SELECT deposit_id, sum(amount_yen) AS yen FROM payments_depositmatch GROUP BY deposit_id
        ), wrong AS (
            SELECT 'suspense of deposit ' || coalesce(d.id, h.owner_id) || ' holds ' || coalesce(h.balance_yen, 0)
                || ', the deposit says ' || coalesce(d.remaining_yen::text, 'nothing') AS words
            FROM payments_deposit d FULL JOIN held h ON h.owner_id = d.id
            WHERE coalesce(h.balance_yen, 0) <> coalesce(d.remaining_yen, 0)
            UNION ALL
            SELECT 'deposit ' || id || ' waits without reason, owner or clock' FROM payments_deposit
            WHERE remaining_yen > 0 AND (reason IS NULL OR waits_for = '' OR state = 'in_suspense' AND decide_by IS NULL)
            UNION ALL
            SELECT 'deposit ' || d.id || ': ' || d.state || ', ' || coalesce(p.yen, 0) || ' placed and '
                || d.remaining_yen || ' left of ' || d.amount_yen
            FROM payments_deposit d LEFT JOIN placed p ON p.deposit_id = d.id
            WHERE coalesce(p.yen, 0) + d.remaining_yen > d.amount_yen
                OR d.state IN ('in_suspense', 'to_send_back', 'matched')
                    AND coalesce(p.yen, 0) + d.remaining_yen <> d.amount_yen
        ), seen AS (SELECT count(*) AS n FROM payments_deposit)
        """
    ),
)
