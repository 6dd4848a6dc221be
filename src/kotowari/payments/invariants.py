"""What is always true of money that came in, asked of the whole live database."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, nothing_overdue, register_invariant

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

register_invariant(
    "payments.own_money",
    Text(
        "運営のお金とした入金には、取り消されていない同じ額の仕訳が1つだけある",
        "Each deposit that is the operator's own has one journal of its amount, and each such journal a deposit",
    ),
    by_query(
        """
        told AS (
            SELECT j.deposit_id, -sum(t.amount_yen) AS yen, count(*) AS n FROM ledger_journal j
            JOIN ledger_posting t ON t.journal_id = j.id JOIN ledger_account a ON a.id = t.account_id
            WHERE a.account_class = 'suspense' AND j.kind IN ('own_funds_put_in', 'interest_received')
                AND NOT EXISTS (SELECT FROM ledger_journal r WHERE r.reverses_id = j.id)
            GROUP BY j.deposit_id
        ), own AS (SELECT id, amount_yen FROM payments_deposit WHERE state = 'own'
        ), wrong AS (
            SELECT 'deposit ' || coalesce(o.id, t.deposit_id) || ': ' || coalesce(t.n, 0) || ' journal(s) of '
                || coalesce(t.yen, 0) || ', the deposit says ' || coalesce(o.amount_yen, 0) AS words
            FROM own o FULL JOIN told t ON t.deposit_id = o.id
            WHERE o.amount_yen IS DISTINCT FROM t.yen OR t.n <> 1
        ), seen AS (SELECT count(*) AS n FROM own)
        """
    ),
)
register_invariant(
    "L11 cards",
    Text(
        "カードで預かったお金は、仮払い・返金・預り金のどこかに必ずあり、カード会社の未収と一致する",
        "What came by card lies in an escrow, in a refund, or is held, and agrees with what processors owe",
    ),
    by_query(
        """
        balance AS (
            SELECT a.account_class, a.owner_id, b.balance_yen FROM ledger_account a
            JOIN ledger_balance b ON b.account_id = a.id WHERE a.account_class IN ('card_held', 'card_refund')
        ), expected AS (
            SELECT p.id, p.amount_yen - p.refunded_yen
                - CASE WHEN m.card_payment_id = p.id AND m.state <> 'refunded' THEN p.amount_yen ELSE 0 END AS yen
            FROM payments_cardpayment p JOIN contracts_milestone m ON m.id = p.milestone_id
            WHERE p.state IN ('succeeded', 'refunded')
        ), taken AS (
            SELECT a.account_class, -sum(t.amount_yen) AS yen
            FROM ledger_posting t JOIN ledger_account a ON a.id = t.account_id
            JOIN ledger_journal j ON j.id = t.journal_id
            WHERE a.account_class LIKE 'psp:%%' AND j.kind <> 'card_paid_out' GROUP BY a.account_class
        ), rows_say AS (
            SELECT 'psp:' || p.processor || ':clearing' AS account_class, sum(p.amount_yen) - sum(coalesce((
                SELECT sum(r.amount_yen - r.covered_yen) FROM payments_cardrefund r
                WHERE r.payment_id = p.id AND r.state = 'succeeded'
            ), 0)) AS yen
            FROM payments_cardpayment p WHERE p.state IN ('succeeded', 'refunded') GROUP BY p.processor
        ), taken_back AS (
            SELECT 'psp:' || processor || ':clearing' AS account_class, sum(taken_yen + fee_yen) AS yen
            FROM payments_carddispute GROUP BY processor
        ), wrong AS (
            SELECT 'card payment ' || coalesce(e.id, b.owner_id) || ': ' || coalesce(b.balance_yen, 0)
                || ' held, the rows say ' || coalesce(e.yen, 0) AS words
            FROM expected e FULL JOIN (SELECT * FROM balance WHERE account_class = 'card_held') b ON b.owner_id = e.id
            WHERE coalesce(b.balance_yen, 0) <> coalesce(e.yen, 0)
            UNION ALL
            SELECT 'card refund ' || coalesce(r.id, b.owner_id) || ': ' || coalesce(b.balance_yen, 0) || ' under way, '
                || coalesce(r.state, 'no row')
            FROM payments_cardrefund r
            FULL JOIN (SELECT * FROM balance WHERE account_class = 'card_refund') b ON b.owner_id = r.id
            WHERE coalesce(b.balance_yen, 0)
                <> CASE WHEN r.state IN ('succeeded', 'failed') THEN 0 ELSE coalesce(r.amount_yen - r.covered_yen, 0) END
            UNION ALL
            SELECT account_class || ': ' || coalesce(t.yen, 0) || ' taken, the rows say '
                || coalesce(s.yen, 0) - coalesce(d.yen, 0)
            FROM taken t FULL JOIN rows_say s USING (account_class) FULL JOIN taken_back d USING (account_class)
            WHERE coalesce(t.yen, 0) <> coalesce(s.yen, 0) - coalesce(d.yen, 0)
            UNION ALL
            SELECT 'card payment ' || p.id || ': ' || p.refunded_yen || ' refunded, its refunds make '
                || coalesce(sum(r.amount_yen), 0)
            FROM payments_cardpayment p LEFT JOIN payments_cardrefund r ON r.payment_id = p.id
            GROUP BY p.id HAVING p.refunded_yen <> coalesce(sum(r.amount_yen), 0)
        ), seen AS (SELECT count(*) AS n FROM payments_cardpayment)
        """
    ),
)
register_invariant(
    "L11 disputes",
    Text(
        "係争中の残高は決まっていない引き上げと一致し、損失は戻らないと決まった額から穴埋めを引いた額に等しい",
        "What is in dispute is what open disputes took; the loss is what lost ones took, less what has covered it",
    ),
    by_query(
        """
        held AS (
            SELECT a.owner_id, b.balance_yen FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            WHERE a.account_class = 'card_disputed'
        ), borne AS (
            SELECT coalesce(-sum(t.amount_yen), 0) AS yen FROM ledger_posting t
            JOIN ledger_account a ON a.id = t.account_id AND a.account_class = 'expense:card_disputes'
        ), told AS (
            SELECT coalesce(sum(taken_yen - covered_yen), 0) AS yen FROM payments_carddispute WHERE state = 'lost'
        ), wrong AS (
            SELECT 'dispute ' || coalesce(d.id, h.owner_id) || ' (' || coalesce(d.state, 'no row') || '): '
                || coalesce(h.balance_yen, 0) || ' in dispute, taken ' || coalesce(d.taken_yen, 0) AS words
            FROM payments_carddispute d FULL JOIN held h ON h.owner_id = d.id
            WHERE coalesce(h.balance_yen, 0) <> CASE WHEN d.state = 'opened' THEN -d.taken_yen ELSE 0 END
            UNION ALL
            SELECT 'losses by disputes: ' || b.yen || ' borne, lost and uncovered ' || t.yen
            FROM borne b, told t WHERE b.yen <> t.yen
            UNION ALL
            SELECT 'card refund ' || r.id || ' waits, though a lost dispute of its payment is uncovered'
            FROM payments_cardrefund r JOIN payments_carddispute d ON d.payment_id = r.payment_id
            WHERE r.state = 'recorded' AND d.state = 'lost' AND d.covered_yen < d.taken_yen
        ), seen AS (SELECT count(*) AS n FROM payments_carddispute)
        """
    ),
)
nothing_overdue(
    "L15 payments",
    Text(
        "仮受金とカード払いの期限が来たものは、自動で処理されている",
        "What time decides of deposits in suspense and card payments is decided",
    ),
    "SELECT 'deposit ' || id AS words, decide_by AS due_at FROM payments_deposit WHERE state = 'in_suspense'",
    "SELECT 'card payment ' || id || ' (' || state || ')', give_up_at FROM payments_cardpayment "
    "WHERE state IN ('recorded', 'sent', 'open', 'unknown')",
    "SELECT 'card refund ' || r.id || ' (' || r.state || ')', r.give_up_at FROM payments_cardrefund r "
    "WHERE r.state IN ('sent', 'unknown') OR r.state = 'recorded' AND NOT EXISTS ("
    "SELECT 1 FROM payments_carddispute d WHERE d.payment_id = r.payment_id AND d.state = 'opened' AND d.taken_yen > 0)",
)
