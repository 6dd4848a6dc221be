"""Growing waits after failures in a row, in PostgreSQL: the first few are free, then each doubles the wait.

A try is counted before its outcome is known and taken back when it succeeds or when the fault was ours, so tries
made at the same moment cannot slip past each other, and whoever is told to wait is not counted again. `take` commits
by itself; call it at the edge, before a command. When the database gives no answer nobody passes: `take` raises
`LimiterUnavailable`, as `ratelimit` does.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from kotowari.foundation.crypto import keyring
from kotowari.foundation.models import Backoff
from kotowari.foundation.ratelimit import or_unavailable
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id

WAIT_FOR_KEY_MS = 2000
DOUBLINGS_MAX = 20
"""Beyond so many doublings every wait is the longest one; keeps the power of two a small number."""

_TAKE = """
WITH asked AS (
    SELECT id, scope, decode(key, 'hex') AS key_digest, free, first, most, forget, binding
    FROM jsonb_to_recordset(%(limits)s) AS a (
        id uuid, scope text, key text, free int, first float, most float, forget float, binding bool
    )
), patience AS MATERIALIZED (
    SELECT set_config('lock_timeout', %(patience)s, true)
), stopped AS (
    SELECT 1 FROM asked a JOIN foundation_backoff b USING (scope, key_digest)
    WHERE a.binding AND b.wait_until > %(now)s LIMIT 1
)
INSERT INTO foundation_backoff AS kept (id, scope, key_digest, tries, wait_until, forget_at)
SELECT id, scope, key_digest, 1, CASE WHEN free <= 1 THEN %(now)s + make_interval(secs => first) END,
       %(now)s + make_interval(secs => forget)
FROM asked, patience WHERE NOT EXISTS (SELECT 1 FROM stopped)
ORDER BY scope, key_digest
ON CONFLICT (scope, key_digest) DO UPDATE SET
    tries = CASE WHEN kept.forget_at <= %(now)s THEN 1 ELSE kept.tries + 1 END,
    wait_until = (
        SELECT CASE WHEN n >= a.free
            THEN %(now)s + make_interval(secs => least(a.most, a.first * 2 ^ least(n - a.free, %(doublings)s))) END
        FROM asked a, LATERAL (SELECT CASE WHEN kept.forget_at <= %(now)s THEN 1 ELSE kept.tries + 1 END AS n) AS c
        WHERE a.scope = kept.scope AND a.key_digest = kept.key_digest
    ),
    forget_at = greatest(EXCLUDED.forget_at, kept.wait_until)
WHERE kept.wait_until IS NULL OR kept.wait_until <= %(now)s
RETURNING kept.scope, kept.key_digest, kept.tries, kept.wait_until
"""
_CLEAR = """
DELETE FROM foundation_backoff WHERE id IN (
    SELECT id FROM foundation_backoff
    JOIN unnest(%(scopes)s::text[], %(keys)s::bytea[]) AS a (scope, key_digest) USING (scope, key_digest)
    ORDER BY scope, key_digest FOR UPDATE
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What one key may do: `free` failures in a row, then waits from `first_seconds`, doubling to `most_seconds`.

    After `forget_seconds` without a try the row begins anew. A limit that is not `binding` is counted and told, but
    by itself refuses nothing: its caller decides.
    """

    scope: str
    key: str
    free: int
    first_seconds: float
    most_seconds: float
    forget_seconds: float
    binding: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """How one key stands after a try was counted, or refused.

    `counted` tells which; `tries` are those in a row, this one included. `wait_until` is the end of the wait that
    this key is under or, when the try was counted, of the wait that follows should it fail; else None.
    """

    counted: bool
    tries: int
    left: int
    wait_until: datetime | None


def take(limits: Sequence[Limit]) -> list[Taken]:
    """Count a try on every key, or on none when a binding one has to wait; in the order of `limits`.

    Raises `RuntimeError` inside a transaction, which could forget the count, and `LimiterUnavailable`.
    """
    now = clock.now()
    digests = [_digest(each.scope, each.key) for each in limits]
    asked = [
        {
            "id": str(new_id()),
            "scope": each.scope,
            "key": digest.hex(),
            "free": each.free,
            "first": each.first_seconds,
            "most": each.most_seconds,
            "forget": each.forget_seconds,
            "binding": each.binding,
        }
        for each, digest in zip(limits, digests, strict=True)
    ]
    values: dict[str, Any] = {
        "limits": json.dumps(asked),
        "now": now,
        "doublings": DOUBLINGS_MAX,
        "patience": str(WAIT_FOR_KEY_MS),
    }
    with or_unavailable(), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        counted = {(scope, bytes(key)): (tries, until) for scope, key, tries, until in cursor.fetchall()}
    standing = {} if len(counted) == len(limits) else _standing(limits, digests)
    found = []
    for limit, digest in zip(limits, digests, strict=True):
        key = (limit.scope, digest)
        tries, until = counted.get(key) or standing.get(key) or (0, None)
        found.append(Taken(key in counted, tries, max(limit.free - tries, 0), until))
    return found


def give_back(scope: str, key: str) -> None:
    """Take one counted try back: it succeeded without ending the row, or its failure was ours (A014)."""
    Backoff.objects.filter(scope=scope, key_digest=_digest(scope, key), tries__gt=0).update(
        tries=F("tries") - 1, wait_until=None
    )


def clear(keys: Sequence[tuple[str, str]]) -> None:
    """End the row of failures of each `(scope, key)`: a success, or a new password. Works in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, {"scopes": [scope for scope, _ in keys], "keys": [_digest(*each) for each in keys]})


def forget_ended(*, batch_rows: int = 1000) -> int:
    """Delete rows that nobody has to wait for any more; returns how many. For the nightly round."""
    deleted = 0
    while True:
        with transaction.atomic():
            ended = Backoff.objects.filter(forget_at__lte=clock.now()).select_for_update(skip_locked=True)
            ids = list(ended.values_list("id", flat=True)[:batch_rows])
            Backoff.objects.filter(id__in=ids).delete()
        deleted += len(ids)
        if len(ids) < batch_rows:
            return deleted


def _standing(
    limits: Sequence[Limit], digests: Sequence[bytes]
) -> dict[tuple[str, bytes], tuple[int, datetime | None]]:
    """How the keys stand that were not counted."""
    rows = Backoff.objects.filter(scope__in=[each.scope for each in limits], key_digest__in=digests)
    now = clock.now()
    return {
        (row.scope, bytes(row.key_digest)): (
            row.tries,
            row.wait_until if row.wait_until and row.wait_until > now else None,
        )
        for row in rows
    }


def _digest(scope: str, key: str) -> bytes:
    return keyring().index(key, label=f"backoff.{scope}")
