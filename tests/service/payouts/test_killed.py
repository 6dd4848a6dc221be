"""A closing, a file and a settlement whose process is killed anywhere: what is done again converges (L14)."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta

import pytest
from django.db import connection
from tests.service.payouts.market import Market, available_yen, books_are_right, refund, reward

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.payouts import services
from kotowari.payouts.files import run_files
from kotowari.payouts.models import Closing, ExpiredReward, ExpiryRound, ExpiryWarning, Payout, PayoutRun

WORKERS = 7

SCRIPT = """
import os, signal, sys
from datetime import datetime
import django
from django.db import connection
connection_name, moment, step, point, work = sys.argv[1:6]
django.setup()
connection.settings_dict["NAME"] = connection_name
from kotowari.kernel import clock
clock.set_source(lambda: datetime.fromisoformat(moment))
from kotowari.foundation import audit
from kotowari.foundation.actors import SYSTEM
from kotowari.payouts import services
from kotowari.payouts.services import closing, expiring
closing.CHUNK = expiring.CHUNK = 2
seen = 0
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def count_down(execute, sql, params, many, context):
    global seen
    seen += 1
    if step == "statement" and seen == int(point):
        die()
    return execute(sql, params, many, context)
def at_commit(original):
    def commit():
        original()
        global seen
        seen += 1
        if seen == int(point):
            die()
    return commit
if step == "commit":
    connection.ensure_connection()
    connection._commit = at_commit(connection._commit)
with connection.execute_wrapper(count_down) if step == "statement" else connection.execute_wrapper(lambda e, *a: e(*a)):
    exec(work)
print("finished")
"""


def killed(market: Market, step: str, point: int, work: str) -> bool:
    """Run `work` in a process of its own that kills itself at that statement or after that commit; False when it
    came to its end before."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    arguments = (connection.settings_dict["NAME"], market.clock.moment.isoformat(), step, str(point), work)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode == 0:
        assert "finished" in done.stdout
        return False
    assert done.returncode == -signal.SIGKILL, done.stderr
    return True


def crowd(market: Market) -> None:
    for number in range(WORKERS):
        market.worker(f"worker{number}", reward_yen=2_000 + number, account_number=f"{9000010 + number}")
    refund(market.worker("client", account_number="9000090"), 900)
    market.after(date(2026, 11, 30))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("step", "point"),
    [("statement", n) for n in (2, 9, 16, 24, 33, 47, 60)] + [("commit", n) for n in (1, 2, 3, 5, 7, 8)],
)
def test_a_closing_that_was_killed_is_finished_by_the_next_round_with_nothing_lost_or_doubled(
    market: Market, step: str, point: int
) -> None:
    crowd(market)
    was_killed = killed(market, step, point, "services.close(actor=SYSTEM)")
    assert was_killed, "the point lies within the closing"
    books_are_right()
    market.close()
    assert Payout.objects.count() == WORKERS + 1
    assert PayoutRun.objects.get().payouts.count() == WORKERS + 1
    assert Closing.objects.get().state == "closed"
    assert all(available_yen(payout.member) == 0 for payout in Payout.objects.select_related("member"))
    books_are_right()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", [3, 6, 9])
def test_a_file_and_its_outcome_that_were_killed_are_made_again_as_one(market: Market, point: int) -> None:
    crowd(market)
    run = market.run_of(market.close())
    assert killed(market, "statement", point, f"services.write_run_file(actor=SYSTEM, run_id='{run.pk}')")
    run.refresh_from_db()
    assert (run.state, set(Payout.objects.values_list("state", flat=True))) == ("ready", {"requested"})
    content = run_files(services.write_run_file(actor=market.staff(), run_id=run.pk))[0].content
    market.on(date(2026, 12, 15))
    assert killed(market, "statement", point, f"services.settle_run(actor=SYSTEM, run_id='{run.pk}')")
    assert set(Payout.objects.values_list("state", flat=True)) == {"in_file"}
    services.settle_run(actor=market.staff("second"), run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "done"
    assert run_files(run)[0].content == content
    books_are_right()


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A041")
@pytest.mark.parametrize(
    ("step", "point"), [("statement", n) for n in (3, 12, 21, 30, 45, 60)] + [("commit", n) for n in (1, 2, 3)]
)
def test_a_round_of_time_limits_that_was_killed_goes_on_where_it_stopped(market: Market, step: str, point: int) -> None:
    for number in range(6):
        worker = market.worker(f"worker{number}", has_account=number % 2 == 0, account_number=f"{9000010 + number}")
        reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
        reward(worker, 70, fixed_at=market.clock.moment - timedelta(days=150))
    day = kernel_clock.today()
    work = f"""
from datetime import date
while services.expire_rewards(actor=SYSTEM, day=date.fromisoformat("{day}")):
    pass
"""
    assert killed(market, step, point, work), "the point lies within the round"
    books_are_right()
    while services.expire_rewards(actor=SYSTEM, day=day):
        pass
    assert (Payout.objects.filter(kind="expiry").count(), ExpiredReward.objects.count()) == (3, 3)
    assert ExpiryWarning.objects.count() == 6
    assert ExpiryRound.objects.get().done_at is not None
    books_are_right()


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A053")
@pytest.mark.parametrize("point", [2, 8, 14, 20])
def test_a_quick_payout_whose_process_was_killed_is_asked_for_again_as_one(market: Market, point: int) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    work = f"""
from kotowari.accounts.models import Member
services.request_quick_payout(actor=Member.objects.get(pk="{worker.pk}"), idempotency_key="k")
"""
    assert killed(market, "statement", point, work)
    assert (Payout.objects.count(), available_yen(worker)) == (0, 5_000)
    services.request_quick_payout(actor=worker, idempotency_key="k")
    assert (Payout.objects.count(), available_yen(worker)) == (1, 0)
    books_are_right()
