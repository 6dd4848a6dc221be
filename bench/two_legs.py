"""The shape of ledgers that live in one SQL function: a transfer of two legs, with the balance kept on each account.

Written for this comparison after what is known of such ledgers in public (pgledger, for one): two account rows are
locked in order and updated, one transfer row and two entry rows with balances before and after are written.
"""

import random
from collections.abc import Callable

import psycopg

ACCOUNTS = 1_000

TWO_LEGS = f"""
CREATE TABLE leg_account (
    id bigint PRIMARY KEY, currency text NOT NULL, balance numeric NOT NULL DEFAULT 0, version bigint NOT NULL DEFAULT 0,
    allows_negative boolean NOT NULL DEFAULT true, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(), CHECK (allows_negative OR balance >= 0)
);
CREATE TABLE leg_transfer (
    id uuid PRIMARY KEY, from_account_id bigint NOT NULL REFERENCES leg_account, amount numeric NOT NULL CHECK (amount > 0),
    to_account_id bigint NOT NULL REFERENCES leg_account, created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (from_account_id <> to_account_id)
);
CREATE TABLE leg_entry (
    id uuid PRIMARY KEY, account_id bigint NOT NULL REFERENCES leg_account, transfer_id uuid NOT NULL REFERENCES leg_transfer,
    amount numeric NOT NULL, previous_balance numeric NOT NULL, current_balance numeric NOT NULL,
    account_version bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON leg_transfer (from_account_id);
CREATE INDEX ON leg_transfer (to_account_id);
CREATE INDEX ON leg_entry (account_id);
CREATE INDEX ON leg_entry (transfer_id);
INSERT INTO leg_account (id, currency) SELECT i, 'JPY' FROM generate_series(1, {ACCOUNTS}) i;

CREATE FUNCTION leg_move(source bigint, target bigint, moved numeric) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    transfer uuid := gen_random_uuid();
    a leg_account;
    b leg_account;
BEGIN
    PERFORM 1 FROM leg_account WHERE id IN (source, target) ORDER BY id FOR UPDATE;
    INSERT INTO leg_transfer (id, from_account_id, to_account_id, amount) VALUES (transfer, source, target, moved);
    UPDATE leg_account SET balance = balance - moved, version = version + 1, updated_at = now()
        WHERE id = source RETURNING * INTO a;
    UPDATE leg_account SET balance = balance + moved, version = version + 1, updated_at = now()
        WHERE id = target RETURNING * INTO b;
    IF a.currency <> b.currency THEN
        RAISE EXCEPTION 'two currencies';
    END IF;
    INSERT INTO leg_entry (id, account_id, transfer_id, amount, previous_balance, current_balance, account_version)
        VALUES (gen_random_uuid(), source, transfer, -moved, a.balance + moved, a.balance, a.version);
    INSERT INTO leg_entry (id, account_id, transfer_id, amount, previous_balance, current_balance, account_version)
        VALUES (gen_random_uuid(), target, transfer, moved, b.balance - moved, b.balance, b.version);
    RETURN transfer;
END $$;
"""

TWO_LEGS_SCRIPT = f"""\\set source random(1, {ACCOUNTS})
\\set away random(1, {ACCOUNTS - 1})
\\set target 1 + (:source + :away - 1) % {ACCOUNTS}
SELECT leg_move(:source, :target, 100);
"""


def transfer_for(url: str) -> Callable[[], int]:
    """One such transfer between two accounts by chance, called from Python over one connection, prepared."""
    connection = psycopg.connect(url, autocommit=True, prepare_threshold=1)
    chance = random.Random()

    def move() -> int:
        source, target = chance.sample(range(1, ACCOUNTS + 1), 2)
        connection.execute("SELECT leg_move(%s, %s, 100)", [source, target]).fetchone()
        return 1

    return move
