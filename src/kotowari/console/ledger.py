"""The books: what the market holds, owes and has earned; each class opened into accounts, journals and lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import cards_of
from kotowari.console.gates import OPEN
from kotowari.console.pages import staff_screen
from kotowari.console.services import look_at_member, look_at_members
from kotowari.contracts.models import Contract, Milestone
from kotowari.foundation.audit import sentence_of
from kotowari.foundation.models import AuditEntry
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.ledger import explaining, selectors, statements
from kotowari.ledger.accounts import ACCOUNT_CLASSES, parse
from kotowari.ledger.catalogue import CATALOGUE, Subject
from kotowari.ledger.gates import POST
from kotowari.ledger.selectors import JournalView
from kotowari.payments.models import Deposit
from kotowari.payouts.models import BankEntry, Payout
from kotowari.payouts.selectors import differences_open, last_reconciliation, operators_money
from kotowari.web import paging
from kotowari.web.drawing import Entry
from kotowari.web.screens import redirect, render

PAGE = 20
TRAIL = 30
DIGITS_OF_PAYOUT = 10


@staff_screen("console.ledger", path="ledger/", title=Text("帳簿", "The books"))
def ledger(request: HttpRequest, staff: Member) -> HttpResponse:
    """Balances by class, how the last check of them came out, and a search for a journal or what journals are about."""
    words = request.GET.get("q", "").strip()[:100]
    if words and (found := _found(words)) is not None:
        return found
    totals = selectors.totals_by_class()
    return render(
        request,
        "console/ledger.html",
        {
            "can_post": explain(POST, staff),
            "last": selectors.last_complete_run(),
            "overdue_since": selectors.checks_overdue_since(),
            "closed_through": selectors.closed_through(),
            "reconciled": last_reconciliation(),
            "differences": differences_open().count(),
            "own_money": operators_money(),
            "totals": [(each, totals.get(name, 0)) for name, each in ACCOUNT_CLASSES.items()],
            "sum_yen": sum(totals.values()),
            "words": words,
        },
    )


def _found(words: str) -> HttpResponse | None:
    """Where a journal's id leads, or the id of a contract, milestone, payout, deposit or member, or a number of theirs."""
    id = paging.id_or_none(words)
    if id is None:
        id = _by_number(words)
    elif selectors.journal(id) is not None:
        return redirect("console.ledger.journal", journal_id=id)
    return redirect("console.ledger.about", subject_id=id) if id is not None and _is_known(id) else None


def _by_number(words: str) -> UUID | None:
    if not (words.isascii() and words.isdigit()):
        return None
    if len(words) == DIGITS_OF_PAYOUT:
        return Payout.objects.filter(number=int(words)).values_list("pk", flat=True).first()
    return Milestone.objects.filter(reference=words).values_list("pk", flat=True).first()


def _is_known(id: UUID) -> bool:
    return bool(statements.accounts_of(id)) or any(
        selectors.journals_for(subject=subject, subject_id=id, limit=1).journals for subject in get_args(Subject)
    )


@staff_screen(
    "console.ledger.class",
    path="ledger/classes/<str:account_class>/",
    title=Text("科目の口座", "Accounts of a class"),
    actions=[OPEN],
    parent="console.ledger",
)
def accounts(request: HttpRequest, staff: Member, account_class: str) -> HttpResponse:
    """The accounts of a class with money in them, each with why; or all of them. Looking at members' own is recorded."""
    if account_class not in ACCOUNT_CLASSES:
        raise NotVisible("ledger.class", account_class)
    after = request.GET.get("after", "")
    before = int(after) if after.isascii() and after.isdigit() and len(after) <= 18 else None
    with_empty = request.GET.get("all") == "1"
    found = explaining.holdings(account_class, before=before, limit=PAGE, with_empty=with_empty)
    seen = {h.account.owner_id for h in found.holdings if h.account.of.owner_kind == "member" and h.account.owner_id}
    if seen:
        look_at_members(actor=staff, member_ids=seen)
    why = explaining.why_of(holding.account for holding in found.holdings if holding.balance_yen)
    following = None if found.next_cursor is None else str(found.next_cursor)
    return render(
        request,
        "console/ledger_class.html",
        {
            "of": ACCOUNT_CLASSES[account_class],
            "is_recorded": bool(seen),
            "page": paging.Page(
                [(holding, why.get(holding.account)) for holding in found.holdings], following, is_first=before is None
            ),
            "with_empty": with_empty,
        },
    )


@staff_screen(
    "console.ledger.account",
    path="ledger/accounts/<str:code>/",
    title=Text("口座の動き", "Lines of an account"),
    actions=[OPEN],
    parent="console.ledger",
)
def account(request: HttpRequest, staff: Member, code: str) -> HttpResponse:
    """One account: its balance, why, and every line, newest first. Looking at a member's own is recorded."""
    try:
        found = parse(code)
        cursor = request.GET.get("after")
        statement = selectors.statement_of(found, cursor=cursor, limit=PAGE)
    except (ValueError, InputError) as error:
        raise NotVisible("ledger.account", code) from error
    if found.of.owner_kind == "member" and found.owner_id is not None:
        look_at_member(actor=staff, member_id=found.owner_id)
    balance_yen = selectors.balance_of(found)
    return render(
        request,
        "console/ledger_account.html",
        {
            "account": found,
            "balance_yen": balance_yen,
            "why": explaining.why_of([found]).get(found) if balance_yen else None,
            "page": paging.Page(statement.rows, statement.next_cursor, is_first=not cursor),
        },
    )


@staff_screen(
    "console.ledger.journal",
    path="ledger/journals/<uuid:journal_id>/",
    title=Text("仕訳", "A journal"),
    actions=[OPEN],
    parent="console.ledger",
)
def journal(request: HttpRequest, staff: Member, journal_id: UUID) -> HttpResponse:  # noqa: ARG001 - every screen of staff takes both
    """One journal: its lines, who, when, why, what it takes back or was taken back by, and what was recorded around it."""
    found = selectors.journal(journal_id)
    if found is None:
        raise NotVisible("ledger.journal", journal_id)
    return render(
        request,
        "console/ledger_journal.html",
        {
            "journal": found,
            "spec": CATALOGUE[found.kind],
            "who": _who(found),
            "taken_back_by": statements.reversal_of(journal_id),
            "about": _about(found),
            "trail": _trail(found),
        },
    )


@staff_screen(
    "console.ledger.about",
    path="ledger/about/<uuid:subject_id>/",
    title=Text("仕訳をたどる", "Journals about something"),
    actions=[OPEN],
    parent="console.ledger",
)
def about(request: HttpRequest, staff: Member, subject_id: UUID) -> HttpResponse:
    """The accounts and journals of a contract, milestone, payout, deposit or member; the last is recorded."""
    accounts_found = statements.accounts_of(subject_id)
    if Member.objects.filter(pk=subject_id).exists():
        look_at_member(actor=staff, member_id=subject_id)
    balances = selectors.balances_of(accounts_found)
    pages = {
        subject: page
        for subject in get_args(Subject)
        if (page := selectors.journals_for(subject=subject, subject_id=subject_id, limit=selectors.MAX_PAGE)).journals
    }
    if not accounts_found and not pages:
        raise NotVisible("ledger.about", subject_id)
    return render(
        request,
        "console/ledger_about.html",
        {
            "subject_id": subject_id,
            "balances": list(balances.items()),
            "pages": [(ABOUT[subject], page) for subject, page in pages.items()],
        },
    )


ABOUT: dict[Subject, Text] = {
    "contract_id": Text("契約", "Contract"),
    "milestone_id": Text("マイルストーン", "Milestone"),
    "payout_id": Text("出金", "Payout"),
    "deposit_id": Text("入金", "Deposit"),
}


A_LINE = Text("銀行の明細", "Line of the bank")


@dataclass(frozen=True, slots=True)
class About:
    """What a journal is about: its kind, its name as people know it, its page, and the id that other journals name it by."""

    kind: Text
    name: str
    url: str
    id: UUID | None


def _about(found: JournalView) -> Sequence[About]:
    rows: list[About] = []
    if contract := Contract.objects.filter(pk=found.contract_id).first() if found.contract_id else None:
        rows.append(About(ABOUT["contract_id"], contract.title, f"/contracts/{contract.pk}/", contract.pk))
    if milestone := Milestone.objects.filter(pk=found.milestone_id).first() if found.milestone_id else None:
        rows.append(About(ABOUT["milestone_id"], milestone.title, f"/contracts/{milestone.contract_id}/", milestone.pk))
    if payout := Payout.objects.filter(pk=found.payout_id).first() if found.payout_id else None:
        rows.append(About(ABOUT["payout_id"], payout.reference, f"/console/payouts/transfers/{payout.pk}/", payout.pk))
    if deposit := Deposit.objects.filter(pk=found.deposit_id).first() if found.deposit_id else None:
        rows.append(
            About(ABOUT["deposit_id"], deposit.booked_on.isoformat(), f"/console/deposits/{deposit.pk}/", deposit.pk)
        )
    if entry := BankEntry.objects.filter(journal_id=found.id).first():
        rows.append(About(A_LINE, entry.booked_on.isoformat(), f"/console/payouts/lines/{entry.pk}/", None))
    return rows


def _who(found: JournalView) -> str:
    card = cards_of([found.actor_id]).get(found.actor_id) if found.actor_id is not None else None
    return card.display_name if card is not None else found.actor_name


def _trail(found: JournalView) -> list[Entry]:
    """What was recorded of the things the journal is about, newest first."""
    ids = [id for id in (found.contract_id, found.milestone_id, found.payout_id, found.deposit_id) if id is not None]
    rows = list(AuditEntry.objects.filter(subject_id__in=ids).order_by("-pk")[:TRAIL]) if ids else []
    names = cards_of({row.actor_id for row in rows if row.actor_id})
    return [
        Entry(
            at=row.at,
            title=sentence_of(row),
            by=names[row.actor_id].display_name if row.actor_id and row.actor_id in names else row.actor_name,
        )
        for row in rows
    ]
