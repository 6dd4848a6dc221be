"""A worker killed with SIGKILL anywhere between deposit and payout: what it leaves is whole, and trying again ends well."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from tests.ledger import books, killed_worker

from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts
from kotowari.ledger.models import Journal, LotUse
from kotowari.ledger.selectors import balances_of

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]


def start(story: str, point: str | None = None) -> subprocess.Popen[str]:
    """The worker on the test's own database."""
    at = connection.settings_dict
    credentials = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    address = f"postgresql://{credentials}@/{at['NAME']}?host={quote(at['HOST'] or '/var/run/postgresql', safe='')}"
    if at["PORT"]:
        address += f"&port={at['PORT']}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.killed_worker", story, *([point] if point else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    )


def run_through(story: str) -> None:
    worker = start(story)
    output, _ = worker.communicate(timeout=120)
    assert worker.returncode == 0
    assert output.split() == killed_worker.POINTS


def kill_at(story: str, point: str) -> None:
    worker = start(story, point)
    assert worker.stdout is not None
    for line in worker.stdout:
        if line.strip() == point:
            break
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(timeout=60) == -signal.SIGKILL
    worker.stdout.close()


def wait_until_no_transaction_is_left() -> None:
    """The server notices a dead client when it next reads from it; a lock may live that long."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in trans%%'"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.02)
    raise AssertionError("the killed worker's transaction is still open")


def assert_it_ended_well(story: str) -> None:
    deposit, milestone, member, payout = (
        killed_worker.id_of(story, what) for what in ("deposit", "milestone", "member", "payout")
    )
    emptied = [
        accounts.suspense(deposit),
        accounts.escrow(milestone),
        accounts.available(member),
        accounts.payout_in_flight(payout),
    ]
    assert set(balances_of(emptied).values()) == {0}
    assert LotUse.objects.filter(payout_id=payout).count() == 1
    books.assert_whole()


def test_a_worker_killed_at_any_step_leaves_whole_books_and_the_next_one_finishes():
    """One worker after the other is killed one point further; each finds what the last one left."""
    story = str(new_id())
    for number, point in enumerate(killed_worker.POINTS):
        kill_at(story, point)
        wait_until_no_transaction_is_left()
        books.assert_whole()
        assert Journal.objects.count() == (number + 1) // 2
    run_through(story)
    assert Journal.objects.count() == len(killed_worker.STEPS)
    assert_it_ended_well(story)


def test_workers_killed_at_random_moments_lose_and_double_nothing():
    chance = random.Random(20261120)
    stories = [str(new_id()) for _ in range(4)]
    for worker in [start(story) for story in stories]:
        assert worker.stdout is not None
        for _ in range(chance.randrange(1, len(killed_worker.POINTS))):
            worker.stdout.readline()
        time.sleep(chance.random() / 500)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=60)
        worker.stdout.close()
    wait_until_no_transaction_is_left()
    books.assert_whole()
    for story in stories:
        run_through(story)
        assert_it_ended_well(story)
    total_yen = len(stories) * killed_worker.PRICE_YEN
    assert balances_of([accounts.bank_deposits()]) == {accounts.bank_deposits(): -total_yen}
    assert balances_of([accounts.fee_income()]) == {accounts.fee_income(): len(stories) * killed_worker.FEE_YEN}
