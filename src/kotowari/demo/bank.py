"""The demo's bank: takes transfers, and writes a 200-byte statement on each of its days, which staff import."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.foundation.operator import operator_bank_account
from kotowari.kernel import calendar, clock
from kotowari.payments import services as payments
from kotowari.payments import statement
from kotowari.payments.demo_bank import payer_in_kana
from kotowari.payments.statement import ACCOUNT_STATEMENT, Account, Direction, Entry, Statement
from kotowari.payouts import services as payouts
from kotowari.payouts.models import Payout, PayoutRun

HANDED_OVER_DAYS_BEFORE = 8
"""So many days before a pay date staff hand the file over, at the latest."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the statement to come."""

    amount_yen: int
    name: str = ""
    comes_in: bool = True
    summary: str = "ﾌﾘｺﾐ"


class Bank:
    """The operator's account at the bank, as its staff see it. `sends_back` are usernames whose account it does not know."""

    def __init__(self, staff: Member, sends_back: Sequence[str] = ()) -> None:
        self._staff = staff
        self._sends_back = sends_back
        self._waiting: list[Line] = []
        self._balance_yen = 0
        self._numbers = 0
        self._booked: set[UUID] = set()

    def send(self, milestone: Milestone, *, more_yen: int = 0) -> None:
        """A client pays for a milestone, with its reference before the name; a little more or less when told so."""
        name = payer_in_kana(milestone.contract.client.display_name)
        self._waiting.append(Line(milestone.client_pays_yen + more_yen, f"{milestone.reference}{name}"[:48]))

    def send_without_reference(self, amount_yen: int, payer: str) -> None:
        """Somebody pays and forgets to say for what."""
        self._waiting.append(Line(amount_yen, payer_in_kana(payer)))

    def hand_over_runs(self) -> None:
        """Staff write the files of runs whose day comes near."""
        for run in PayoutRun.objects.filter(state="ready").order_by("pays_on", "pk"):
            if (run.pays_on - clock.today()).days <= HANDED_OVER_DAYS_BEFORE:
                payouts.write_run_file(actor=self._staff, run_id=run.pk)

    def close_day(self) -> None:
        """On a bank day: carry out what was asked for, write the statement, and let staff import it."""
        today = clock.today()
        if not calendar.is_bank_day(today):
            return
        lines = [*self._waiting, *self._paid_out(), *self._returned()]
        self._waiting.clear()
        if lines:
            name = f"meisai-{today:%Y%m%d}.txt"
            payments.import_statement(actor=self._staff, data=self._statement(lines), filename=name)

    def _paid_out(self) -> list[Line]:
        due = PayoutRun.objects.filter(state="handed_over", pays_on__lte=clock.today()).order_by("pays_on", "pk")
        return [
            Line(file["total_yen"], comes_in=False, summary="ｿｳｺﾞｳﾌﾘｺﾐ")
            for run in due
            if self._is_new(run.pk)
            for file in run.files
        ]

    def _returned(self) -> list[Line]:
        """The bank on the other side did not know an account and sends the money back, some days later."""
        rows = Payout.objects.filter(
            member__username__in=self._sends_back, state="settled", settled_on__lt=clock.today()
        ).order_by("number")
        return [Line(row.net_yen, row.holder_kana or "", summary="ｸﾐﾓﾄﾞｼ") for row in rows if self._is_new(row.pk)]

    def _is_new(self, booked: UUID) -> bool:
        """Whether it stands on no statement yet; from now on it does."""
        if booked in self._booked:
            return False
        self._booked.add(booked)
        return True

    def _statement(self, lines: Sequence[Line]) -> bytes:
        ours = operator_bank_account()
        assert ours is not None, "a demo has an account at a bank that does not exist"
        account = Account(ours.bank_code, ours.branch_code, ours.kind, ours.number, ours.holder_kana)
        today = clock.today()
        opening_yen = self._balance_yen
        entries = []
        for line in lines:
            self._numbers += 1
            self._balance_yen += line.amount_yen if line.comes_in else -line.amount_yen
            entries.append(
                Entry(
                    ACCOUNT_STATEMENT,
                    account,
                    today,
                    today,
                    Direction.IN if line.comes_in else Direction.OUT,
                    line.amount_yen,
                    payer_name=line.name,
                    inquiry_number=f"{self._numbers:08d}",
                    summary=line.summary,
                )
            )
        return statement.write(
            [
                Statement(
                    ACCOUNT_STATEMENT, account, today, today, today, tuple(entries), opening_balance_yen=opening_yen
                )
            ]
        )
