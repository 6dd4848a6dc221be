"""Money in suspense is moved by one transaction at a time: files overlap, and deposits are put together."""

from django.db import connection

_KEY = 0x6B6F_746F_0001
"""Ours alone among advisory locks: "koto", 1."""


def one_at_a_time() -> None:
    """Wait until no other transaction moves money in suspense; ours is the one until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_KEY,))
