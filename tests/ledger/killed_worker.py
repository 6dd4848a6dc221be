"""A worker that carries money from deposit to payout, and can be stopped anywhere: run by `test_kill.py`.

`python -m tests.ledger.killed_worker <story id> <point>` tells each point it reaches on standard output and
waits at the given one until it is killed. Without a point it runs through, as a worker does that tries again.
"""

import hashlib
import sys
from collections.abc import Callable
from uuid import UUID

import django
from django.db import transaction

PRICE_YEN, FEE_YEN, TRANSFER_FEE_YEN = 10_000, 2_000, 500
REWARD_YEN = PRICE_YEN - FEE_YEN
STEPS = ("receive", "match", "accept", "request", "settle")
POINTS = [f"{step}:{moment}" for step in STEPS for moment in ("posted", "committed")]


def id_of(story: str, what: str) -> UUID:
    """The same id whenever the story is told: what is recorded before anything is tried."""
    return UUID(bytes=hashlib.sha256(f"{story} {what}".encode()).digest()[:16], version=4)


def run(story: str, stop_at: str | None) -> None:
    """Carry the money, each step in a transaction of its own."""
    from tests.ledger import books

    deposit, milestone, member, payout = (id_of(story, what) for what in ("deposit", "milestone", "member", "payout"))

    def point(name: str) -> None:
        print(name, flush=True)
        if name == stop_at:
            sys.stdin.read()

    steps: dict[str, Callable[[], object]] = {
        "receive": lambda: books.receive(PRICE_YEN, deposit_id=deposit),
        "match": lambda: books.match(deposit, milestone, PRICE_YEN),
        "accept": lambda: books.accept(milestone, member, escrow_yen=PRICE_YEN, fee_yen=FEE_YEN),
        "request": lambda: books.request_payout(member, REWARD_YEN, fee_yen=TRANSFER_FEE_YEN, payout_id=payout),
        "settle": lambda: books.settle(payout, REWARD_YEN - TRANSFER_FEE_YEN),
    }
    for name in STEPS:
        with transaction.atomic():
            steps[name]()
            point(f"{name}:posted")
        point(f"{name}:committed")


if __name__ == "__main__":
    django.setup()
    run(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
