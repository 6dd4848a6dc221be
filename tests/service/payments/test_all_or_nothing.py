"""Many at once, and processes that die in the middle: each deposit once, nothing half done."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from tests import story
from tests.service.payments.bank_files import file, line
from tests.service.payments.test_importing import books_are_right, waiting_milestone

from kotowari.contracts.models import Milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as product_clock
from kotowari.kernel.errors import Refused
from kotowari.ledger import accounts
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments.models import Deposit, StatementFile, StatementLine
from kotowari.payments.services import import_statement, match_deposit, send_back_deposit

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = (
    "importing:one_at_a_time",
    "importing:_keep_lines",
    "importing:_receive",
    "importing:_tell_payouts",
    "waiting:record_funding",
    "waiting:_fund",
    "importing:_place",
    "importing:_count",
    "commit",
)
KILLED = Path(__file__).with_name("killed_import.py")


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised, all begun at the same moment."""
    gate, found = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            gate.wait()
            found.append(call())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("crowd", [2, 8])
def test_one_file_imported_by_many_at_once_counts_once(clock: Any, crowd: int) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    data = file(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ"), line(900, "ｽｽﾞｷ"))
    found = at_once(*[lambda: import_statement(actor=staff, data=data)] * crowd)
    assert sorted(f.was_known for f in found) == [False] + [True] * (crowd - 1)
    assert (StatementFile.objects.count(), Deposit.objects.count()) == (1, 2)
    assert Journal.objects.filter(kind="deposit_received").count() == 2
    assert Milestone.objects.get(pk=m.pk).state == "funded"
    books_are_right()


def test_two_files_that_overlap_imported_at_once_count_each_line_once(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    shared = line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ")
    first, second = file(line(1, "ｱ"), shared), file(shared, line(2, "ｲ"))
    at_once(*(lambda data=data: import_statement(actor=staff, data=data) for data in (first, second)))
    assert StatementLine.objects.count() == Deposit.objects.count() == 3
    assert -balance_of(accounts.bank_deposits()) == m.client_pays_yen + 3
    books_are_right()


def test_two_deposits_for_one_milestone_at_once_fund_it_once(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    files = [file(line(m.client_pays_yen, f"{m.reference}ﾔﾏﾀﾞ")) for _ in range(2)]
    at_once(*(lambda data=data: import_statement(actor=staff, data=data) for data in files))
    assert sorted(d.state for d in Deposit.objects.all()) == ["in_suspense", "matched"]
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    books_are_right()


def test_placing_and_sending_back_at_once_do_one_of_the_two(clock: Any) -> None:
    m, staff = waiting_milestone(), story.member(is_staff=True)
    import_statement(actor=staff, data=file(line(m.client_pays_yen, "ﾔﾏﾀﾞ")))
    deposit = Deposit.objects.get()
    found = at_once(
        lambda: match_deposit(actor=staff, deposit_id=deposit.pk, milestone_id=m.pk),
        lambda: send_back_deposit(actor=staff, deposit_id=deposit.pk, reason="不明"),
    )
    assert [isinstance(f, Refused) for f in found].count(True) == 1
    deposit.refresh_from_db()
    assert deposit.state in ("matched", "sent_back")
    books_are_right()


@pytest.mark.parametrize("step", STEPS)
def test_an_import_killed_at_any_step_leaves_all_or_nothing_and_converges(
    clock: Any, step: str, tmp_path: Path
) -> None:
    m = waiting_milestone()
    part = m.client_pays_yen - 500
    import_statement(actor=SYSTEM, data=file(line(500, f"{m.reference}ﾔﾏﾀﾞ")))
    data = file(line(part, f"{m.reference}ﾔﾏﾀﾞ"), line(900, "ｽｽﾞｷ"), line(70, way="out"))
    path = tmp_path / "meisai.txt"
    path.write_bytes(data)
    environment = {**os.environ, "DATABASE_URL": _url_of_this_database()}
    killed = subprocess.run(
        [sys.executable, str(KILLED), step, product_clock.now().isoformat(), str(path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    is_done = step == "commit"
    assert Deposit.objects.count() == (3 if is_done else 1)
    assert Milestone.objects.get(pk=m.pk).state == ("funded" if is_done else "awaiting_funding")
    books_are_right()
    again = import_statement(actor=SYSTEM, data=data)
    assert again.was_known is is_done
    assert (Deposit.objects.count(), Milestone.objects.get(pk=m.pk).state) == (3, "funded")
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    assert -balance_of(accounts.bank_deposits()) == m.client_pays_yen + 900
    books_are_right()


def _url_of_this_database() -> str:
    url = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
