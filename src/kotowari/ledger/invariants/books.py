"""The laws of the books that the ledger can see by itself: L1 to L5, L7 to L9, and its own of chart, lots and periods."""

from kotowari.kernel.text import Text
from kotowari.ledger.accounts import ACCOUNT_CLASSES, ESCROW
from kotowari.ledger.catalogue import CATALOGUE, JournalKind
from kotowari.ledger.invariants import by_query, register_invariant

register_invariant(
    "L15 events",
    Text(
        "出来事はどれも、それを待つ部屋に届いている",
        "Whatever happened was told to the rooms that wait for it",
    ),
    by_query(
        """
        wrong AS (
            SELECT 'event ' || kind || ' ' || id || ' was tried ' || attempts || ' times: ' || left(last_error, 100) AS words
            FROM foundation_outboxevent WHERE delivered_at IS NULL AND attempts >= 10
        ), seen AS (SELECT count(*) AS n FROM foundation_outboxevent WHERE delivered_at IS NULL)
        """
    ),
)
register_invariant(
    "L1",
    Text(
        "どの仕訳も、予告した2行以上の合計が0円",
        "Every journal has the lines it announced, two or more, summing to zero",
    ),
    by_query(
        """
        sums AS (
            SELECT journal_id, count(*) AS lines, sum(amount_yen) AS total, min(line_no) AS first, max(line_no) AS last
            FROM ledger_posting GROUP BY journal_id
        ), wrong AS (
            SELECT 'journal ' || coalesce(j.id, s.journal_id) || ': ' || CASE WHEN j.id IS NULL THEN 'lines without it'
                ELSE coalesce(s.lines, 0) || ' lines, sum ' || coalesce(s.total, 0) END AS words
            FROM ledger_journal j FULL JOIN sums s ON s.journal_id = j.id
            WHERE (s.lines >= 2 AND s.lines = j.line_count AND s.total = 0
                AND s.first = 1 AND s.last = j.line_count) IS NOT TRUE
        ), seen AS (SELECT count(*) AS n FROM ledger_journal)
        """
    ),
)
register_invariant(
    "L2",
    Text("帳簿全体の合計が0円", "The whole ledger sums to zero"),
    by_query(
        """
        totals AS (
            SELECT (SELECT coalesce(sum(amount_yen), 0) FROM ledger_posting) AS postings,
                (SELECT coalesce(sum(balance_yen), 0) FROM ledger_balance)
                    + (SELECT coalesce(sum(amount_yen), 0) FROM ledger_rollup_tail) AS balances
        ), wrong AS (
            SELECT 'postings sum to ' || postings || ', balances to ' || balances AS words FROM totals
            WHERE postings <> 0 OR balances <> 0
        ), seen AS (SELECT count(*) AS n FROM ledger_posting)
        """
    ),
)
register_invariant(
    "L3",
    Text(
        "残高は明細の合計に等しく、明細の番号と残高は途切れずにつながる",
        "Every balance is the sum of its postings, whose numbers and running balances have no gap",
    ),
    by_query(
        """
        tail AS (
            SELECT account_id, sum(amount_yen) AS yen, sum(lines) AS lines FROM ledger_rollup_tail GROUP BY account_id
        ), sums AS (
            SELECT account_id, sum(amount_yen) AS yen, count(*) AS lines, max(account_version) AS last
            FROM ledger_posting GROUP BY account_id
        ), chained AS (
            SELECT account_id, account_version, balance_after_yen,
                row_number() OVER w AS number, sum(amount_yen) OVER w AS yen
            FROM ledger_posting WHERE account_version IS NOT NULL
            WINDOW w AS (PARTITION BY account_id ORDER BY account_version ROWS UNBOUNDED PRECEDING)
        ), wrong AS (
            SELECT coalesce(a.code, 'account ' || s.account_id) || ': balance ' || coalesce(b.balance_yen, 0)
                || ' of ' || coalesce(b.version, 0) || ', postings ' || coalesce(s.yen, 0) || ' of '
                || coalesce(s.lines, 0) AS words
            FROM ledger_account a
            FULL JOIN sums s ON s.account_id = a.id
            LEFT JOIN ledger_balance b ON b.account_id = a.id
            LEFT JOIN tail t ON t.account_id = a.id
            WHERE (b.balance_yen + coalesce(t.yen, 0) = coalesce(s.yen, 0)
                AND b.version + coalesce(t.lines, 0) = coalesce(s.lines, 0)
                AND (a.mode = 'rollup') = (s.last IS NULL) AND (a.mode = 'sync' OR s.last IS NULL)) IS NOT TRUE
                AND NOT (a.mode = 'sync' AND s.lines IS NULL AND b.balance_yen = 0 AND b.version = 0)
            UNION ALL
            SELECT a.code || ': posting ' || c.account_version || ' says ' || c.balance_after_yen || ', it is '
                || c.yen || ' after ' || c.number
            FROM chained c JOIN ledger_account a ON a.id = c.account_id
            WHERE c.number <> c.account_version OR c.yen <> c.balance_after_yen
        ), seen AS (SELECT count(*) AS n FROM ledger_account)
        """
    ),
)
register_invariant(
    "L4",
    Text("マイナスにならない口座が0円を下回ったことは一度もない", "No account with a floor was ever below it"),
    by_query(
        """
        wrong AS (
            SELECT a.code || ': balance ' || b.balance_yen AS words
            FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id
            WHERE (b.balance_yen >= a.floor_yen AND b.floor_yen = a.floor_yen) IS NOT TRUE
            UNION ALL
            SELECT a.code || ': ' || p.balance_after_yen || ' after posting ' || p.account_version
            FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
            WHERE p.balance_after_yen < a.floor_yen
        ), seen AS (SELECT count(*) AS n FROM ledger_account WHERE floor_yen = 0)
        """
    ),
)
register_invariant(
    "L5",
    Text(
        "仮払いの残高は、入金から報酬・手数料・返金を引いた額に等しい",
        "Every escrow holds what was funded, less what was released, taken as fees and refunded",
    ),
    by_query(
        """
        sums AS (
            SELECT j.milestone_id,
                min(j.id::text) FILTER (WHERE a.account_class = 'escrow' AND a.owner_id IS DISTINCT FROM j.milestone_id) AS stray,
                -sum(p.amount_yen) FILTER (
                    WHERE a.account_class IN (
                        'suspense', 'card_held', 'available', 'fee:income', 'tax:consumption', 'refund_due')
                    AND CASE WHEN j.kind = 'reversal' THEN (SELECT o.kind FROM ledger_journal o WHERE o.id = j.reverses_id)
                        ELSE j.kind END = ANY (%s::ledger_journal_kind[])) AS left_yen
            FROM ledger_journal j JOIN ledger_posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
            GROUP BY j.milestone_id
        ), wrong AS (
            SELECT 'journal ' || stray || ' moves the escrow of another than '
                || coalesce('milestone ' || milestone_id, 'the milestone it leaves out') AS words
            FROM sums WHERE stray IS NOT NULL
            UNION ALL
            SELECT a.code || ': holds ' || b.balance_yen || ', ' || coalesce(s.left_yen, 0)
                || ' is left of what was funded less what was released, taken as fees and refunded'
            FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id LEFT JOIN sums s ON s.milestone_id = a.owner_id
            WHERE a.account_class = 'escrow' AND b.balance_yen <> coalesce(s.left_yen, 0)
        ), seen AS (SELECT count(*) AS n FROM ledger_account WHERE account_class = 'escrow')
        """,
        [[str(kind) for kind, spec in CATALOGUE.items() if any(move.account is ESCROW for move in spec.moves)]],
    ),
)
register_invariant(
    "L7",
    Text(
        "同じキーの仕訳はひとつだけで、内容は受け付けたときのまま",
        "No key was posted twice, and every journal still says what was asked for",
    ),
    by_query(
        """
        told AS (
            SELECT j.id, j.request_hash, concat_ws('|', j.kind, coalesce(j.contract_id::text, ''),
                coalesce(j.milestone_id::text, ''), coalesce(j.payout_id::text, ''), coalesce(j.deposit_id::text, ''),
                coalesce(j.reverses_id::text, ''),
                string_agg(a.code || '=' || p.amount_yen, ';' ORDER BY (a.code || '=' || p.amount_yen) COLLATE "C")
            ) AS request
            FROM ledger_journal j JOIN ledger_posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
            GROUP BY j.id
        ), wrong AS (
            SELECT 'journal ' || id || ' was changed' AS words FROM told
            WHERE request_hash <> sha256(convert_to(request, 'UTF8'))
            UNION ALL
            SELECT scope || ' ' || key || ' was posted ' || count(*) || ' times' FROM ledger_journal
            GROUP BY scope, key HAVING count(*) > 1
        ), seen AS (SELECT count(*) AS n FROM ledger_journal)
        """
    ),
)
register_invariant(
    "L8",
    Text(
        "取消は1つの仕訳に1度だけで、すべての口座をちょうど元に戻す",
        "A journal is reversed once at most, and its reversal restores every account exactly",
    ),
    by_query(
        """
        reversals AS (SELECT id, kind, reverses_id FROM ledger_journal WHERE reverses_id IS NOT NULL OR kind = 'reversal'),
        wrong AS (
            SELECT 'journal ' || coalesce(r.reverses_id::text, 'none') || ' was reversed '
                || count(*) || ' times, or is a reversal' AS words
            FROM reversals r LEFT JOIN ledger_journal o ON o.id = r.reverses_id
            GROUP BY r.reverses_id, o.id, o.reverses_id, r.kind
            HAVING count(*) > 1 OR o.id IS NULL OR o.reverses_id IS NOT NULL OR r.kind <> 'reversal'
            UNION ALL
            SELECT 'reversal ' || r.id || ' leaves ' || a.code || ' changed by ' || sum(p.amount_yen)
            FROM reversals r CROSS JOIN LATERAL (VALUES (r.id), (r.reverses_id)) AS both_of (id)
            JOIN ledger_posting p ON p.journal_id = both_of.id
            JOIN ledger_account a ON a.id = p.account_id
            GROUP BY r.id, a.code HAVING sum(p.amount_yen) <> 0
        ), seen AS (SELECT count(*) AS n FROM reversals)
        """
    ),
)

_ONCE_PER = [(str(kind), spec.once_per) for kind, spec in CATALOGUE.items() if spec.once_per is not None]
register_invariant(
    "L9",
    Text(
        "ひとつの出来事に、取り消されていない仕訳はひとつだけ",
        "One business event has one journal that was not reversed, however often it was asked for",
    ),
    by_query(
        """
        once AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS o (kind, subject)),
        subjects AS (
            SELECT j.id, o.kind, o.subject, CASE o.subject WHEN 'deposit_id' THEN j.deposit_id
                WHEN 'milestone_id' THEN j.milestone_id WHEN 'payout_id' THEN j.payout_id ELSE j.contract_id END AS about
            FROM ledger_journal j JOIN once o ON o.kind = j.kind::text
            WHERE NOT EXISTS (SELECT 1 FROM ledger_journal r WHERE r.reverses_id = j.id)
        ), wrong AS (
            SELECT kind || ' for ' || subject || ' ' || coalesce(about::text, 'none') || ': ' || count(*) AS words
            FROM subjects GROUP BY kind, subject, about HAVING count(*) > 1 OR about IS NULL
        ), seen AS (SELECT count(*) AS n FROM subjects)
        """,
        [[kind for kind, _ in _ONCE_PER], [subject for _, subject in _ONCE_PER]],
    ),
)
# What a journal moved, as bits: two for each class of accounts, for what went in and for what went out. So the whole
# ledger is read once, whatever its kinds may move.
_INTO = {name: 1 << 2 * place for place, name in enumerate(ACCOUNT_CLASSES)}
_SIGNS = {"+": 1, "-": 2, "+-": 3}
_KINDS = {
    str(kind): (
        sum(_INTO[move.account.name] * _SIGNS[move.sign] for move in spec.moves),
        sum(_INTO[move.account.name] for move in spec.moves if move.is_required),
    )
    for kind, spec in CATALOGUE.items()
    if kind != JournalKind.REVERSAL
}
"""Of each kind what it may move, and which classes it has to move, either way."""

register_invariant(
    "chart",
    Text("どの仕訳も、勘定科目表にある動きだけをする", "Every journal moves money only as the chart of accounts says"),
    by_query(
        """
        kinds AS (SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS k (kind, allowed, required)),
        did AS (
            SELECT p.journal_id,
                bit_or(CASE WHEN p.amount_yen > 0 THEN c.into_it ELSE c.into_it << 1 END) AS moved
            FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
            JOIN unnest(%s::text[], %s::bigint[]) AS c (class, into_it) ON c.class = a.account_class
            GROUP BY p.journal_id
        ), wrong AS (
            SELECT 'journal ' || j.id || ': ' || j.kind || ' moved ' || coalesce((
                SELECT string_agg(c.class || CASE d.moved & 3 * c.into_it
                    WHEN c.into_it THEN ' +' WHEN 2 * c.into_it THEN ' -' ELSE ' + and -' END, ', ')
                FROM unnest(%s::text[], %s::bigint[]) AS c (class, into_it) WHERE d.moved & 3 * c.into_it <> 0), 'nothing') AS words
            FROM ledger_journal j JOIN kinds k ON k.kind = j.kind::text LEFT JOIN did d ON d.journal_id = j.id
            WHERE ((d.moved & ~k.allowed) = 0 AND ((d.moved | (d.moved >> 1)) & k.required) = k.required) IS NOT TRUE
        ), seen AS (SELECT count(*) AS n FROM ledger_journal)
        """,
        [
            *(list(bits) for bits in zip(*((kind, *bits) for kind, bits in _KINDS.items()), strict=True)),
            *[list(_INTO), list(_INTO.values())] * 2,
        ],
    ),
)
register_invariant(
    "lots",
    Text(
        "ロットの残りの合計が未出金報酬に等しく、使った記録と合う",
        "What remains in a member's lots is the available reward, and agrees with what payouts took",
    ),
    by_query(
        """
        remaining AS (
            SELECT member_id, sum(remaining_yen) AS yen FROM ledger_lot GROUP BY member_id
        ), uses AS (
            SELECT lot_id, sum(amount_yen) AS yen FROM ledger_lot_use GROUP BY lot_id
        ), out AS (
            SELECT payout_id, lot_id, sum(amount_yen) AS yen FROM ledger_lot_use GROUP BY payout_id, lot_id
        ), wrong AS (
            SELECT 'member ' || coalesce(r.member_id, a.owner_id) || ': lots ' || coalesce(r.yen, 0) || ', available '
                || coalesce(a.balance_yen, 0) AS words
            FROM remaining r FULL JOIN (
                SELECT a.owner_id, b.balance_yen FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
                WHERE a.account_class = 'available'
            ) a ON a.owner_id = r.member_id
            WHERE coalesce(r.yen, 0) <> coalesce(a.balance_yen, 0)
            UNION ALL
            SELECT 'lot ' || l.id || ': ' || l.remaining_yen || ' of ' || l.amount_yen || ' left, used ' || coalesce(u.yen, 0)
            FROM ledger_lot l LEFT JOIN uses u ON u.lot_id = l.id
            WHERE coalesce(u.yen, 0) <> CASE WHEN l.withdrawn_at IS NULL THEN l.amount_yen - l.remaining_yen ELSE 0 END
            UNION ALL
            SELECT 'payout ' || payout_id || ' gave lot ' || lot_id || ' more than it took' FROM out WHERE yen < 0
        ), seen AS (SELECT count(*) AS n FROM ledger_lot)
        """
    ),
)
register_invariant(
    "periods",
    Text("締めた期間に、締めた後の仕訳はない", "Nothing was dated into a period after it was closed"),
    by_query(
        """
        wrong AS (
            SELECT 'journal ' || j.id || ' is dated ' || j.occurred_at || ', the books were closed through '
                || p.closed_through || ' before it was posted' AS words
            FROM ledger_journal j JOIN ledger_period p
                ON (j.occurred_at AT TIME ZONE 'Asia/Tokyo')::date <= p.closed_through AND j.posted_at > p.closed_at
        ), seen AS (SELECT count(*) AS n FROM ledger_period)
        """
    ),
)
register_invariant(
    "balances",
    Text(
        "締めた日の残高は、その日までの明細の合計",
        "What was kept of a closed period is the sum of the postings until then",
    ),
    by_query(
        """
        ended AS (
            SELECT period_id AS day, (lag(period_id) OVER (ORDER BY period_id) + 1)::timestamp AT TIME ZONE 'Asia/Tokyo' AS since,
                (period_id + 1)::timestamp AT TIME ZONE 'Asia/Tokyo' AS until
            FROM (SELECT DISTINCT period_id FROM ledger_period_balance) kept
        ), moved AS (
            SELECT e.day, a.account_class, sum(p.amount_yen) AS yen
            FROM ended e JOIN ledger_journal j ON j.occurred_at < e.until AND (e.since IS NULL OR j.occurred_at >= e.since)
            JOIN ledger_posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id GROUP BY 1, 2
        ), counted AS (
            SELECT k.period_id, k.account_class, k.balance_yen,
                sum(coalesce(m.yen, 0)) OVER (PARTITION BY k.account_class ORDER BY k.period_id) AS expected_yen
            FROM ledger_period_balance k LEFT JOIN moved m ON m.day = k.period_id AND m.account_class = k.account_class
        ), wrong AS (
            SELECT account_class || ' on ' || period_id || ': ' || balance_yen || ' was kept instead of ' || expected_yen AS words
            FROM counted WHERE balance_yen <> expected_yen
        ), seen AS (SELECT count(*) AS n FROM ledger_period_balance)
        """
    ),
)
