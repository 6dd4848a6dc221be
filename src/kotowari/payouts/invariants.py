"""What is always true between payouts and the books, asked of the whole live database with the ledger's own laws."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, nothing_overdue, register_invariant
from kotowari.payouts.selectors.operators_money import OF_MEMBERS

register_invariant(
    "payouts.in_flight",
    Text(
        "振込中の残高は、届いていない出金・返金の手取りと一致する",
        "What is in flight is the net amount of each payout and refund that has not arrived, and nothing else",
    ),
    by_query(
        """
        compared AS (
            SELECT p.number, p.state,
                CASE WHEN p.state IN ('requested', 'held', 'in_file') THEN p.net_yen ELSE 0 END AS expected_yen,
                coalesce(b.balance_yen, 0) AS balance_yen
            FROM payouts_payout p
            LEFT JOIN ledger_account a ON a.code = 'payout_in_flight:payout:' || p.id
            LEFT JOIN ledger_balance b ON b.account_id = a.id
        ), wrong AS (
            SELECT 'payout ' || number || ' (' || state || '): ' || balance_yen || ' in flight instead of '
                || expected_yen AS words
            FROM compared WHERE balance_yen <> expected_yen
        ), seen AS (SELECT count(*) AS n FROM compared)
        """
    ),
)
register_invariant(
    "payouts.lots",
    Text(
        "出金が使っているロットは、取り消されていない出金の総額と一致する",
        "The lots a payout has out are its gross amount, and none when it was returned or cancelled",
    ),
    by_query(
        """
        uses AS (SELECT payout_id, sum(amount_yen) AS out_yen FROM ledger_lot_use GROUP BY payout_id),
        compared AS (
            SELECT p.number, p.state, coalesce(u.out_yen, 0) AS out_yen,
                CASE WHEN p.state IN ('returned', 'cancelled') THEN 0 ELSE p.gross_yen END AS expected_yen
            FROM payouts_payout p LEFT JOIN uses u ON u.payout_id = p.id WHERE p.kind <> 'refund'
        ), wrong AS (
            SELECT 'payout ' || number || ' (' || state || '): ' || out_yen || ' of lots instead of '
                || expected_yen AS words
            FROM compared WHERE out_yen <> expected_yen
        ), seen AS (SELECT count(*) AS n FROM compared)
        """
    ),
)
register_invariant(
    "payouts.expired",
    Text(
        "期限の来た報酬の状態は、お預かりの残高と使ったロットに一致する",
        "What is kept of each member is the dormant balance, and each expired reward has its lots out until it is back",
    ),
    by_query(
        """
        kept AS (
            SELECT member_id, sum(amount_yen) AS yen FROM payouts_expiredreward WHERE state = 'dormant' GROUP BY member_id
        ), held AS (
            SELECT a.owner_id, b.balance_yen AS yen FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            WHERE a.account_class = 'dormant'
        ), uses AS (SELECT payout_id, sum(amount_yen) AS out_yen FROM ledger_lot_use GROUP BY payout_id
        ), wrong AS (
            SELECT 'member ' || coalesce(k.member_id, h.owner_id) || ': ' || coalesce(h.yen, 0) || ' kept instead of '
                || coalesce(k.yen, 0) AS words
            FROM kept k FULL JOIN held h ON h.owner_id = k.member_id WHERE coalesce(k.yen, 0) <> coalesce(h.yen, 0)
            UNION ALL
            SELECT 'expired reward ' || e.id || ' (' || e.state || '): ' || coalesce(u.out_yen, 0) || ' of lots out'
            FROM payouts_expiredreward e LEFT JOIN uses u ON u.payout_id = e.id
            WHERE coalesce(u.out_yen, 0)
                <> CASE WHEN e.state IN ('dormant', 'forfeited') THEN e.amount_yen ELSE 0 END
        ), seen AS (SELECT count(*) AS n FROM payouts_expiredreward)
        """
    ),
)
register_invariant(
    "payouts.journals",
    Text(
        "出金の状態と仕訳が一致する(振込済み・組戻し・取りやめは、それぞれ1度だけ)",
        "Each payout's state is what its journals say: requested once, settled, returned or cancelled at most once",
    ),
    by_query(
        """
        told AS (
            SELECT j.payout_id,
                count(*) FILTER (WHERE j.kind IN ('payout_requested', 'refund_requested')) AS requested,
                count(*) FILTER (WHERE j.kind = 'payout_settled') AS settled,
                count(*) FILTER (WHERE j.kind = 'payout_returned') AS returned,
                count(*) FILTER (WHERE j.kind = 'payout_cancelled') AS cancelled
            FROM ledger_journal j
            WHERE j.payout_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM ledger_journal r WHERE r.reverses_id = j.id)
            GROUP BY j.payout_id
        ), wrong AS (
            SELECT 'payout ' || p.number || ' (' || p.state || ') against its journals: requested '
                || coalesce(t.requested, 0) || ', settled ' || coalesce(t.settled, 0) || ', returned '
                || coalesce(t.returned, 0) || ', cancelled ' || coalesce(t.cancelled, 0) AS words
            FROM payouts_payout p LEFT JOIN told t ON t.payout_id = p.id
            WHERE (t.requested = 1
                AND t.settled = CASE WHEN p.settled_on IS NULL THEN 0 ELSE 1 END
                AND t.returned = CASE WHEN p.state = 'returned' THEN 1 ELSE 0 END
                AND t.cancelled = CASE WHEN p.state = 'cancelled' THEN 1 ELSE 0 END) IS NOT TRUE
        ), seen AS (SELECT count(*) AS n FROM payouts_payout)
        """
    ),
)
register_invariant(
    "payouts.files",
    Text(
        "銀行に渡したファイルの件数と合計は、その束の出金と一致する",
        "Count and total of every file handed to the bank are those of the payouts that stand in it",
    ),
    by_query(
        """
        files AS (
            SELECT r.id AS run_id, f->>'name' AS name, (f->>'count')::bigint AS transfers,
                (f->>'total_yen')::bigint AS total_yen, (f->>'first_number')::bigint AS first_number,
                (f->>'last_number')::bigint AS last_number
            FROM payouts_payoutrun r, jsonb_array_elements(r.files) AS f
        ), compared AS (
            SELECT f.name, f.transfers, f.total_yen, count(p.id) AS found, coalesce(sum(p.net_yen), 0) AS found_yen
            FROM files f LEFT JOIN payouts_payout p ON p.run_id = f.run_id
                AND p.number BETWEEN f.first_number AND f.last_number
                AND p.state IN ('in_file', 'settled', 'returned')
            GROUP BY f.run_id, f.name, f.transfers, f.total_yen
        ), wrong AS (
            SELECT name || ': ' || found || ' transfers of ' || found_yen || ' instead of ' || transfers || ' of '
                || total_yen AS words
            FROM compared WHERE (found, found_yen) <> (transfers, total_yen)
        ), seen AS (SELECT count(*) AS n FROM files)
        """
    ),
)
register_invariant(
    "L12",
    Text(
        "会員からお預かりしているお金は、銀行が口座にあると言う額(とカード会社の未収・係争中の額)を超えない",
        "What members are owed is no more than the bank says lies in the account, card processors owe and disputes hold",
    ),
    by_query(
        """
        told AS (
            SELECT to_on, statement_id, closing_yen FROM payments_statementbalance ORDER BY to_on DESC, id DESC LIMIT 1
        ), held AS (
            SELECT a.account_class AS class, sum(b.balance_yen) + coalesce(sum(t.yen), 0) AS yen
            FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            LEFT JOIN (SELECT account_id, sum(amount_yen) AS yen FROM ledger_rollup_tail GROUP BY 1) t ON t.account_id = a.id
            GROUP BY 1
        ), owed AS (
            SELECT coalesce(sum(yen), 0) AS yen FROM held WHERE class = ANY (%s) OR class LIKE 'psp:%%:clearing'
                OR class = 'card_disputed'
        ), later AS (
            SELECT coalesce(sum(CASE WHEN l.kind IN ('deposit', 'returned') THEN l.amount_yen ELSE -l.amount_yen END), 0) AS yen
            FROM payments_statementline l, told b
            WHERE l.twin_id IS NULL AND l.kind <> 'empty'
                AND (l.booked_on > b.to_on OR l.booked_on = b.to_on AND l.statement_id > b.statement_id)
        ), unknown AS (
            SELECT coalesce(sum(CASE WHEN direction = 'out' THEN amount_yen ELSE 0 END), 0) AS yen
            FROM payouts_bankentry WHERE state = 'open'
        ), wrong AS (
            SELECT 'members are owed ' || o.yen || ', the bank has ' || b.closing_yen + l.yen || ' (' || b.to_on || ')'
                || CASE WHEN u.yen > 0 THEN ', of ' || u.yen || ' that went out nobody knows what it was' ELSE '' END AS words
            FROM told b, owed o, later l, unknown u WHERE o.yen > b.closing_yen + l.yen + u.yen
        ), seen AS (SELECT count(*) AS n FROM told)
        """,
        [OF_MEMBERS],
    ),
)
nothing_overdue(
    "L15 payouts",
    Text(
        "保留した振込と名義の確認の期限が来たものは、自動で処理されている",
        "What time decides of transfers on hold and of holders of accounts is decided",
    ),
    "SELECT 'payout ' || number AS words, lapses_at AS due_at FROM payouts_payout WHERE state = 'held'",
    "SELECT 'holder of account ' || account_id, lapses_at FROM payouts_holderreview WHERE state IN ('open', 'contested')",
)
register_invariant(
    "payouts.own_money",
    Text(
        "運営のお金として記帳した銀行明細には、取り消されていない同じ額の仕訳が1つだけある",
        "Each line of the bank booked as the operator's own has one journal of its amount, and each such journal a line",
    ),
    by_query(
        """
        told AS (
            SELECT j.id, t.amount_yen FROM ledger_journal j
            JOIN ledger_posting t ON t.journal_id = j.id JOIN ledger_account a ON a.id = t.account_id
            WHERE a.code = 'bank:payouts' AND j.kind IN ('bank_fee_paid', 'tax_paid', 'own_funds_taken_out')
                AND NOT EXISTS (SELECT FROM ledger_journal r WHERE r.reverses_id = j.id)
        ), lines AS (SELECT id, journal_id, amount_yen FROM payouts_bankentry WHERE state = 'booked'
        ), wrong AS (
            SELECT 'line ' || coalesce(l.id::text, 'none') || ', journal ' || coalesce(t.id, l.journal_id) || ': '
                || coalesce(t.amount_yen, 0) || ' booked instead of ' || coalesce(l.amount_yen, 0) AS words
            FROM lines l FULL JOIN told t ON t.id = l.journal_id WHERE l.amount_yen IS DISTINCT FROM t.amount_yen
        ), seen AS (SELECT count(*) AS n FROM lines)
        """
    ),
)
# Who asked first wins: a hold that began before the payout was asked for stops it. The minute is for clocks of several
# machines; that one of two racing wins, decided by lock, is driven by tests with real threads.
register_invariant(
    "L10",
    Text(
        "出金を止める制限が有効なあいだに、出金の手続きは行われていない",
        "Nothing was paid out while a hold or freeze that stops payouts was in force",
    ),
    by_query(
        """
        stops AS (
            SELECT member_id, since, least(until, coalesce(lifted_at, until)) AS ended
            FROM accounts_restriction WHERE 'payout' = ANY (scope)
        ), wrong AS (
            SELECT 'payout ' || p.number || ' was asked for at ' || p.requested_at || ', on hold since ' || s.since AS words
            FROM stops s JOIN payouts_payout p ON p.member_id = s.member_id
                AND p.requested_at > s.since + interval '1 minute' AND p.requested_at < s.ended
        ), seen AS (SELECT count(*) AS n FROM stops)
        """
    ),
)
