"""The demo's bank: takes transfers, and writes a 200-byte statement on each of its days, which staff import."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.demo.days import Days, Part
from kotowari.kernel import calendar, clock
from kotowari.payments import services as payments
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payouts import services as payouts
from kotowari.payouts.models import Payout, PayoutRun

HANDED_OVER_DAYS_BEFORE = 8
"""So many days before a pay date staff hand the file over, at the latest."""


class Bank:
    """The operator's account at the bank. To members with a username in `sends_back` no transfer arrives."""

    def __init__(self, days: Days, staff: Member, sends_back: Sequence[str] = ()) -> None:
        self._days = days
        self._staff = staff
        self._sends_back = sends_back
        self._waiting: list[Transfer] = []
        self._booked: set[UUID] = set()
        self._statements: set[int] = set()

    def send(self, milestone: Milestone, *, more_yen: int = 0) -> None:
        """A client pays for a milestone, with its reference before the name; a little more or less when told so."""
        payer = milestone.contract.client.display_name
        self._wait_for_statement(Transfer(milestone.client_pays_yen + more_yen, milestone.reference, payer))

    def send_without_reference(self, amount_yen: int, payer: str) -> None:
        """Somebody pays and forgets to say for what."""
        self._wait_for_statement(Transfer(amount_yen, payer=payer))

    def look_for_runs(self) -> None:
        """Staff look at dawn of each day whether there are runs whose day comes near; those are handed over."""
        until = clock.today() + timedelta(days=HANDED_OVER_DAYS_BEFORE)
        for run_id in PayoutRun.objects.filter(state="ready", pays_on__lte=until).values_list("pk", flat=True):
            self._days.at(self._days.today, Part.MORNING, lambda run_id=run_id: self._hand_over(run_id))  # type: ignore[misc]

    def _hand_over(self, run_id: UUID) -> None:
        run = payouts.write_run_file(actor=self._staff, run_id=run_id)
        if run.state == "handed_over":
            self._plan_statement(run.pays_on)
            # What the bank on the other side does not know comes back two bank days later.
            self._plan_statement(calendar.add_bank_days(run.pays_on, 2))

    def _wait_for_statement(self, line: Transfer) -> None:
        self._waiting.append(line)
        self._plan_statement(calendar.shift(clock.today(), "next"))

    def _plan_statement(self, on: date) -> None:
        day = self._days.day_of(on)
        if day not in self._statements:
            self._statements.add(day)
            self._days.at(day, Part.BANK, self._close_day)

    def _close_day(self) -> None:
        """Carry out what was asked for, write the statement of the day, and let staff import it."""
        today = clock.today()
        lines = [*self._waiting, *self._paid_out(), *self._returned()]
        self._waiting.clear()
        if lines:
            name = f"meisai-{today:%Y%m%d}.txt"
            payments.import_statement(actor=self._staff, data=write_statement(lines), filename=name)

    def _paid_out(self) -> list[Transfer]:
        # The bank books them in the course of their day: those of the present day are still on their way.
        until = clock.today() - timedelta(days=self._days.today == self._days.last)
        due = PayoutRun.objects.filter(state="handed_over", pays_on__lte=until).order_by("pays_on", "pk")
        return [
            Transfer(file["total_yen"], comes_in=False, summary="ｿｳｺﾞｳﾌﾘｺﾐ")
            for run in due
            if self._is_new(run.pk)
            for file in run.files
        ]

    def _returned(self) -> list[Transfer]:
        """The bank on the other side did not know an account and sends the money back, some days later."""
        rows = (
            Payout.objects.select_related("account")
            .filter(member__username__in=self._sends_back, state="settled", settled_on__lt=clock.today())
            .order_by("number")
        )
        return [Transfer(row.net_yen, payer=row.holder_kana, summary="ｸﾐﾓﾄﾞｼ") for row in rows if self._is_new(row.pk)]

    def _is_new(self, booked: UUID) -> bool:
        """Whether it stands on no statement yet; from now on it does."""
        if booked in self._booked:
            return False
        self._booked.add(booked)
        return True
