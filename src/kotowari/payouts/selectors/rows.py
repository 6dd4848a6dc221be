"""Rows as a person may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Model, QuerySet, Sum

from kotowari.accounts.selectors import is_system
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel.errors import NotVisible
from kotowari.payouts.gates import Role
from kotowari.payouts.models import (
    BankAccount,
    BankEntry,
    Closing,
    ExpiredReward,
    HolderReview,
    Payout,
    PayoutMethod,
    PayoutRun,
)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What is in a run: every transfer that is or was meant to go, and what became of them by state."""

    transfers: int
    total_yen: int
    by_state: Mapping[str, int]


def role_of(actor: Actor | None, owner_id: UUID | None = None) -> Role:
    """What somebody is to money: its owner, the operator's staff, the market itself, or none of these."""
    if is_system(actor):
        return "system"
    if actor is None or actor.pk is None:
        return "other"
    if actor.is_staff:
        return "staff"
    return "owner" if owner_id == actor.pk else "other"


def payouts_visible_to(actor: Actor | None) -> QuerySet[Payout]:
    """A member's own payouts; for staff and the market itself all of them."""
    rows = Payout.objects.select_related("closing")
    if role_of(actor) in ("staff", "system"):
        return rows.select_related("member", "run")
    return rows.filter(member_id=actor.pk) if actor is not None and actor.pk else rows.none()


def runs_visible_to(actor: Actor | None) -> QuerySet[PayoutRun]:
    """Payout runs are the operator's: nobody else sees them."""
    rows = PayoutRun.objects.select_related("closing", "made_by", "handed_over_by").order_by("-pays_on", "-id")
    return rows if role_of(actor) in ("staff", "system") else rows.none()


def closings_visible_to(actor: Actor | None) -> QuerySet[Closing]:
    """Closings are the operator's as well; a member sees what they did in the overview of rewards."""
    rows = Closing.objects.select_related("run").order_by("-closes_on")
    return rows if role_of(actor) in ("staff", "system") else rows.none()


def bank_entries_visible_to(actor: Actor | None) -> QuerySet[BankEntry]:
    """Lines of the bank's statement about our transfers, for the operator alone."""
    rows = BankEntry.objects.select_related("run", "payout").order_by("-id")
    return rows if role_of(actor) in ("staff", "system") else rows.none()


def expired_visible_to(actor: Actor | None) -> QuerySet[ExpiredReward]:
    """A member's own rewards whose time limit came; for staff and the market itself all of them."""
    rows = ExpiredReward.objects.order_by("-id")
    if role_of(actor) in ("staff", "system"):
        return rows.select_related("member", "came_back_by")
    return rows.filter(member_id=actor.pk) if actor is not None and actor.pk else rows.none()


def run_totals(runs: Iterable[PayoutRun]) -> dict[UUID, RunTotals]:
    """The totals of some runs, in one query."""
    ids = [run.pk for run in runs]
    found: dict[UUID, dict[str, tuple[int, int]]] = {pk: {} for pk in ids}
    rows = Payout.objects.filter(run_id__in=ids).values_list("run_id", "state")
    for run_id, state, count, yen in rows.annotate(n=Count("id"), yen=Sum("net_yen")):
        found[run_id][state] = (count, yen)
    return {
        pk: RunTotals(
            transfers=sum(count for state, (count, _) in states.items() if state != "cancelled"),
            total_yen=sum(yen for state, (_, yen) in states.items() if state != "cancelled"),
            by_state={state: count for state, (count, _) in states.items()},
        )
        for pk, states in found.items()
    }


def bank_account_of(member_id: UUID) -> BankAccount | None:
    """Where a member is paid, if that is registered."""
    return BankAccount.objects.filter(member_id=member_id, replaced_at__isnull=True).first()


def holder_reviews_visible_to(actor: Actor | None) -> QuerySet[HolderReview]:
    """Looks at the holders of accounts: staff see all of them, a member those at the own accounts."""
    rows = HolderReview.objects.select_related("account__member", "decided_by").order_by("-id")
    if role_of(actor) in ("staff", "system"):
        return rows
    return rows.filter(account__member_id=actor.pk) if actor is not None and actor.pk else rows.none()


def holder_review_of(account: BankAccount) -> HolderReview | None:
    """The look at an account's holder that stands, if there is one."""
    return HolderReview.objects.filter(account=account).exclude(state="overtaken").select_related("account").first()


def account_history(member_id: UUID, limit: int) -> list[BankAccount]:
    """The accounts that a member registered, the newest first; earlier ones say when they were replaced."""
    return list(BankAccount.objects.filter(member_id=member_id).order_by("-id")[:limit])


def accounts_matching(actor: Actor | None, *, bank_code: str, branch_code: str, number: str) -> QuerySet[BankAccount]:
    """Every member's account, in use or replaced, with these numbers: for staff, to ask whose a transfer was."""
    rows = BankAccount.objects.select_related("member").order_by("-id")
    if role_of(actor) not in ("staff", "system"):
        return rows.none()
    return rows.filter(BankAccount.number.matching(number), bank_code=bank_code, branch_code=branch_code)


def method_of(member_id: UUID) -> str:
    """The method by which a member is paid: what was chosen as long as it is offered, else the default (A049)."""
    chosen = PayoutMethod.objects.filter(member_id=member_id).first()
    if chosen is not None and chosen.method in policy.value("payouts.methods"):
        return chosen.method
    return str(policy.value("payouts.default_method"))


@subject("payouts.payout")
def _payout(actor: Actor | None, id: str) -> Payout:
    return _get(payouts_visible_to(actor), "payouts.payout", id)


@subject("payouts.expiredreward")
def _expired(actor: Actor | None, id: str) -> ExpiredReward:
    return _get(expired_visible_to(actor), "payouts.expiredreward", id)


@subject("payouts.payoutrun")
def _run(actor: Actor | None, id: str) -> PayoutRun:
    return _get(runs_visible_to(actor), "payouts.payoutrun", id)


@subject("payouts.holderreview")
def _holder(actor: Actor | None, id: str) -> HolderReview:
    return _get(holder_reviews_visible_to(actor), "payouts.holderreview", id)


@subject("payouts.bankentry")
def _entry(actor: Actor | None, id: str) -> BankEntry:
    return _get(bank_entries_visible_to(actor), "payouts.bankentry", id)


def _get(rows: QuerySet[Row], kind: str, id: str | UUID) -> Row:
    row = rows.filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible(kind, id)
    return row
