"""The demo's operator and its bank, day by day after the filling: found in the tables, so no plan has to be kept.

Staff leave what still has time to whoever plays them, and do what would otherwise be late.
"""

from collections.abc import Iterator
from datetime import timedelta

from kotowari.accounts.models import Member
from kotowari.demo.trying import Tries
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import calendar, clock
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.catalogue import JournalKind
from kotowari.payments import services as payments
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.models import Deposit
from kotowari.payouts import services as payouts
from kotowari.payouts import zengin
from kotowari.payouts.models import BankEntry, Payout, PayoutRun
from kotowari.payouts.schedule import hand_over_by
from kotowari.payouts.selectors import operators_money
from kotowari.payouts.sender import sender
from kotowari.pricing import PayoutTerms
from kotowari.support import services as support
from kotowari.support.models import Ticket

COMES_BACK_AFTER_BANK_DAYS = 2
ONE_IN = 19
"""Of so many transfers the bank on the other side sends one back, as it happens."""
ANSWERED_AFTER_DAYS = 7
SENT_BACK = "仮払いに充てられないまま期限が過ぎたため、振込元の口座へお返ししました。"
FEE_OF_A_TRANSFER_YEN = 110
"""What the demo's bank takes for a transfer, on a line of its own beside that of the file."""
KEPT_YEN = 30_000
"""So much of its own the operator leaves in the account, for fees of the bank and for what it gives back."""
BULK, FEE, TAKEN_OUT = "ｿｳｺﾞｳﾌﾘｺﾐ", "ﾌﾘｺﾐﾃｽｳﾘﾖｳ", "ｳﾝｴｲｼｷﾝ"
"""What the demo's bank says of a file, of its fee, and of what the operator takes out."""


def work(staff: Member, tries: Tries) -> None:
    """What staff and the bank do in one day."""
    _look_at_lines(staff, tries)
    _hand_over(staff, tries)
    lines = [*_send_back(staff, tries), *_paid_out(), *_returned(), *_taken_out()]
    if lines:
        name = f"meisai-{clock.today():%Y%m%d}.txt"
        data = write_statement(lines)
        tries.try_to(payments.import_statement, actor=SYSTEM, data=data, filename=name)
    _answer(staff, tries)


def _hand_over(staff: Member, tries: Tries) -> None:
    """Write the files that the bank has to have by tomorrow."""
    terms = PayoutTerms.in_force()
    for run in PayoutRun.objects.filter(state="ready").order_by("pays_on", "pk"):
        by = sender(run.pays_on)
        last_on = hand_over_by(run.pays_on, by.profile if by else zengin.STANDARD, terms)
        if clock.today() >= calendar.add_bank_days(last_on, -1):
            tries.try_to(payouts.write_run_file, actor=staff, run_id=run.pk)


def _send_back(staff: Member, tries: Tries) -> Iterator[Transfer]:
    """Send back what has found no escrow in its time."""
    for deposit in Deposit.objects.filter(state="to_send_back").order_by("pk"):
        if tries.try_to(payments.send_back_deposit, actor=staff, deposit_id=deposit.pk, reason=SENT_BACK):
            yield Transfer(deposit.remaining_yen, payer=deposit.payer_name or "", comes_in=False)


def _paid_out() -> Iterator[Transfer]:
    """What the bank was asked for by today: a whole file as one sum, or what is left of one, transfer by transfer."""
    for run in PayoutRun.objects.filter(state="handed_over", pays_on__lte=clock.today()).order_by("pays_on", "pk"):
        for file in run.files:
            numbers = (file["first_number"], file["last_number"])
            left = run.payouts.filter(state="in_file", number__range=numbers).select_related("account")
            if left.count() == file["count"]:
                yield Transfer(file["total_yen"], comes_in=False, summary=BULK)
                yield Transfer(file["count"] * FEE_OF_A_TRANSFER_YEN, comes_in=False, summary=FEE)
            else:
                yield from (_transfer(row, comes_in=False) for row in left.order_by("number"))


def _returned() -> Iterator[Transfer]:
    """What comes back today: two bank days after it arrived."""
    today = clock.today()
    recently = today - timedelta(days=14)
    rows = Payout.objects.filter(state="settled", settled_on__gte=recently, settled_on__lt=today)
    for row in rows.select_related("account").order_by("number"):
        assert row.settled_on is not None, "it was asked for"
        comes_back_on = calendar.add_bank_days(row.settled_on, COMES_BACK_AFTER_BANK_DAYS)
        if row.number % ONE_IN == 0 and comes_back_on == today:
            yield _transfer(row, comes_in=True)


def _taken_out() -> Iterator[Transfer]:
    """What the operator takes out of its own once a month: all but a little of what is neither members' nor tax."""
    if not calendar.is_bank_day(clock.today()):
        return
    last = next(iter(ledger.statement_of(accounts.operator_funds(), limit=1).rows), None)
    if last is not None and clock.tokyo(last.occurred_at).date() >= clock.today().replace(day=1):
        return
    taken_yen = operators_money().to_take_out_yen - KEPT_YEN
    if taken_yen > 0:
        yield Transfer(taken_yen, comes_in=False, summary=TAKEN_OUT)


def _transfer(row: Payout, *, comes_in: bool) -> Transfer:
    return Transfer(
        row.net_yen, payer=row.account.holder_kana or "", comes_in=comes_in, summary="ｸﾐﾓﾄﾞｼ" if comes_in else "ﾌﾘｺﾐ"
    )


def _look_at_lines(staff: Member, tries: Tries) -> None:
    """Say of lines of the day before that were no payouts what they were."""
    kinds = {FEE: JournalKind.BANK_FEE_PAID, TAKEN_OUT: JournalKind.OWN_FUNDS_TAKEN_OUT}
    for entry in BankEntry.objects.filter(state="open", direction="out", seen_at__lt=clock.start_of(clock.today())):
        kind = next((kind for words, kind in kinds.items() if words in (entry.name or "")), None)
        if kind is not None:
            tries.try_to(payouts.book_entry, actor=staff, entry_id=entry.pk, kind=kind)
        else:
            tries.try_to(payouts.set_entry_aside, actor=staff, entry_id=entry.pk, note="充てられなかった入金の返送")


def _answer(staff: Member, tries: Tries) -> None:
    """Answer what has waited for a week."""
    before = clock.now() - timedelta(days=ANSWERED_AFTER_DAYS)
    for ticket in Ticket.objects.filter(state="late", opened_at__lt=before).order_by("pk"):
        tries.try_to(
            support.answer_ticket,
            actor=staff,
            ticket_id=ticket.pk,
            body="お待たせして申し訳ありません。ご登録のアドレスに、確認の結果と次の手順をお送りしました。",
        )
