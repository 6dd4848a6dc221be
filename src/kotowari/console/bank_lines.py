"""照合できない明細: what went out of the account and is no payout; staff say what it was, and it is booked."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.ledger.catalogue import CATALOGUE
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.models import BankEntry
from kotowari.payouts.transitions import BANK_ENTRY
from kotowari.web.fields import ChoiceField, LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

TONES = {"open": "wait", "matched": "done", "booked": "done", "set_aside": "plain"}


class BookForm(KotowariForm):
    """What of the operator's a line was."""

    kind = ChoiceField(
        Text("何の出金か", "What it was"),
        choices=[(kind.value, CATALOGUE[kind].title) for kind in services.BOOKABLE],
    )
    note = LongTextField(
        Text("補足", "More about it"),
        hint=Text("たとえば「11月分の振込手数料」。", "“Transfer fees of November”, for example."),
        required=False,
        max_length=500,
        rows=2,
    )


class SetAsideForm(KotowariForm):
    """What a line was, if it is in the books already or is none of these."""

    note = LongTextField(Text("何の明細か", "What it was"), max_length=500, rows=2)


class ReopenForm(KotowariForm):
    """Why what was said of a line, or of a deposit, is taken back."""

    reason = LongTextField(Text("取り消す理由", "Why it is taken back"), max_length=500, rows=2)


@staff_screen(
    "console.bank_line",
    path="payouts/lines/<uuid:entry_id>/",
    title=Text("銀行の明細", "Line of the statement"),
    actions=[gates.SET_ASIDE],
    parent="console.payouts",
    methods=["GET", "POST"],
)
def bank_line(request: HttpRequest, staff: Member, entry_id: UUID) -> HttpResponse:
    """A line that fits no transfer; with POST staff say in words what it was."""
    row = _found(staff, entry_id)
    form = SetAsideForm(request.POST, auto_id="f-aside-%s") if request.method == "POST" else None
    if form is not None and form.is_valid():
        with form.merging():
            services.set_entry_aside(
                actor=staff, entry_id=row.pk, note=form.cleaned_data["note"], idempotency_key=form.key
            )
            tell(request, Text("対象外として記録しました。", "Recorded as no payout."))
            return redirect("console.bank_line", entry_id=row.pk)
    return _page(request, staff, row, aside=form)


@staff_screen(
    "console.bank_line.book",
    path="payouts/lines/<uuid:entry_id>/book/",
    title=Text("運営のお金として記帳する", "Book it as the operator's money"),
    actions=[gates.BOOK],
    parent="console.bank_line",
    methods=["POST"],
)
def book(request: HttpRequest, staff: Member, entry_id: UUID) -> HttpResponse:
    """Book it as a bank's fee, as tax paid, or as own money taken out."""
    row = _found(staff, entry_id)
    form = BookForm(request.POST, auto_id="f-book-%s")
    if form.is_valid():
        with form.merging():
            given = form.cleaned_data
            services.book_entry(
                actor=staff, entry_id=row.pk, kind=given["kind"], note=given["note"], idempotency_key=form.key
            )
            services.reconcile(actor=staff)
            tell(request, Text("記帳しました。", "It is booked."))
            money = selectors.operators_money()
            if money.is_short:
                tell(request, _missing(money.short_yen), "loss")
            return redirect("console.bank_line", entry_id=row.pk)
    return _page(request, staff, row, booking=form)


@staff_screen(
    "console.bank_line.reopen",
    path="payouts/lines/<uuid:entry_id>/reopen/",
    title=Text("取り消して未確認に戻す", "Take it back and look again"),
    actions=[gates.REOPEN],
    parent="console.bank_line",
    methods=["POST"],
)
def reopen(request: HttpRequest, staff: Member, entry_id: UUID) -> HttpResponse:
    """Take back what was said of it, and reverse its journal if it has one."""
    row = _found(staff, entry_id)
    form = ReopenForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.reopen_entry(
                actor=staff, entry_id=row.pk, reason=form.cleaned_data["reason"], idempotency_key=form.key
            )
            services.reconcile(actor=staff)
            tell(request, Text("取り消しました。明細は未確認に戻っています。", "Taken back; the line is open again."))
            return redirect("console.bank_line", entry_id=row.pk)
    return _page(request, staff, row, reopening=form)


def _found(staff: Member, entry_id: UUID) -> BankEntry:
    row: BankEntry = subjects.load("payouts.bankentry", str(entry_id), actor=staff)
    return row


def _missing(short_yen: int) -> Text:
    return Text(
        "会員からお預かりしているお金が口座に{sum}足りません。帳簿の検査を始めました。",
        "Members' money is {sum} short in the account. A check of the books was asked for.",
    ).format(sum=yen(short_yen))


def _page(
    request: HttpRequest,
    staff: Member,
    row: BankEntry,
    *,
    aside: SetAsideForm | None = None,
    booking: BookForm | None = None,
    reopening: ReopenForm | None = None,
) -> HttpResponse:
    money = selectors.operators_money()
    return render(
        request,
        "console/bank_line.html",
        {
            "row": row,
            "state": BANK_ENTRY.states[row.state],
            "tone": TONES[row.state],
            "money": money,
            "would_miss_yen": money.short_if_own(row),
            "can_book": explain(gates.BOOK, staff, row),
            "can_set_aside": explain(gates.SET_ASIDE, staff, row),
            "can_reopen": explain(gates.REOPEN, staff, row),
            "aside_form": aside or SetAsideForm(auto_id="f-aside-%s"),
            "book_form": booking or BookForm(auto_id="f-book-%s"),
            "reopen_form": reopening or ReopenForm(),
        },
        status=max(form.status if form else 200 for form in (aside, booking, reopening)),
    )
