"""What happens in the tests of payouts, said in one line each."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from tests import story

from kotowari.accounts.models import Member
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, invariants
from kotowari.ledger import selectors as ledger
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, open_lot, post
from kotowari.payouts import services
from kotowari.payouts.models import BankAccount, Closing, Payout, PayoutRun

ACCOUNT = {
    "bank_code": "9999",
    "branch_code": "998",
    "account_kind": "普通",
    "account_number": "9000011",
    "holder_kana": "ヤマダ ハナコ",
}


class Market:
    """The market with its clock."""

    hanako: Member

    def __init__(self, clock: Any) -> None:
        self.clock = clock

    def after(self, day: date) -> None:
        """Set the clock to half past midnight after a Tokyo day."""
        self.clock.set(kernel_clock.end_of(day) + timedelta(minutes=30))

    def on(self, day: date) -> None:
        """Set the clock to ten o'clock on a Tokyo day."""
        self.clock.set(kernel_clock.start_of(day) + timedelta(hours=10))

    def close(self, on: date | None = None) -> Closing:
        return services.close(actor=SYSTEM, on=on)

    def member(self, username: str, *, is_named: bool = True, **more: Any) -> Member:
        """A member whose registered name is the holder of `ACCOUNT`, if nothing else is said."""
        made = Member.objects.create_user(username, f"{username}@example.jp", display_name=username, **more)
        return story.named(made) if is_named and not made.is_staff else made

    def staff(self, username: str = "kanri") -> Member:
        return self.member(username, is_staff=True)

    def worker(self, username: str, *, reward_yen: int = 0, has_account: bool = True, **account: Any) -> Member:
        """A member with one fixed reward and, if nothing else is said, a bank account."""
        worker = self.member(username)
        if has_account:
            register(worker, **account)
        if reward_yen:
            reward(worker, reward_yen)
        return worker

    def run_of(self, closing: Closing) -> PayoutRun:
        return PayoutRun.objects.get(closing=closing)

    def tell(self) -> None:
        """Deliver what waits in the outbox."""
        while outbox.deliver_waiting():
            pass


def register(member: Member, **account: Any) -> BankAccount:
    given = {**ACCOUNT, **account}
    story.named(member, given["holder_kana"])
    return services.set_bank_account(actor=story.proved(member), **given)


def was_registered_at(account: BankAccount, *, bank_code: str, branch_code: str) -> None:
    """Let an account stand at a bank or branch that has vanished since; nothing in the product can do that."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        BankAccount.objects.filter(pk=account.pk).update(bank_code=bank_code, branch_code=branch_code)
        cursor.execute("SET session_replication_role = origin")


def reward(member: Member, amount_yen: int, *, fixed_at: datetime | None = None) -> UUID:
    """A reward is fixed; returns the milestone's id."""
    milestone_id = _escrow(amount_yen)
    post(
        kind=JournalKind.MILESTONE_ACCEPTED,
        scope="milestone.close",
        key=str(milestone_id),
        lines=[Line(accounts.escrow(milestone_id), -amount_yen), Line(accounts.available(member.pk), amount_yen)],
        actor=SYSTEM,
        contract_id=new_id(),
        milestone_id=milestone_id,
    )
    open_lot(member_id=member.pk, milestone_id=milestone_id, amount_yen=amount_yen, fixed_at=fixed_at)
    return milestone_id


def refund(member: Member, amount_yen: int) -> None:
    """An escrow goes back to a client."""
    milestone_id = _escrow(amount_yen)
    post(
        kind=JournalKind.MILESTONE_REFUNDED,
        scope="milestone.close",
        key=str(milestone_id),
        lines=[Line(accounts.escrow(milestone_id), -amount_yen), Line(accounts.refund_due(member.pk), amount_yen)],
        actor=SYSTEM,
        contract_id=new_id(),
        milestone_id=milestone_id,
    )


def _escrow(amount_yen: int) -> UUID:
    deposit_id, milestone_id = new_id(), new_id()
    post(
        kind=JournalKind.DEPOSIT_RECEIVED,
        scope="deposit.receive",
        key=str(deposit_id),
        lines=[Line(accounts.bank_deposits(), -amount_yen), Line(accounts.suspense(deposit_id), amount_yen)],
        actor=SYSTEM,
        deposit_id=deposit_id,
    )
    post(
        kind=JournalKind.DEPOSIT_MATCHED,
        scope="milestone.fund",
        key=str(milestone_id),
        lines=[Line(accounts.suspense(deposit_id), -amount_yen), Line(accounts.escrow(milestone_id), amount_yen)],
        actor=SYSTEM,
        deposit_id=deposit_id,
        milestone_id=milestone_id,
    )
    return milestone_id


def available_yen(member: Member) -> int:
    return ledger.balance_of(accounts.available(member.pk))


def refund_due_yen(member: Member) -> int:
    return ledger.balance_of(accounts.refund_due(member.pk))


def in_flight_yen(payout: Payout) -> int:
    return ledger.balance_of(accounts.payout_in_flight(payout.pk))


def lots_yen(member: Member) -> list[int]:
    return [lot.remaining_yen for lot in ledger.lots_of(member.pk)]


def notices(member: Member) -> list[str]:
    """The kinds of what a member was told, oldest first; that no check of the books has run is another matter."""
    rows = Notice.objects.filter(member=member).exclude(kind="console.alarm_raised").order_by("id")
    return list(rows.values_list("kind", flat=True))


def books_are_right() -> None:
    """Every invariant of the ledger and of payouts holds; L6 alone is left out, since these rewards have no contract."""
    mine = [name for name in invariants.INVARIANTS if name.startswith(("L", "payouts.")) and name != "L6"]
    wrong = [result.detail for result in map(invariants.check, mine) if not result.ok]
    assert not wrong, wrong
