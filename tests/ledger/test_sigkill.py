"""L14 through the services: a worker killed with SIGKILL at any statement leaves all or nothing, and the next one finishes.

The worker is a real process with a connection of its own, forked from this one. It counts every statement that it
sends and both sides of every commit, and kills itself at the one it is told.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection, connections
from tests import story
from tests.conftest import MovableClock
from tests.service.payouts.market import Market, register

from kotowari.contracts import services as contracts
from kotowari.contracts.models import Contract, Milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, IdempotencyKey, OutboxEvent
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.models import Deposit, StatementFile
from kotowari.payments.services import import_statement
from kotowari.payouts import services as payouts
from kotowari.payouts import zengin
from kotowari.payouts.files import run_files
from kotowari.payouts.models import Closing, Payout, PayoutRun
from kotowari.payouts.schedule import due_closings, next_closings

pytestmark = pytest.mark.django_db(transaction=True)
FINISHED, FAILED = 0, 3


@pytest.fixture(autouse=True)
def policy_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker does the same steps, however slow the machine is: none has to look for changed rules first."""
    monkeypatch.setattr("kotowari.foundation.policy.inforce.CACHE_SECONDS", 3_600.0)


class Steps:
    """Counts statements and both sides of commits; calls `at` with the number of each."""

    def __init__(self, at: Callable[[int], None]) -> None:
        self.count, self.at = 0, at

    def step(self) -> None:
        self.count += 1
        self.at(self.count)

    def statement(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        self.step()
        return execute(sql, parameters, many, context)

    def counted(self, command: Callable[[], object]) -> int:
        """Run a command; how many steps it took."""
        connection.ensure_connection()
        commit = connection._commit

        def counted_commit() -> None:
            self.step()
            commit()
            self.step()

        with ExitStack() as stack:
            connection._commit = counted_commit
            stack.callback(lambda: connection.__dict__.pop("_commit", None))
            stack.enter_context(connection.execute_wrapper(self.statement))
            command()
        return self.count


def steps_of(command: Callable[[], object]) -> int:
    """Run a command here; how many places there are to kill it at."""
    return Steps(lambda _: None).counted(command)


def killed_at(point: int, command: Callable[[], object]) -> bool:
    """Run a command in a worker that is killed at that step; False when it came to its end before."""
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        try:
            Steps(lambda n: os.kill(os.getpid(), signal.SIGKILL) if n == point else None).counted(command)
        except BaseException:
            traceback.print_exc()
            os._exit(FAILED)
        os._exit(FINISHED)
    _, status = os.waitpid(worker, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == FINISHED, "the worker failed by itself; see its trace above"
    return False


def points(steps: int, every: int) -> list[int]:
    """Every so many-th step, and all of the last ones, around the commit."""
    return sorted({*range(1, steps + 1, every), *range(max(1, steps - 2), steps + 1)})


def books_are_right() -> None:
    assert [result.detail for result in check_all() if not result.ok] == []


def delivered_one_by_one() -> Iterator[Milestone]:
    """Milestones that wait for acceptance. The last of each contract is left out: it would end the contract, too."""
    client, worker = story.member(), story.member()
    while True:
        yield from story.delivered((10_000,) * 10, client=client, worker=worker)[:-1]


@pytest.mark.rule("P002")
def test_an_acceptance_killed_at_every_statement_fixes_each_reward_once(clock: MovableClock) -> None:
    waiting = delivered_one_by_one()

    def accept(milestone: Milestone) -> None:
        contracts.accept_delivery(
            actor=milestone.contract.client, milestone_id=milestone.pk, idempotency_key=f"accept {milestone.pk}"
        )

    probe = next(waiting)
    steps = steps_of(lambda: accept(probe))
    assert steps >= 15
    tried = [probe]
    for point in range(1, steps + 1):
        milestone = next(waiting)
        events = OutboxEvent.objects.count()
        assert killed_at(point, lambda m=milestone: accept(m)), f"step {point} of {steps} is not reached"
        milestone.refresh_from_db(fields=["state"])
        is_done = point == steps  # the last step is after the commit
        assert milestone.state == ("accepted" if is_done else "delivered"), point
        assert OutboxEvent.objects.count() == events + is_done, point
        accept(milestone)
        accept(milestone)
        tried.append(milestone)
    ids = [m.pk for m in tried]
    assert set(Milestone.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"accepted"}
    assert Journal.objects.filter(kind="milestone_accepted", milestone_id__in=ids).count() == len(ids)
    assert OutboxEvent.objects.filter(kind="contracts.milestone_accepted").count() == len(ids)
    assert IdempotencyKey.objects.filter(key__startswith="accept ").count() == len(ids)
    worker = tried[0].contract.worker
    assert balance_of(accounts.available(worker.pk)) == sum(m.worker_receives_yen for m in tried)
    assert {balance_of(accounts.escrow(m.pk)) for m in tried} == {0}
    books_are_right()


def test_funding_killed_at_any_step_of_the_import_holds_each_yen_once(clock: MovableClock) -> None:
    client, worker, staff = story.member(), story.member(), story.member(is_staff=True)

    def waiting() -> tuple[Milestone, bytes]:
        (milestone,) = story.milestones(story.contract(client=client, worker=worker))
        return milestone, write_statement([Transfer(milestone.client_pays_yen, milestone.reference, "ミホン")])

    def bring(data: bytes) -> StatementFile:
        return import_statement(actor=staff, data=data, filename="meisai.txt")

    probe, first = waiting()
    steps = steps_of(lambda: bring(first))
    tried = [probe]
    for point in points(steps, every=3):
        milestone, data = waiting()
        deposits = Deposit.objects.count()
        assert killed_at(point, lambda data=data: bring(data)), f"step {point} of {steps} is not reached"
        is_done = point == steps
        assert Deposit.objects.count() == deposits + is_done, point
        assert Milestone.objects.get(pk=milestone.pk).state == ("funded" if is_done else "awaiting_funding"), point
        assert bring(data).was_known is is_done, point
        assert bring(data).was_known
        tried.append(milestone)
    assert set(Milestone.objects.values_list("state", flat=True)) == {"funded"}
    assert Deposit.objects.count() == StatementFile.objects.count() == len(tried)
    assert {balance_of(accounts.escrow(m.pk)) for m in tried} == {probe.client_pays_yen}
    assert -balance_of(accounts.bank_deposits()) == sum(m.client_pays_yen for m in tried)
    books_are_right()


class Paying:
    """A worker with a reward to be paid out, closing after closing; each command can be killed on its way."""

    def __init__(self, clock: MovableClock) -> None:
        self.market = Market(clock)
        self.staff = self.market.staff()
        self.client, self.worker = story.member(), story.member()
        register(self.worker)
        self.paid_yen = 0

    def earn(self) -> Contract:
        """One more reward is fixed, and every closing that is over is made."""
        (milestone,) = story.accepted(client=self.client, worker=self.worker)
        self.paid_yen += milestone.worker_receives_yen
        return milestone.contract

    def next_closing(self) -> None:
        """Move the clock to where the next closing is the only one that is due."""
        self.close_all()
        self.earn()
        self.market.after(next_closings(1, payout_terms())[0][0])

    def close_all(self) -> None:
        last = Closing.objects.filter(state="closed").order_by("closes_on").last()
        for day in due_closings(last.closes_on if last else None):
            payouts.close(actor=SYSTEM, on=day)

    def newest_run(self) -> PayoutRun:
        return PayoutRun.objects.order_by("pays_on").last()


def payout_terms() -> Any:
    from kotowari.pricing import PayoutTerms

    return PayoutTerms.in_force()


def test_closing_file_and_settlement_killed_at_any_step_pay_each_reward_once(clock: MovableClock) -> None:
    paying = Paying(clock)

    def close() -> None:
        payouts.close(actor=SYSTEM)

    def write(run: PayoutRun) -> PayoutRun:
        return payouts.write_run_file(actor=paying.staff, run_id=run.pk)

    def settle(run: PayoutRun) -> PayoutRun:
        return payouts.settle_run(actor=paying.staff, run_id=run.pk)

    paying.next_closing()
    closing_steps = steps_of(close)
    run = paying.newest_run()
    file_steps = steps_of(lambda: write(run))
    paying.market.on(run.pays_on)
    settling_steps = steps_of(lambda: settle(run))
    rounds = list(points(closing_steps, every=max(3, closing_steps // 20)))
    rounds += [closing_steps] * (max(file_steps, settling_steps) - len(rounds))
    for number, point in enumerate(rounds, start=1):
        paying.next_closing()
        assert killed_at(point, close), f"step {point} of {closing_steps} is not reached"
        close_again_and_find_one_payout(paying, close)
        run = paying.newest_run()
        at = min(number, file_steps)
        assert killed_at(at, lambda run=run: write(run))
        run.refresh_from_db()
        assert run.state == ("handed_over" if at == file_steps else "ready")
        the_file_is_the_run(write(run), write(run))
        paying.market.on(run.pays_on)
        at = min(number, settling_steps)
        assert killed_at(at, lambda run=run: settle(run))
        run.refresh_from_db()
        assert run.state == ("done" if at == settling_steps else "handed_over")
        if run.state != "done":
            settle(run)
    assert set(Payout.objects.values_list("state", flat=True)) == {"settled"}
    assert sum(p.gross_yen for p in Payout.objects.all()) == paying.paid_yen
    assert balance_of(accounts.available(paying.worker.pk)) == 0
    assert {balance_of(accounts.payout_in_flight(p.pk)) for p in Payout.objects.all()} == {0}
    books_are_right()


def close_again_and_find_one_payout(paying: Paying, close: Callable[[], None]) -> None:
    close()
    run = paying.newest_run()
    assert run.payouts.count() == 1
    assert run.closing.state == "closed"
    assert balance_of(accounts.available(paying.worker.pk)) == 0
    paying.close_all()
    assert paying.newest_run() == run


def the_file_is_the_run(written: PayoutRun, again: PayoutRun) -> None:
    (first,), (second,) = run_files(written), run_files(again)
    assert first.content == second.content
    (file,) = zengin.read(first.content).files
    assert [t.amount_yen for t in file.transfers] == [p.net_yen for p in written.payouts.all()]
    assert AuditEntry.objects.filter(kind="payouts.file_written", subject_id=str(written.pk)).count() <= 1
