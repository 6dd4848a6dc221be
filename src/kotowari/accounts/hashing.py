"""Password hashing: Argon2id at OWASP's parameters, never more at once than the machine has cores.

More at once would only make everybody slower, and enough of them at the same time would fill the memory. The
others wait their turn; whoever cannot be served in time is told when to come again, and nothing was tried (A014).
"""

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from kotowari.accounts.gates.passwords import CHECK_PASSWORD, busy
from kotowari.accounts.turns import NoTurn, Turns
from kotowari.kernel import clock
from kotowari.kernel.gates import refuse

WAITING_MOST = 64
"""So many of one process wait at most; one more is told at once."""

LONGEST_WAIT_SECONDS = 10
"""Below the thirty seconds after which browsers and proxies begin to give up; also when to come again."""


class Argon2id(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (OWASP Password Storage, 2026).

    A password is brought to NFKC first (NIST SP 800-63B-4, 3.1.1.2), so that the same words open the account
    whether they were typed in full width or half width. Nothing is trimmed, cut or folded in case.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """The hash to keep. Raises `Refused` (503) when too many others wait for theirs."""
        with _turn():
            return super().encode(unicodedata.normalize("NFKC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password. Raises `Refused` (503) when too many others wait for theirs."""
        with _turn():
            return _fits(unicodedata.normalize("NFKC", password), encoded.removeprefix(str(self.algorithm)))


OF_NOBODY = (
    f"{Argon2id.algorithm}$argon2id$v=19$m={Argon2id.memory_cost},t={Argon2id.time_cost},p={Argon2id.parallelism}"
    f"$bm9ib2R5IGhhcyBzdWNoIGEgc2FsdA${'A' * 43}"
)
"""A hash that no password has, at the parameters of all others: checking it takes as long as checking somebody's."""


def at_once(*, cores: int, workers: int) -> int:
    """How many hashes one of so many processes may compute at the same time."""
    return max(1, cores // workers)


@cache
def turns() -> Turns:
    """The line of this process; the others have their own, and share the cores with it."""
    return Turns(
        at_once=at_once(cores=_cores(), workers=settings.WORKERS),
        waiting_most=WAITING_MOST,
        longest_wait_seconds=LONGEST_WAIT_SECONDS,
    )


def _fits(password: str, encoded: str) -> bool:
    """libsodium computes the same hash with the widest instructions of the processor: a third less work a sign-in."""
    try:
        return bool(argon2id.verify(encoded.encode("ascii"), password.encode()))
    except InvalidkeyError:
        return False


@contextmanager
def _turn() -> Iterator[None]:
    try:
        with turns().turn():
            yield
    except NoTurn:
        raise refuse(CHECK_PASSWORD, busy(clock.now() + timedelta(seconds=LONGEST_WAIT_SECONDS))) from None


def _cores() -> int:
    """The cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
