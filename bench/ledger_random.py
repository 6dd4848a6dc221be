"""A million random operations on the books against a plain dictionary; ten thousand submissions doubled by threads.

Operations come in batches, as the clock makes them, in any order the dictionary allows: deposits, funding, acceptance,
refund, payout, settlement, return, and events told again. Between them some are taken back, twice with one effect, and
some must be refused: more than there is, a key used for something else, lines that do not sum to zero. After each of
those nothing may have changed; the dictionary is compared every `COMPARED` operations, every invariant at the end.
"""

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from bench.books_data import broken
from bench.report import Report, Row
from bench.server import Server, django_on
from bench.size import part_of

OPERATIONS, DOUBLED = 1_000_000, 10_000
BATCH, MEMBERS, THREADS = 200, 500, 4
TAKEN_BACK = 4
"""So many of each batch are looked at to be taken back."""
COMPARED = 10_000


def run(server: Server) -> Report:
    """How many operations of each kind there were, what was refused, and that nothing was violated or doubled."""
    seed = int(os.environ.get("KOTOWARI_BENCH_SEED", "1"))
    report = Report(title="The books against a dictionary: random operations")
    with server.scratch("ledger_random") as url, django_on(url):
        play = Play(random.Random(seed))
        started = time.perf_counter()
        while play.done < part_of(OPERATIONS):
            play.batch()
        play.compare()
        seconds = time.perf_counter() - started
        duplicates = _doubled(part_of(DOUBLED))
        count, wrong = broken()
        # L6 and L11 compare with contracts and deposits of the rooms above, which this play has none of.
        wrong = [words for words in wrong if not words.startswith(("L6:", "L11:", "payouts."))]
        report.notes = [
            server.describe(),
            f"seed {seed}; {', '.join(f'{kind} {n:,}' for kind, n in sorted(play.kinds.items()))}",
            f"compared with the dictionary {play.compared:,} times; at the end {count} invariants without those of "
            "contracts, deposits and payouts, which this play has no rows of",
            *wrong,
        ]
    report.rows = [
        Row(name="random operations", measured=play.done, unit="operations"),
        Row(name="violations", measured=len(wrong), unit="violations", aim=0, at_most=True),
        Row(name="operations a second", measured=play.done / seconds, unit="operations/s"),
        Row(
            name=f"duplicates of {part_of(DOUBLED):,} doubled submissions",
            measured=duplicates,
            unit="duplicates",
            aim=0,
            at_most=True,
        ),
    ]
    return report


@dataclass
class Play:
    """The random player and its dictionary: balances by code, what each lot still holds, what is open."""

    chance: random.Random
    oracle: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    members: list[UUID] = field(default_factory=list)
    deposits: list[UUID] = field(default_factory=list)
    escrows: list[UUID] = field(default_factory=list)
    in_flight: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    journals: int = 0
    done: int = 0
    compared: int = 0

    def __post_init__(self) -> None:
        from kotowari.kernel.ids import new_id

        self.members = [new_id() for _ in range(MEMBERS)]

    def batch(self) -> None:
        """So many operations in one transaction, then some alone that are refused."""
        from django.db import transaction

        from kotowari.foundation.actors import SYSTEM
        from kotowari.ledger.services import NewLot, Taking, give_back, open_lots, post_many, take_from_lots_many

        self.lots: list[NewLot] = []
        self.takings: dict[UUID, Taking] = {}
        self.returned: list[UUID] = []
        ways = [
            self._receive,
            self._fund,
            self._fund,
            self._accept,
            self._accept,
            self._pay,
            self._settle,
            self._return,
        ]
        entries, is_new = [], []
        while len(entries) < BATCH:
            if self.told and self.chance.random() < 0.1:
                entries.append(self.chance.choice(self.told))
                is_new.append(False)
                self.kinds["told again"] += 1
            elif entry := self.chance.choice(ways)():
                entries.append(entry)
                is_new.append(True)
                self.kinds[entry.kind.value] += 1
                self._apply(entry.lines)
        with transaction.atomic():
            posted = post_many(entries, actor=SYSTEM)
            open_lots(self.lots)
            for payout_id in self.returned:
                give_back(payout_id=payout_id)
            take_from_lots_many(list(self.takings.values()))
        if [journal.is_replay for journal in posted] != [not new for new in is_new]:
            raise AssertionError("an event told again was written again, or a new one was not")
        self.journals += sum(is_new)
        self._take_back([(entry, journal.id) for entry, journal in zip(entries, posted, strict=True)])
        self.told = [entry for entry, new in zip(entries, is_new, strict=True) if new][-50:] + self.told[:2_000]
        self.done += len(entries)
        self._refused()
        if self.done // COMPARED > (self.done - BATCH) // COMPARED:
            self.compare()

    def compare(self) -> None:
        """The dictionary and the books, to the yen and the journal."""
        from django.db.models import Sum

        from kotowari.ledger import accounts
        from kotowari.ledger.models import Journal, Lot
        from kotowari.ledger.selectors import balances_of

        codes = list(self.oracle)
        for start in range(0, len(codes), 5_000):
            known = [accounts.parse(code) for code in codes[start : start + 5_000]]
            for account, held in balances_of(known).items():
                if held != self.oracle[account.code]:
                    raise AssertionError(f"{account}: {held} instead of {self.oracle[account.code]}")
        lots = dict(Lot.objects.values_list("member_id").annotate(Sum("remaining_yen")))
        for member_id in self.members:
            if lots.get(member_id, 0) != self.oracle[accounts.available(member_id).code]:
                raise AssertionError(f"the lots of {member_id} hold {lots.get(member_id, 0)}")
        if Journal.objects.count() != self.journals:
            raise AssertionError(f"{Journal.objects.count()} journals instead of {self.journals}")
        self.compared += 1
        for code in [code for code, held in self.oracle.items() if held == 0 and code.startswith(("escrow", "payout"))]:
            del self.oracle[code]

    def _apply(self, lines: Any) -> None:
        for account, amount_yen in lines:
            self.oracle[account.code] += amount_yen

    def _receive(self) -> Any:
        from kotowari.kernel.ids import new_id
        from kotowari.ledger import accounts

        deposit_id = new_id()
        self.deposits.append(deposit_id)
        yen = self.chance.randint(10_000, 900_000)
        lines = [(accounts.bank_deposits(), -yen), (accounts.suspense(deposit_id), yen)]
        return _entry("DEPOSIT_RECEIVED", deposit_id, lines, deposit_id=deposit_id)

    def _fund(self) -> Any:
        from kotowari.kernel.ids import new_id
        from kotowari.ledger import accounts

        if not self.deposits:
            return None
        place = self.chance.randrange(len(self.deposits))
        deposit_id, milestone_id = self.deposits[place], new_id()
        held = self.oracle[accounts.suspense(deposit_id).code]
        yen = min(held, self.chance.randint(1, 60_000))
        if yen == held:
            self.deposits[place] = self.deposits[-1]
            self.deposits.pop()
        self.escrows.append(milestone_id)
        lines = [(accounts.suspense(deposit_id), -yen), (accounts.escrow(milestone_id), yen)]
        return _entry("DEPOSIT_MATCHED", milestone_id, lines, deposit_id=deposit_id, milestone_id=milestone_id)

    def _accept(self) -> Any:
        from kotowari.kernel import clock
        from kotowari.ledger import accounts
        from kotowari.ledger.services import NewLot

        if not self.escrows:
            return None
        milestone_id = self._some_escrow()
        yen = self.oracle[accounts.escrow(milestone_id).code]
        if self.chance.random() < 0.2:
            lines = [
                (accounts.escrow(milestone_id), -yen),
                (accounts.refund_due(self.chance.choice(self.members)), yen),
            ]
            kind = "MILESTONE_REFUNDED"
        else:
            member_id, fee_yen = self.chance.choice(self.members), yen // 5
            tax_yen = fee_yen // 11
            lines = [
                (accounts.escrow(milestone_id), -yen),
                (accounts.available(member_id), yen - fee_yen),
                (accounts.fee_income(), fee_yen - tax_yen),
                (accounts.consumption_tax_payable(), tax_yen),
            ]
            self.lots.append(NewLot(member_id, milestone_id, yen - fee_yen, clock.now()))
            kind = "MILESTONE_ACCEPTED"
        return _entry(kind, milestone_id, lines, contract_id=milestone_id, milestone_id=milestone_id)

    def _some_escrow(self) -> UUID:
        place = self.chance.randrange(len(self.escrows))
        self.escrows[place], self.escrows[-1] = self.escrows[-1], self.escrows[place]
        return self.escrows.pop()

    def _pay(self) -> Any:
        from kotowari.kernel.ids import new_id
        from kotowari.ledger import accounts
        from kotowari.ledger.services import Taking

        member_id, payout_id = self.chance.choice(self.members), new_id()
        held = self.oracle[accounts.available(member_id).code]
        if held == 0 or member_id in self.takings:
            return None
        yen = held if self.chance.random() < 0.5 else self.chance.randint(1, held)
        self.takings[member_id] = Taking(member_id, yen, payout_id)
        self.in_flight[payout_id] = (member_id, yen)
        lines = [(accounts.available(member_id), -yen), (accounts.payout_in_flight(payout_id), yen)]
        return _entry("PAYOUT_REQUESTED", payout_id, lines, payout_id=payout_id)

    def _settle(self) -> Any:
        from kotowari.ledger import accounts

        payout_id = self._some_payout()
        if payout_id is None:
            return None
        _, yen = self.in_flight.pop(payout_id)
        lines = [(accounts.payout_in_flight(payout_id), -yen), (accounts.bank_payouts(), yen)]
        return _entry("PAYOUT_SETTLED", payout_id, lines, payout_id=payout_id)

    def _return(self) -> Any:
        from kotowari.ledger import accounts

        payout_id = self._some_payout()
        if payout_id is None or self.chance.random() < 0.5:
            return None
        member_id, yen = self.in_flight.pop(payout_id)
        self.returned.append(payout_id)
        lines = [(accounts.payout_in_flight(payout_id), -yen), (accounts.available(member_id), yen)]
        return _entry("PAYOUT_RETURNED", payout_id, lines, payout_id=payout_id)

    def _some_payout(self) -> UUID | None:
        """One of the oldest on the way that was not made in this very batch, whose lots are not taken yet."""
        made_now = {taking.payout_id for taking in self.takings.values()}
        payout_id = next(iter(self.in_flight), None)
        return None if payout_id in made_now else payout_id

    def _take_back(self, posted: list[tuple[Any, UUID]]) -> None:
        """Reverse fundings whose escrow is untouched and payouts still on the way; the second time changes nothing."""
        from kotowari.foundation.actors import SYSTEM
        from kotowari.ledger.services import reverse

        for entry, journal_id in self.chance.sample(posted, TAKEN_BACK):
            if entry.kind == "payout_requested" and entry.payout_id in self.in_flight:
                del self.in_flight[entry.payout_id]
            elif entry.kind == "deposit_matched" and entry.milestone_id in self.escrows[-BATCH:]:
                self.escrows.remove(entry.milestone_id)
                if entry.deposit_id not in self.deposits:
                    self.deposits.append(entry.deposit_id)
            else:
                continue
            first = reverse(journal_id=journal_id, actor=SYSTEM, reason="the play takes it back")
            again = reverse(journal_id=journal_id, actor=SYSTEM, reason="once more")
            if first.is_replay or again != (first.id, True):
                raise AssertionError(f"{journal_id} was not taken back once")
            self._apply([(account, -amount_yen) for account, amount_yen in entry.lines])
            self.journals += 1
            self.done += 2
            self.kinds["taken back"] += 1

    def _refused(self) -> None:
        """Each of these must be refused, and change nothing."""
        from django.db import transaction

        from kotowari.foundation.actors import SYSTEM
        from kotowari.kernel.errors import IdempotencyConflict
        from kotowari.kernel.ids import new_id
        from kotowari.ledger import accounts
        from kotowari.ledger.errors import InsufficientFunds
        from kotowari.ledger.services import post_many

        member_id, payout_id = self.chance.choice(self.members), new_id()
        too_much = self.oracle[accounts.available(member_id).code] + self.chance.randint(1, 5)
        more = [(accounts.available(member_id), -too_much), (accounts.payout_in_flight(payout_id), too_much)]
        before = self.chance.choice(self.told)
        other = before._replace(lines=[(account, 2 * yen) for account, yen in before.lines])
        askew = [(accounts.available(member_id), -1), (accounts.payout_in_flight(payout_id), 2)]
        tries: list[tuple[Any, type[Exception]]] = [
            (_entry("PAYOUT_REQUESTED", payout_id, more, payout_id=payout_id), InsufficientFunds),
            (other, IdempotencyConflict),
            (_entry("PAYOUT_REQUESTED", payout_id, askew, payout_id=payout_id), ValueError),
        ]
        for entry, refusal in tries:
            try:
                with transaction.atomic():
                    post_many([entry], actor=SYSTEM)
            except refusal:
                self.kinds[f"refused: {refusal.__name__}"] += 1
                self.done += 1
            else:
                raise AssertionError(f"{entry} was not refused")


def _entry(kind: str, key: UUID, lines: Any, **about: UUID) -> Any:
    from kotowari.ledger.catalogue import JournalKind
    from kotowari.ledger.services import Entry, Line

    told = [Line(account, yen) for account, yen in lines]
    return Entry(kind=JournalKind[kind], scope=f"bench.{kind}", key=str(key), lines=told, **about)


def _doubled(keys: int) -> int:
    """Each deposit is submitted twice by threads of their own connections; how many were written twice."""
    from django.db import connection

    from kotowari.foundation.actors import SYSTEM
    from kotowari.kernel.ids import new_id
    from kotowari.ledger import accounts
    from kotowari.ledger.models import Journal
    from kotowari.ledger.services import post_many

    def submit(deposit_id: UUID) -> bool:
        lines = [(accounts.bank_deposits(), -100), (accounts.suspense(deposit_id), 100)]
        (posted,) = post_many([_entry("DEPOSIT_RECEIVED", deposit_id, lines, deposit_id=deposit_id)], actor=SYSTEM)
        return posted.is_replay

    before = Journal.objects.count()
    ids = [new_id() for _ in range(keys)]
    twice = [deposit_id for deposit_id in ids for _ in range(2)]
    closing: Callable[[object], None] = lambda _: connection.close()  # noqa: E731 - each thread closes its own
    with ThreadPoolExecutor(THREADS) as crowd:
        replays = sum(crowd.map(submit, twice, chunksize=1))
        list(crowd.map(closing, range(THREADS)))
    written = Journal.objects.count() - before
    if replays != keys:
        raise AssertionError(f"{replays} of {keys} doubled submissions were told that it was there already")
    return written - keys
