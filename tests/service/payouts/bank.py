"""The bank of these tests: statements that go on from the balance before, and money on its way through them."""

from datetime import date

from tests import story
from tests.service.payments.bank_files import line, ours
from tests.service.payouts.market import Market, register

from kotowari.accounts.models import Member
from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.payments.models import StatementBalance
from kotowari.payments.services import import_statement
from kotowari.payments.statement import Entry, Statement, write
from kotowari.payouts import selectors, services
from kotowari.payouts.models import Payout

PAY_DATE = date(2026, 12, 15)


class Bank:
    """The operator's account: every statement goes on from the balance before, unless told otherwise."""

    def __init__(self, market: Market, opening_yen: int = 0) -> None:
        self.market, self.balance_yen = market, opening_yen

    def say(self, *lines: Entry, off_yen: int = 0, without_balance: bool = False) -> StatementBalance | None:
        """A statement of today comes in, and what it says is told; `off_yen` stands on no line of it."""
        today = kernel_clock.today()
        before = self.balance_yen
        moved = sum(each.amount_yen if each.is_incoming else -each.amount_yen for each in lines)
        self.balance_yen += moved + off_yen
        whole = Statement(
            "03",
            ours(),
            today,
            today,
            today,
            lines,
            opening_balance_yen=None if without_balance else before,
            closing_balance_yen=None if without_balance else self.balance_yen,
        )
        made = import_statement(actor=SYSTEM, data=write([whole]), filename=f"{today}.txt")
        self.market.tell()
        return made.balances.first()


def paid_for(bank: Bank) -> Milestone:
    """A client's money comes in and fills an escrow."""
    milestone = story.milestones(story.contract())[0]
    bank.say(line(milestone.client_pays_yen, f"{milestone.reference}ﾐﾎﾝ"))
    return Milestone.objects.get(pk=milestone.pk)


def with_the_bank(market: Market, bank: Bank, staff: Member) -> Payout:
    """A reward is earned with that money and its transfer handed over; it is the pay date."""
    milestone = paid_for(bank)
    client, worker = milestone.contract.client, milestone.contract.worker
    register(worker)
    contracts.deliver(actor=worker, milestone_id=milestone.pk, message="できました")
    contracts.accept_delivery(actor=client, milestone_id=milestone.pk)
    market.after(date(2026, 11, 30))
    run = market.run_of(market.close())
    services.write_run_file(actor=staff, run_id=run.pk)
    market.on(PAY_DATE)
    return Payout.objects.get(member=worker)


def open_differences() -> list[tuple[str, int]]:
    return list(selectors.differences_open().order_by("id").values_list("kind", "amount_yen"))
