"""Members with rewards in lots and bank accounts at real banks, by the million, with the books in order."""

from bench.books_data import LINES, write_books

LOTS = 3
PER_MILESTONE = 30
"""Members who are paid out of one escrow: their rewards stand for many milestones' and keep the books small."""

PLACES = 1_000

MEMBERS = f"""
CREATE TEMP TABLE crowd AS
SELECT i, gen_random_uuid() AS member_id, 400 + (i * 7919) %% 4000 AS first_yen, 400 + (i * 104729) %% 9000 AS second_yen,
    300 + (i * 31) %% 700 AS third_yen, i / {PER_MILESTONE} AS milestone
FROM generate_series(0::bigint, %(members)s - 1) i;
-- One in two hundred has too little for any method, one in two hundred no account.
UPDATE crowd SET first_yen = 10, second_yen = 20, third_yen = 30 WHERE i %% 200 = 7;
INSERT INTO accounts_member (id, password, username, display_name, email, kind, language, is_staff, is_active, joined_at,
    check_asked_at)
SELECT member_id, '!', 'worker' || i, '受注者' || i, 'worker' || i || '@example.com', 'individual', 'ja', false, true,
    now() - interval '90 days', now()
FROM crowd;
INSERT INTO payouts_bankaccount (id, member_id, bank_code, bank_name, bank_kana, branch_code, branch_name, branch_kana,
    account_kind, number_sealed, number_index, holder_sealed, registered_at, fault_code)
SELECT gen_random_uuid(), c.member_id, p.bank_code, p.bank_name, p.bank_kana, p.branch_code, p.branch_name,
    p.branch_kana, 1, sha256(c.i::text::bytea) || '\\x00010203040506'::bytea, sha256(c.i::text::bytea),
    sha256(c.i::text::bytea) || '\\x000102030405060708090a0b0c0d0e0f'::bytea, now() - interval '80 days', ''
FROM crowd c JOIN unnest(%(bank_codes)s::text[], %(bank_names)s::text[], %(bank_kanas)s::text[],
        %(branch_codes)s::text[], %(branch_names)s::text[], %(branch_kanas)s::text[]) WITH ORDINALITY
    AS p (bank_code, bank_name, bank_kana, branch_code, branch_name, branch_kana, place)
    ON p.place = 1 + c.i %% cardinality(%(bank_codes)s::text[])
WHERE c.i %% 200 <> 8;
"""

MONEY = f"""
CREATE TEMP TABLE milestone AS
SELECT milestone AS n, gen_random_uuid() AS id, gen_random_uuid() AS contract_id, gen_random_uuid() AS deposit_id,
    sum(first_yen + second_yen + third_yen) AS yen
FROM crowd GROUP BY milestone;
INSERT INTO told_journal
SELECT 3 * n, gen_random_uuid(), 'deposit_received', 'bench.received', id::text, NULL, NULL, deposit_id FROM milestone
UNION ALL
SELECT 3 * n + 1, gen_random_uuid(), 'deposit_matched', 'bench.matched', id::text, contract_id, id, deposit_id
FROM milestone
UNION ALL
SELECT 3 * n + 2, gen_random_uuid(), 'milestone_accepted', 'bench.accepted', id::text, contract_id, id, NULL
FROM milestone;
INSERT INTO told_line
SELECT 3 * n, 1, 'bank:deposits', NULL, -yen FROM milestone
UNION ALL SELECT 3 * n, 2, 'suspense', deposit_id, yen FROM milestone
UNION ALL SELECT 3 * n + 1, 1, 'suspense', deposit_id, -yen FROM milestone
UNION ALL SELECT 3 * n + 1, 2, 'escrow', id, yen FROM milestone
UNION ALL SELECT 3 * n + 2, 1, 'escrow', id, -yen FROM milestone
UNION ALL SELECT 3 * milestone + 2, 2 + i %% {PER_MILESTONE}, 'available', member_id, first_yen + second_yen + third_yen
FROM crowd;
"""

REWARDS = """
INSERT INTO ledger_lot (id, member_id, milestone_id, fixed_at, amount_yen, remaining_yen)
SELECT gen_random_uuid(), c.member_id, gen_random_uuid(), now() - l.days * interval '1 day', l.yen, l.yen
FROM crowd c, LATERAL (VALUES (60, c.first_yen), (50, c.second_yen), (40, c.third_yen)) AS l (days, yen);
DROP TABLE crowd, milestone;
"""


def fill(members: int) -> None:
    """So many members with three lots each; one in a hundred of them is not to be paid."""
    from django.db import connection, transaction

    places = list(_places())
    names = ("bank_codes", "bank_names", "bank_kanas", "branch_codes", "branch_names", "branch_kanas")
    columns: dict[str, object] = dict(zip(names, map(list, zip(*places, strict=True)), strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MEMBERS, {"members": members, **columns})
        cursor.execute(LINES)
        cursor.execute(MONEY, {})
        write_books()
        cursor.execute(REWARDS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _places() -> list[tuple[str, str, str, str, str, str]]:
    """Real banks and branches, spread over the whole directory."""
    from kotowari.payouts.destinations import bank_directory

    known = bank_directory()
    everywhere = [(bank.code, code) for bank in known.banks.values() for code in known.branches(bank.code)]
    found = []
    for bank_code, branch_code in everywhere[:: max(1, len(everywhere) // PLACES)][:PLACES]:
        place = known.destination(bank_code, branch_code)
        bank, branch = place.bank, place.branch
        found.append((bank.code, bank.display_name, bank.file_name, branch.code, branch.display_name, branch.file_name))
    return found
