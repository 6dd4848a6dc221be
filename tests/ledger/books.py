"""What happens to money, said in one line each: what the tests of the ledger are written in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier, BoundedSemaphore, Thread
from typing import Any
from uuid import UUID

from django.db import connection, connections

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, invariants, services
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, PostedJournal


def receive(amount_yen: int, *, deposit_id: UUID | None = None, occurred_at: datetime | None = None) -> UUID:
    """A deposit comes in; returns its id."""
    deposit_id = deposit_id or new_id()
    services.post(
        kind=JournalKind.DEPOSIT_RECEIVED,
        scope="deposits.receive",
        key=str(deposit_id),
        lines=[Line(accounts.bank_deposits(), -amount_yen), Line(accounts.suspense(deposit_id), amount_yen)],
        actor=SYSTEM,
        occurred_at=occurred_at,
        deposit_id=deposit_id,
    )
    return deposit_id


def match(deposit_id: UUID, milestone_id: UUID, amount_yen: int) -> PostedJournal:
    """A deposit, or a part of it, goes into an escrow."""
    return services.post(
        kind=JournalKind.DEPOSIT_MATCHED,
        scope="deposits.match",
        key=f"{deposit_id} {milestone_id}",
        lines=[Line(accounts.suspense(deposit_id), -amount_yen), Line(accounts.escrow(milestone_id), amount_yen)],
        actor=SYSTEM,
        deposit_id=deposit_id,
        milestone_id=milestone_id,
    )


def fund(amount_yen: int) -> UUID:
    """An escrow that is filled; returns the milestone's id."""
    milestone_id = new_id()
    match(receive(amount_yen), milestone_id, amount_yen)
    return milestone_id


def accept(
    milestone_id: UUID, member_id: UUID, *, escrow_yen: int, fee_yen: int = 0, tax_yen: int = 0, key: str = ""
) -> PostedJournal:
    """The escrow becomes reward and fees, and the reward a lot."""
    reward_yen = escrow_yen - fee_yen - tax_yen
    posted = services.post(
        kind=JournalKind.MILESTONE_ACCEPTED,
        scope="milestones.accept",
        key=key or str(milestone_id),
        lines=[
            Line(accounts.escrow(milestone_id), -escrow_yen),
            Line(accounts.available(member_id), reward_yen),
            Line(accounts.fee_income(), fee_yen),
            Line(accounts.consumption_tax_payable(), tax_yen),
        ],
        actor=SYSTEM,
        contract_id=milestone_id,
        milestone_id=milestone_id,
    )
    if not posted.is_replay:
        services.open_lot(member_id=member_id, milestone_id=milestone_id, amount_yen=reward_yen)
    return posted


def earn(member_id: UUID, amount_yen: int) -> UUID:
    """A reward is fixed, from deposit to acceptance; returns the milestone's id."""
    milestone_id = fund(amount_yen)
    accept(milestone_id, member_id, escrow_yen=amount_yen)
    return milestone_id


def refund(milestone_id: UUID, member_id: UUID, amount_yen: int) -> PostedJournal:
    """The escrow goes back to the client."""
    return services.post(
        kind=JournalKind.MILESTONE_REFUNDED,
        scope="milestones.refund",
        key=str(milestone_id),
        lines=[Line(accounts.escrow(milestone_id), -amount_yen), Line(accounts.refund_due(member_id), amount_yen)],
        actor=SYSTEM,
        contract_id=milestone_id,
        milestone_id=milestone_id,
    )


def request_payout(member_id: UUID, amount_yen: int, *, fee_yen: int = 0, payout_id: UUID | None = None) -> UUID:
    """A member's reward goes out, less its fee; returns the payout's id."""
    payout_id = payout_id or new_id()
    posted = services.post(
        kind=JournalKind.PAYOUT_REQUESTED,
        scope="payouts.request",
        key=str(payout_id),
        lines=[
            Line(accounts.available(member_id), -amount_yen),
            Line(accounts.payout_in_flight(payout_id), amount_yen - fee_yen),
            Line(accounts.transfer_fee_income(), fee_yen),
        ],
        actor=SYSTEM,
        payout_id=payout_id,
    )
    if not posted.is_replay:
        services.take_from_lots(member_id=member_id, amount_yen=amount_yen, payout_id=payout_id)
    return payout_id


def settle(payout_id: UUID, amount_yen: int) -> PostedJournal:
    """The bank has transferred it."""
    return services.post(
        kind=JournalKind.PAYOUT_SETTLED,
        scope="payouts.settle",
        key=str(payout_id),
        lines=[Line(accounts.payout_in_flight(payout_id), -amount_yen), Line(accounts.bank_payouts(), amount_yen)],
        actor=SYSTEM,
        payout_id=payout_id,
    )


def return_payout(payout_id: UUID, member_id: UUID, amount_yen: int, *, was_settled: bool) -> PostedJournal:
    """The transfer came back; the reward is the member's again."""
    source = accounts.bank_payouts() if was_settled else accounts.payout_in_flight(payout_id)
    posted = services.post(
        kind=JournalKind.PAYOUT_RETURNED,
        scope="payouts.return",
        key=str(payout_id),
        lines=[Line(source, -amount_yen), Line(accounts.available(member_id), amount_yen)],
        actor=SYSTEM,
        payout_id=payout_id,
    )
    if not posted.is_replay:
        services.give_back(payout_id=payout_id, amount_yen=amount_yen)
    return posted


def broken() -> dict[str, list[str]]:
    """The invariants that do not hold, with what is wrong in words."""
    return {result.name: result.violations for result in invariants.check_all() if not result.ok}


def assert_whole() -> None:
    """Every invariant holds."""
    assert broken() == {}


@contextmanager
def behind_the_ledgers_back() -> Iterator[Any]:
    """What somebody with the keys to the database could do: no trigger and no foreign key watches."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@dataclass(frozen=True)
class Outcome:
    """What one thread's call returned or raised."""

    value: Any = None
    error: Exception | None = None


MAX_CONNECTIONS = 40
"""A server as it is installed allows 100, and other tests run beside these."""


def at_once(calls: list[Callable[[], Any]]) -> list[Outcome]:
    """Run every call in a thread and on a connection of its own, all let go at the same moment.

    Up to `MAX_CONNECTIONS` are inside the database together; further threads push in as others leave.
    """
    outcomes: list[Outcome] = [Outcome()] * len(calls)
    gate = Barrier(min(len(calls), MAX_CONNECTIONS))
    room = BoundedSemaphore(MAX_CONNECTIONS)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            with room:
                connection.ensure_connection()
                if index < MAX_CONNECTIONS:
                    gate.wait(timeout=60)
                outcomes[index] = Outcome(value=call())
                connections.close_all()
        except Exception as error:
            outcomes[index] = Outcome(error=error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
