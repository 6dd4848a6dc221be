"""Rate limits in PostgreSQL: never more than `limit` hits of one key in any stretch of `window_seconds`.

Exact, not estimated: the moments of the counted hits are kept, and only counted hits are, so trying on while
refused does not prolong the wait. One statement decides, so simultaneous hits cannot slip past each other.

Call `hit` at the edge (page, API, sign-in), before the command opens its transaction. A hit commits by
itself: one made inside a transaction would be forgotten when that is rolled back, which is letting through
in disguise, so there `hit` raises `RuntimeError` instead. When the database gives no answer, nobody passes:
`hit` and `peek` raise `LimiterUnavailable`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection, transaction

from kotowari.foundation.crypto import keyring
from kotowari.foundation.models import RateWindow
from kotowari.kernel import clock
from kotowari.kernel.errors import KotowariError
from kotowari.kernel.gates import Action, Blocker, refuse
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text

MAX_LIMIT = 1000
MAX_WINDOW_SECONDS = 31 * 24 * 3600
WAIT_FOR_KEY_MS = 2000
"""How long one hit waits for others on the same key before the limiter gives no answer."""

_HIT = """
INSERT INTO foundation_ratewindow AS kept (id, scope, key_digest, hits, expires_at)
VALUES (%(id)s, %(scope)s, %(key)s, ARRAY[%(now)s]::timestamptz[], %(until)s)
ON CONFLICT (scope, key_digest) DO UPDATE SET
    hits = ARRAY(SELECT h FROM unnest(kept.hits) AS h WHERE h > %(since)s) || EXCLUDED.hits,
    expires_at = greatest(kept.expires_at, EXCLUDED.expires_at)
WHERE (SELECT count(*) FROM unnest(kept.hits) AS h WHERE h > %(since)s) < %(limit)s
RETURNING hits
"""


class LimiterUnavailable(KotowariError):  # noqa: N818
    """The limiter could not tell whether the limit is reached, so nothing was let through."""


@dataclass(frozen=True, slots=True)
class RateResult:
    """What the limiter says. After `hit`: whether this one counted; after `peek`: whether one would now.

    `remaining` hits are possible at once; `retry_at` is when the next one is, or None when that is now.
    """

    allowed: bool
    remaining: int
    retry_at: datetime | None
    limit: int
    window_seconds: int


def hit(*, scope: str, key: str, limit: int, window_seconds: int) -> RateResult:
    """Count one hit of `key` (an address, a network, a member) under `scope` ("accounts.login.network").

    A scope belongs to one limit: give two limits on the same thing two scopes. Commits by itself; raises
    `RuntimeError` inside a transaction, `LimiterUnavailable` when the database does not answer.
    """
    now, window = _checked(scope, limit, window_seconds)
    values: dict[str, Any] = {
        "id": new_id(),
        "scope": scope,
        "key": _digest(scope, key),
        "now": now,
        "since": now - window,
        "until": now + window,
        "limit": limit,
    }
    with or_unavailable(), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(WAIT_FOR_KEY_MS)])
        cursor.execute(_HIT, values)
        counted = cursor.fetchone()
        if counted is None:  # refused; the statement has locked the row, so it reads the same here
            cursor.execute(
                "SELECT hits FROM foundation_ratewindow WHERE scope = %(scope)s AND key_digest = %(key)s", values
            )
            return _result(cursor.fetchone()[0], now, limit, window_seconds, allowed=False)
    return _result(counted[0], now, limit, window_seconds, allowed=True)


def peek(*, scope: str, key: str, limit: int, window_seconds: int) -> RateResult:
    """What a hit would meet now, without counting one: for pages that show a limit before it is reached."""
    now, _ = _checked(scope, limit, window_seconds)
    with or_unavailable():
        row = RateWindow.objects.filter(scope=scope, key_digest=_digest(scope, key)).first()
    return _result(row.hits if row else [], now, limit, window_seconds, allowed=None)


def clear(*, scope: str, key: str) -> None:
    """Forget the hits of a key, as when a right password ends a row of wrong ones. Works in a transaction."""
    RateWindow.objects.filter(scope=scope, key_digest=_digest(scope, key)).delete()


def blocked(result: RateResult, *, rule: str, code: str = "too_often") -> Blocker | None:
    """The blocker of a reached limit, with its end, for a gate; None when the limit leaves room."""
    if result.allowed:
        return None
    assert result.retry_at is not None
    return Blocker(
        code=code,
        rule=rule,
        reason=Text(
            "短い時間に回数の上限（{window}に{limit}回）に達しました。{at}から再びできます。",
            "The limit of {limit} times in {window} is reached. It is possible again from {at}.",
        ).format(limit=result.limit, window=_span(result.window_seconds), at=clock_words(result.retry_at)),
        facts={"limit": result.limit, "window_seconds": result.window_seconds, "retry_at": result.retry_at},
        clears_at=result.retry_at,
        resolved_by="time",
        status=429,
    )


def require(
    action: Action, *, rule: str, scope: str, key: str, limit: int, window_seconds: int, code: str = "too_often"
) -> RateResult:
    """Count a hit or raise `Refused`: 429 with its end when the limit is reached, 503 when nobody can tell."""
    try:
        result = hit(scope=scope, key=key, limit=limit, window_seconds=window_seconds)
    except LimiterUnavailable as unavailable:
        raise refuse(action, unanswered()) from unavailable
    blocker = blocked(result, rule=rule, code=code)
    if blocker is not None:
        raise refuse(action, blocker)
    return result


def forget_expired(*, batch_rows: int = 1000) -> int:
    """Delete what no limit needs any more, some rows at a time; returns how many. For the nightly round."""
    deleted = 0
    while True:
        with transaction.atomic():
            expired = RateWindow.objects.filter(expires_at__lte=clock.now()).select_for_update(skip_locked=True)
            ids = list(expired.values_list("id", flat=True)[:batch_rows])
            RateWindow.objects.filter(id__in=ids).delete()
        deleted += len(ids)
        if len(ids) < batch_rows:
            return deleted


def _checked(scope: str, limit: int, window_seconds: int) -> tuple[datetime, timedelta]:
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"{scope}: a limit is 1 to {MAX_LIMIT} hits, not {limit}")
    if not 1 <= window_seconds <= MAX_WINDOW_SECONDS:
        raise ValueError(f"{scope}: a window is 1 to {MAX_WINDOW_SECONDS} seconds, not {window_seconds}")
    return clock.now(), timedelta(seconds=window_seconds)


def _digest(scope: str, key: str) -> bytes:
    return keyring().index(key, label=f"ratelimit.{scope}")


def _result(
    hits: Sequence[datetime], now: datetime, limit: int, window_seconds: int, *, allowed: bool | None
) -> RateResult:
    window = timedelta(seconds=window_seconds)
    fresh = sorted(h for h in hits if h > now - window)
    room = max(limit - len(fresh), 0)
    retry_at = None if room else fresh[len(fresh) - limit] + window
    return RateResult(room > 0 if allowed is None else allowed, room, retry_at, limit, window_seconds)


@contextmanager
def or_unavailable() -> Iterator[None]:
    """Turn a fault of the database inside the block into `LimiterUnavailable`: who cannot be counted does not pass."""
    try:
        yield
    except Error as error:
        raise LimiterUnavailable("the limiter got no answer from the database") from error


def unanswered() -> Blocker:
    """The blocker of a limiter that gives no answer: ours, for now."""
    return Blocker(
        code="limiter_unavailable",
        rule="A014",
        reason=Text(
            "こちらの不具合のため、いまは受け付けられません。しばらくしてからもう一度お試しください。",
            "Because of a fault on our side this is not possible right now. Please try again in a while.",
        ),
        resolved_by="operator",
        status=503,
    )


def _span(seconds: int) -> Text:
    units = ((86400, "日", "day"), (3600, "時間", "hour"), (60, "分", "minute"), (1, "秒", "second"))
    size, ja, en = next(unit for unit in units if seconds % unit[0] == 0)
    count = seconds // size
    return Text(f"{count}{ja}", f"{count} {en}{'' if count == 1 else 's'}")


def clock_words(moment: datetime) -> Text:
    """The first whole minute at which it is possible, with its day unless that is today."""
    local = clock.tokyo(moment)
    if local.second or local.microsecond:
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if local.date() == clock.today():
        return Text(f"{local:%H:%M}", f"{local:%H:%M}")
    return Text(f"{local.month}月{local.day}日 {local:%H:%M}", f"{local.day} {local:%B}, {local:%H:%M}")
