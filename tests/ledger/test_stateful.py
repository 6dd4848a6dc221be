"""The books against an oracle: whatever happens in whatever order, they hold what a plain dictionary holds."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, services
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import InsufficientFunds, LotsDisagree, NotReversible
from kotowari.ledger.models import Journal, Lot
from kotowari.ledger.selectors import balances_of, lots_of
from kotowari.ledger.services import Entry, Line, NewLot, PostedJournal

yen = st.integers(min_value=1, max_value=50_000)
# Of what is there: a part, all of it, or a yen more than there is.
share = st.sampled_from([lambda held: held // 3, lambda held: held, lambda held: held + 1])


class OracleLots:
    """One member's rewards, oldest first, as a list: [milestone, amount, remaining]."""

    def __init__(self) -> None:
        self.rows: list[list] = []
        self.taken: dict[UUID, list[tuple[list, int]]] = {}

    def fix(self, milestone_id: UUID, amount_yen: int) -> None:
        self.rows.append([milestone_id, amount_yen, amount_yen])

    def is_whole(self, milestone_id: UUID) -> bool:
        return any(row[0] == milestone_id and row[1] == row[2] for row in self.rows)

    def withdraw(self, milestone_id: UUID) -> None:
        self.rows = [row for row in self.rows if row[0] != milestone_id]

    def take(self, payout_id: UUID, amount_yen: int) -> None:
        self.taken[payout_id] = []
        for row in self.rows:
            part = min(row[2], amount_yen)
            row[2] -= part
            amount_yen -= part
            self.taken[payout_id].append((row, part))

    def give_back(self, payout_id: UUID, amount_yen: int) -> None:
        for row, part in reversed(self.taken[payout_id]):
            back = min(part, amount_yen)
            row[2] += back
            amount_yen -= back

    @property
    def remaining_yen(self) -> int:
        return sum(row[2] for row in self.rows)


class Books(RuleBasedStateMachine):
    """Deposits, escrows, rewards, payouts, returns and mistakes, for three members.

    `oracle` holds what each account must hold. A rule first asks the oracle whether the event is possible; the
    books must agree, and change nothing when it is not.
    """

    deposits = Bundle("deposits")
    escrows = Bundle("escrows")
    payouts = Bundle("payouts")
    journals = Bundle("journals")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.oracle: Counter[str] = Counter()
        self.lots: dict[UUID, OracleLots] = {}
        self.journals_written = 0
        self.steps = 0
        self.reversed: set[UUID] = set()

    @initialize()
    def three_members(self) -> None:
        self.members = [new_id() for _ in range(3)]
        self.lots = {member_id: OracleLots() for member_id in self.members}

    def teardown(self) -> None:
        books.assert_whole()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def post(self, kind: JournalKind, key: str, lines: list[Line], **references: UUID) -> PostedJournal | None:
        """Post, and expect what the oracle expects: the journal, or a refusal that changes nothing."""
        after = {line.account: self.oracle[line.account.code] + line.amount_yen for line in lines}
        is_possible = all(balance_yen >= account.of.floor_yen for account, balance_yen in after.items())
        try:
            with transaction.atomic():
                posted = services.post(
                    kind=kind, scope=f"test.{kind}", key=key, lines=lines, actor=SYSTEM, **references
                )
        except InsufficientFunds:
            posted = None
        assert (posted is not None) == is_possible
        if posted is None:
            return None
        assert not posted.is_replay
        self.oracle.update(
            {account.code: balance_yen - self.oracle[account.code] for account, balance_yen in after.items()}
        )
        self.journals_written += 1
        return posted

    @rule(target=deposits, amount_yen=yen)
    def receive(self, amount_yen: int) -> UUID:
        deposit_id = new_id()
        lines = [Line(accounts.bank_deposits(), -amount_yen), Line(accounts.suspense(deposit_id), amount_yen)]
        assert self.post(JournalKind.DEPOSIT_RECEIVED, str(deposit_id), lines, deposit_id=deposit_id)
        return deposit_id

    @rule(workers=st.lists(st.integers(0, 2), min_size=1, max_size=5), amount_yen=yen, over=st.sampled_from([0, 0, 1]))
    def earn_many(self, workers: list[int], amount_yen: int, over: int) -> None:
        """One batch: a deposit, its matches, the acceptances; the last may want a yen too much, and then all fail."""
        deposit_id = new_id()
        earned = [(new_id(), self.members[worker], amount_yen) for worker in workers]
        last = len(earned) - 1
        total_yen = amount_yen * len(earned)
        lines = [Line(accounts.bank_deposits(), -total_yen), Line(accounts.suspense(deposit_id), total_yen)]
        entries = [Entry(JournalKind.DEPOSIT_RECEIVED, "test.many", str(deposit_id), lines, deposit_id=deposit_id)]
        for number, (milestone_id, member_id, _) in enumerate(earned):
            lines = [Line(accounts.suspense(deposit_id), -amount_yen), Line(accounts.escrow(milestone_id), amount_yen)]
            about = {"deposit_id": deposit_id, "milestone_id": milestone_id}
            entries.append(Entry(JournalKind.DEPOSIT_MATCHED, "test.many", f"m {milestone_id}", lines, **about))
            taken_yen = amount_yen + over * (number == last)
            lines = [Line(accounts.escrow(milestone_id), -taken_yen), Line(accounts.available(member_id), taken_yen)]
            about = {"contract_id": milestone_id, "milestone_id": milestone_id}
            entries.append(Entry(JournalKind.MILESTONE_ACCEPTED, "test.many", f"a {milestone_id}", lines, **about))
        try:
            with transaction.atomic():
                posted = services.post_many(entries, actor=SYSTEM)
        except InsufficientFunds:
            posted = []
        assert bool(posted) == (over == 0)
        if not posted:
            return
        now = clock.now()
        services.open_lots([NewLot(member_id, milestone_id, yen, now) for milestone_id, member_id, yen in earned])
        for entry in entries:
            self.oracle.update({line.account.code: line.amount_yen for line in entry.lines})
        self.journals_written += len(entries)
        for milestone_id, member_id, _ in sorted(earned, key=self.order_of_lots):
            self.lots[member_id].fix(milestone_id, amount_yen)
        assert [replay.is_replay for replay in services.post_many(entries, actor=SYSTEM)] == [True] * len(entries)

    def order_of_lots(self, earned: tuple[UUID, UUID, int]) -> UUID:
        """Rewards fixed at the same moment are in the order of their lots' ids."""
        return Lot.objects.get(milestone_id=earned[0]).id

    @rule(target=escrows, deposit_id=deposits, of=share)
    def match(self, deposit_id: UUID, of: Callable[[int], int]) -> object:
        milestone_id, amount_yen = new_id(), of(self.oracle[accounts.suspense(deposit_id).code])
        if amount_yen == 0:
            return multiple()
        lines = [Line(accounts.suspense(deposit_id), -amount_yen), Line(accounts.escrow(milestone_id), amount_yen)]
        posted = self.post(
            JournalKind.DEPOSIT_MATCHED, str(milestone_id), lines, deposit_id=deposit_id, milestone_id=milestone_id
        )
        return (milestone_id, amount_yen) if posted else multiple()

    @rule(target=journals, amount_yen=yen, worker=st.integers(0, 2), fee=st.integers(0, 30))
    def earn(self, amount_yen: int, worker: int, fee: int) -> object:
        escrow = self.match(self.receive(amount_yen), lambda held: held)
        return self.accept(escrow, worker, fee, 0)

    @rule(
        target=journals,
        escrow=consumes(escrows),
        worker=st.integers(0, 2),
        fee=st.integers(0, 30),
        over=st.integers(0, 1),
    )
    def accept(self, escrow: tuple[UUID, int], worker: int, fee: int, over: int) -> object:
        milestone_id, held_yen = escrow
        member_id, fee_yen = self.members[worker], held_yen * fee // 100
        reward_yen = held_yen - fee_yen + over
        lines = [
            Line(accounts.escrow(milestone_id), -held_yen - over),
            Line(accounts.available(member_id), reward_yen),
            Line(accounts.fee_income(), fee_yen),
        ]
        posted = self.post(
            JournalKind.MILESTONE_ACCEPTED,
            str(milestone_id),
            lines,
            contract_id=milestone_id,
            milestone_id=milestone_id,
        )
        if posted is None:
            return multiple()
        services.open_lot(member_id=member_id, milestone_id=milestone_id, amount_yen=reward_yen)
        self.lots[member_id].fix(milestone_id, reward_yen)
        return posted.id

    @rule(target=journals, escrow=consumes(escrows), client=st.integers(0, 2))
    def refund(self, escrow: tuple[UUID, int], client: int) -> UUID:
        milestone_id, held_yen = escrow
        lines = [
            Line(accounts.escrow(milestone_id), -held_yen),
            Line(accounts.refund_due(self.members[client]), held_yen),
        ]
        posted = self.post(
            JournalKind.MILESTONE_REFUNDED,
            str(milestone_id),
            lines,
            contract_id=milestone_id,
            milestone_id=milestone_id,
        )
        assert posted
        return posted.id

    @rule(target=payouts, worker=st.integers(0, 2), of=share, fee_yen=st.integers(0, 500))
    def request_payout(self, worker: int, of: Callable[[int], int], fee_yen: int) -> object:
        member_id, payout_id = self.members[worker], new_id()
        amount_yen = of(self.oracle[accounts.available(member_id).code])
        fee_yen = min(fee_yen, amount_yen - 1)
        if amount_yen < 1:
            return multiple()
        lines = [
            Line(accounts.available(member_id), -amount_yen),
            Line(accounts.payout_in_flight(payout_id), amount_yen - fee_yen),
            Line(accounts.transfer_fee_income(), fee_yen),
        ]
        if self.post(JournalKind.PAYOUT_REQUESTED, str(payout_id), lines, payout_id=payout_id) is None:
            return multiple()
        services.take_from_lots(member_id=member_id, amount_yen=amount_yen, payout_id=payout_id)
        self.lots[member_id].take(payout_id, amount_yen)
        return (payout_id, member_id, amount_yen - fee_yen)

    @rule(payout=consumes(payouts), transfer=st.sampled_from(["settled", "refused", "cancelled"]))
    def end_transfer(self, payout: tuple[UUID, UUID, int], transfer: str) -> None:
        payout_id, member_id, sent_yen = payout
        flight = Line(accounts.payout_in_flight(payout_id), -sent_yen)
        if transfer == "settled":
            lines = [flight, Line(accounts.bank_payouts(), sent_yen)]
            assert self.post(JournalKind.PAYOUT_SETTLED, str(payout_id), lines, payout_id=payout_id)
            return
        kind = JournalKind.PAYOUT_RETURNED if transfer == "refused" else JournalKind.PAYOUT_CANCELLED
        assert self.post(
            kind, str(payout_id), [flight, Line(accounts.available(member_id), sent_yen)], payout_id=payout_id
        )
        services.give_back(payout_id=payout_id, amount_yen=sent_yen)
        self.lots[member_id].give_back(payout_id, sent_yen)

    @precondition(lambda self: self.journals_written)
    @rule(data=st.data(), is_same=st.booleans())
    def repeat(self, data: st.DataObject, is_same: bool) -> None:
        rows = Journal.objects.filter(scope="test.deposit_received").order_by("id")
        if not rows:
            return
        row = rows[data.draw(st.integers(0, rows.count() - 1))]
        amount_yen = -row.postings.get(account__code="bank:deposits").amount_yen + (not is_same)
        request = {
            "kind": JournalKind.DEPOSIT_RECEIVED,
            "scope": row.scope,
            "key": row.key,
            "lines": [Line(accounts.bank_deposits(), -amount_yen), Line(accounts.suspense(row.deposit_id), amount_yen)],
            "actor": SYSTEM,
            "deposit_id": row.deposit_id,
        }
        if is_same:
            assert services.post(**request) == PostedJournal(row.id, True)
        else:
            with pytest.raises(IdempotencyConflict), transaction.atomic():
                services.post(**request)

    @rule(journal_id=journals)
    def reverse(self, journal_id: UUID) -> None:
        row = Journal.objects.get(id=journal_id)
        lines = {posting.account.code: posting.amount_yen for posting in row.postings.select_related("account")}
        owner = next(accounts.parse(code) for code in lines if ":member:" in code)
        lots = self.lots[owner.owner_id]
        is_reward = owner.of is accounts.AVAILABLE
        is_replay = journal_id in self.reversed
        is_possible = is_replay or (
            self.oracle[owner.code] >= lines[owner.code] and (not is_reward or lots.is_whole(row.milestone_id))
        )
        try:
            with transaction.atomic():
                posted = services.reverse(journal_id=journal_id, actor=SYSTEM, reason="試験")
        except (InsufficientFunds, LotsDisagree):
            posted = None
        assert (posted is not None) == is_possible
        if posted is None:
            return
        assert posted.is_replay == is_replay
        if not is_replay:
            self.reversed.add(journal_id)
            self.oracle.subtract(lines)
            self.journals_written += 1
            if is_reward:
                lots.withdraw(row.milestone_id)
        with pytest.raises(NotReversible), transaction.atomic():
            services.reverse(journal_id=posted.id, actor=SYSTEM, reason="試験")

    @rule()
    def roll_up(self) -> None:
        services.roll_up()

    @invariant()
    def the_books_hold_what_the_oracle_holds(self) -> None:
        known = [accounts.parse(code) for code in self.oracle]
        assert {account.code: held for account, held in balances_of(known).items()} == dict(self.oracle)
        assert Journal.objects.count() == self.journals_written

    @invariant()
    def rewards_are_what_the_oracles_lots_are(self) -> None:
        for member_id, lots in self.lots.items():
            assert lots.remaining_yen == self.oracle[accounts.available(member_id).code]
            found = [[lot.milestone_id, lot.amount_yen, lot.remaining_yen] for lot in lots_of(member_id)]
            assert found == [row for row in lots.rows if row[2]]

    @invariant()
    def every_law_holds(self) -> None:
        self.steps += 1
        if self.steps % 8 == 0:
            books.assert_whole()


@pytest.mark.django_db
def test_the_books_agree_with_the_oracle_whatever_happens():
    clock.set_source(_ticking())
    try:
        run_state_machine_as_test(
            Books,
            settings=settings(
                max_examples=20,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        clock.set_source(None)


def _ticking():
    """Each look at the clock is a second later, so that no two rewards are fixed at the same moment."""
    seconds = iter(range(10**9))
    start = datetime(2026, 11, 20, 1, tzinfo=UTC).timestamp()
    return lambda: datetime.fromtimestamp(start + next(seconds), UTC)
