"""What is always true of papers, asked of the whole live database with the ledger's own laws."""

from kotowari.kernel.text import Text
from kotowari.ledger.invariants import by_query, register_invariant

register_invariant(
    "papers.gapless",
    Text(
        "書類の番号は、系列と年ごとに1から最後まで欠けも重なりもなく、内容はダイジェストと一致する",
        "The numbers of papers run from 1 to the last without a gap, and every snapshot has its digest",
    ),
    by_query(
        """
        counted AS (
            SELECT series, year, count(*) AS papers, min(number) AS first, max(number) AS last
            FROM papers_paper GROUP BY series, year
        ), wrong AS (
            SELECT coalesce(c.series, s.series) || '-' || coalesce(c.year, s.year) || ': ' || coalesce(c.papers, 0)
                || ' papers, last number ' || coalesce(s.last_number, 0) AS words
            FROM counted c FULL JOIN papers_series s ON s.series = c.series AND s.year = c.year
            WHERE (c.papers, c.first, c.last) IS DISTINCT FROM (s.last_number, 1::bigint, s.last_number)
            UNION ALL
            SELECT series || '-' || year || '-' || number || ': the digest is not that of its words' FROM papers_paper
            WHERE digest <> encode(sha256(convert_to(snapshot, 'UTF8')), 'hex')
        ), seen AS (SELECT count(*) AS n FROM papers_paper)
        """
    ),
)
# An acceptance that the outbox has not told yet has no invoice for a moment: that is no violation.
register_invariant(
    "papers.invoices",
    Text(
        "検収されたマイルストーンには、必ず請求書がちょうど1つある",
        "Every accepted milestone has its one invoice",
    ),
    by_query(
        """
        wrong AS (
            SELECT 'milestone ' || m.id || ' is accepted and has no invoice' AS words FROM contracts_milestone m
            WHERE m.state = 'accepted'
                AND NOT EXISTS (
                    SELECT 1 FROM papers_paper p WHERE p.kind = 'invoice' AND p.subject = 'milestone:' || m.id
                )
                AND NOT EXISTS (
                    SELECT 1 FROM foundation_outboxevent e
                    WHERE e.delivered_at IS NULL AND e.kind = 'contracts.milestone_accepted'
                        AND e.payload->>'milestone_id' = m.id::text
                )
        ), seen AS (SELECT count(*) AS n FROM contracts_milestone WHERE state = 'accepted')
        """
    ),
)
register_invariant(
    "papers.amounts",
    Text(
        "書類の金額は仕訳と一致する(請求書=報酬+利用料+源泉徴収、利用料の請求書=利用料収入と税、領収書=仮払い、明細書=振込)",
        "Papers say what the books say: invoices, invoices for fees, receipts and payout statements, to the yen",
    ),
    by_query(
        """
        standing AS (
            SELECT p.kind, p.series, p.year, p.number, p.total_yen, p.withholding_yen, p.payout_id,
                split_part(p.subject, ':', 2)::uuid AS about
            FROM papers_paper p
            WHERE p.subject NOT LIKE 'year:%%'
                AND NOT EXISTS (SELECT 1 FROM papers_paper newer WHERE newer.replaces_id = p.id)
        ), by_milestone AS (
            SELECT j.milestone_id,
                sum(l.amount_yen) FILTER (
                    WHERE j.kind IN ('deposit_matched', 'card_matched') AND a.account_class = 'escrow') AS funded_yen,
                sum(l.amount_yen) FILTER (
                    WHERE j.kind = 'milestone_accepted' AND a.account_class = 'available') AS reward_yen,
                sum(l.amount_yen) FILTER (
                    WHERE j.kind = 'milestone_accepted' AND a.account_class IN ('fee:income', 'tax:consumption')) AS fees_yen
            FROM ledger_journal j JOIN ledger_posting l ON l.journal_id = j.id JOIN ledger_account a ON a.id = l.account_id
            WHERE j.kind IN ('deposit_matched', 'card_matched', 'milestone_accepted')
                AND NOT EXISTS (SELECT 1 FROM ledger_journal r WHERE r.reverses_id = j.id)
            GROUP BY j.milestone_id
        ), by_payout AS (
            SELECT j.payout_id, -sum(l.amount_yen) AS paid_yen
            FROM ledger_journal j JOIN ledger_posting l ON l.journal_id = j.id
            JOIN ledger_account a ON a.id = l.account_id AND a.account_class = 'payout_in_flight'
            WHERE j.kind = 'payout_settled' AND NOT EXISTS (SELECT 1 FROM ledger_journal r WHERE r.reverses_id = j.id)
            GROUP BY j.payout_id
        ), fees AS (
            SELECT about, sum(total_yen) AS yen FROM standing WHERE kind IN ('client_fee_invoice', 'system_fee_invoice') GROUP BY 1
        ), compared AS (
            SELECT p.series, p.year, p.number, p.kind, p.total_yen, CASE p.kind
                WHEN 'invoice' THEN b.reward_yen + b.fees_yen + p.withholding_yen - m.client_fee_yen
                WHEN 'receipt' THEN b.funded_yen
                WHEN 'payout_statement' THEN CASE WHEN o.state = 'returned' THEN 0 ELSE y.paid_yen END
                ELSE p.total_yen END AS expected_yen
            FROM standing p
            LEFT JOIN contracts_milestone m ON m.id = p.about
            LEFT JOIN by_milestone b ON b.milestone_id = p.about
            LEFT JOIN payouts_payout o ON o.id = p.payout_id
            LEFT JOIN by_payout y ON y.payout_id = p.payout_id
        ), wrong AS (
            SELECT series || '-' || year || '-' || number || ' (' || kind || ') says ' || total_yen || ', the books '
                || coalesce(expected_yen::text, 'nothing') AS words
            FROM compared WHERE total_yen IS DISTINCT FROM expected_yen
            UNION ALL
            SELECT 'milestone ' || f.about || ': invoices for fees say ' || f.yen || ', the books '
                || coalesce(b.fees_yen, 0)
            FROM fees f LEFT JOIN by_milestone b ON b.milestone_id = f.about
            WHERE f.yen IS DISTINCT FROM b.fees_yen
                AND (SELECT count(*) FROM standing s WHERE s.about = f.about AND s.kind LIKE '%%fee_invoice')
                    = (SELECT (m.client_fee_yen > 0)::int + (m.system_fee_yen > 0)::int FROM contracts_milestone m
                       WHERE m.id = f.about)
        ), seen AS (SELECT count(*) AS n FROM standing)
        """
    ),
)
