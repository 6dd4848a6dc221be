"""The holder of an account beside the registered name: compared, looked at by staff, contested, decided (A153)."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from kotowari.accounts.models import Member, RegisteredName
from kotowari.accounts.selectors import registered_name_of
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import calendar, clock
from kotowari.kernel.gates import require
from kotowari.payouts import entries, events
from kotowari.payouts.gates import APPROVE_HOLDER, COMPARE_HOLDER, CONTEST_HOLDER, LAPSE_HOLDER, REFUSE_HOLDER
from kotowari.payouts.holder_check import (
    UNDECIDED,
    Finding,
    HeldName,
    compare,
    contested,
    fault,
    passes_by_clock,
    refusal,
)
from kotowari.payouts.models import BankAccount, HolderReview, Payout
from kotowari.payouts.reasons import HOLDER_FAULTS, Reason, read_own_words
from kotowari.payouts.services.holding import hold, let_go_on, waiting_payouts
from kotowari.payouts.services.reviving import revive_all
from kotowari.payouts.transitions import HOLDER_REVIEW
from kotowari.pricing import PayoutTerms

STANDING = ("open", "refused", "contested", "approved", "upheld")


def held_name(row: RegisteredName) -> HeldName:
    """A registered name as it is compared."""
    return HeldName(
        is_company=row.kind == Member.Kind.COMPANY,
        name=row.name or "",
        kana=row.kana or "",
        trade_kana=row.trade_kana or "",
    )


def holder_fits(actor: Actor, account: BankAccount, waiting: Sequence[Payout]) -> bool:
    """Compare the holder of an account, just saved or compared anew, with its owner's registered name.

    Where it does not fit, a look of staff begins, nothing more goes there, and `waiting` payouts, locked by the caller,
    are held. Without a registered name there is nothing to compare.
    """
    name = registered_name_of(account.member_id)
    held = held_name(name) if name else None
    finding: Finding = compare(held, account.holder_kana or "") if held else "fits"
    if name is None or held is None or finding == "fits" or _approved_before(account, name):
        return True
    due_at, lapses_at = _clocks()
    review = HolderReview.objects.create(account=account, finding=finding, due_at=due_at, lapses_at=lapses_at)
    reason = fault(finding, held, account.holder_kana or "", due_at, lapses_at)
    _keep_back(actor, account, reason, waiting)
    audit.record(
        actor=actor, kind=entries.HOLDER_DIFFERS, subject=account, why_ja=reason.text.ja, why_en=reason.text.en
    )
    _tell(review, reason)
    return False


def overtake(member_id: UUID) -> None:
    """End every look at a member's accounts: another account or another name stands in their place."""
    rows = HolderReview.objects.select_for_update().filter(account__member_id=member_id, state__in=STANDING)
    for row in rows.order_by("pk"):
        row.state = HOLDER_REVIEW.require(row.state, "overtake")
        row.save(update_fields=["state"])


@command(COMPARE_HOLDER)
def compare_holder(*, actor: Actor, member_id: UUID) -> int:
    """Compare a member's account again, after another name was registered; how many accounts were compared.

    A fault that the bank found stays: its owner has to register the account again in any case.
    """
    lock(Member, member_id)
    require(COMPARE_HOLDER, actor)
    waiting = waiting_payouts(member_id)
    account = BankAccount.objects.select_for_update().filter(member_id=member_id, replaced_at__isnull=True).first()
    if account is None or (account.fault_code and account.fault_code not in HOLDER_FAULTS):
        return 0
    if _is_compared(account):
        return 0
    overtake(member_id)
    if not holder_fits(actor, account, waiting):
        return 1
    audit.record(actor=actor, kind=entries.HOLDER_FITS, subject=account)
    if account.fault_code:
        _set_free(actor, account, waiting)
        emit(events.HolderDecided(member_id=member_id, state="approved", reason=""))
    return 1


@command(APPROVE_HOLDER)
def approve_holder(*, actor: Actor, review_id: UUID, reason: str) -> HolderReview:
    """Take an account for its owner's: what waited for it goes on. `reason` is kept and told. Raises `InputError`."""
    review, waiting = _locked(review_id)
    require(APPROVE_HOLDER, actor, review)
    words = _decided(actor, review, "approve", reason)
    account = review.account
    if account.fault_code in HOLDER_FAULTS:
        _set_free(actor, account, waiting)
    audit.record(actor=actor, kind=entries.HOLDER_APPROVED, subject=account, reason=words)
    _tell_decision(review)
    return review


@command(REFUSE_HOLDER)
def refuse_holder(*, actor: Actor, review_id: UUID, reason: str) -> HolderReview:
    """Say that an account is not its owner's; `reason` is told, and can be contested once. Raises `InputError`."""
    review, waiting = _locked(review_id)
    require(REFUSE_HOLDER, actor, review)
    is_final = review.state == "contested"
    words = _decided(actor, review, "uphold" if is_final else "refuse", reason)
    account = review.account
    if account.fault_code in HOLDER_FAULTS:
        _keep_back(actor, account, refusal(words, is_final=is_final), waiting)
    audit.record(actor=actor, kind=entries.HOLDER_REFUSED, subject=account, reason=words)
    _tell_decision(review)
    return review


@command(LAPSE_HOLDER)
def lapse_holder(*, actor: Actor, review_id: UUID) -> HolderReview:
    """Decide by the clock what staff did not decide in time (P020).

    A trade name passes: the bank compares the holder itself. So does what was contested: nobody hears a final no that
    no person stands for. Another name is refused, which can be contested.
    """
    review, waiting = _locked(review_id)
    require(LAPSE_HOLDER, actor, review)
    passes = passes_by_clock(review.state, review.finding)
    review.state = HOLDER_REVIEW.require(review.state, "let_pass" if passes else "lapse")
    review.decided_by_id, review.decided_at, review.reason = None, clock.now(), ""
    review.approved_at = review.decided_at if passes else None
    review.save(update_fields=["state", "decided_by", "decided_at", "approved_at", "reason"])
    account = review.account
    if account.fault_code in HOLDER_FAULTS:
        if passes:
            _set_free(actor, account, waiting)
        else:
            _keep_back(actor, account, UNDECIDED, waiting)
    audit.record(actor=actor, kind=entries.HOLDER_LET_PASS if passes else entries.HOLDER_LAPSED, subject=account)
    _tell_decision(review)
    return review


@command(CONTEST_HOLDER)
def contest_holder(*, actor: Actor, review_id: UUID, statement: str) -> HolderReview:
    """Say why the account is one's own all the same; somebody else of staff decides. Raises `InputError`."""
    review, _ = _locked(review_id)
    require(CONTEST_HOLDER, actor, review)
    said = read_own_words(statement, "statement")
    review.state = HOLDER_REVIEW.require(review.state, "contest")
    review.due_at, review.lapses_at = _clocks()
    review.refused_by_id, review.reminded_on = review.decided_by_id, None
    review.statement = said.text.ja
    review.save(update_fields=["state", "due_at", "lapses_at", "refused_by", "reminded_on", "statement_sealed"])
    reason = contested(review.due_at, review.lapses_at)
    if review.account.fault_code in HOLDER_FAULTS:
        _fault(review.account, reason)
    audit.record(actor=actor, kind=entries.HOLDER_CONTESTED, subject=review.account)
    _tell(review, reason, is_contested=True)
    return review


def _clocks() -> tuple[datetime, datetime]:
    """Until when staff should decide from now on, and when the clock decides if they do not."""
    days, more = (policy.value(f"payouts.holder_{which}_bank_days") for which in ("review", "lapse"))
    today, closed = clock.today(), PayoutTerms.in_force().closed_days
    due_on, lapses_on = (calendar.add_bank_days(today, count, closed) for count in (days, days + more))
    return clock.end_of(due_on), clock.end_of(lapses_on)


def _is_compared(account: BankAccount) -> bool:
    """Whether it was compared with the name that counts already: at its own registering, or by this very event."""
    name = registered_name_of(account.member_id)
    review = HolderReview.objects.filter(account=account, state__in=STANDING).first()
    return name is None or account.pk > name.pk or (review is not None and review.pk > name.pk)


def _locked(review_id: UUID) -> tuple[HolderReview, list[Payout]]:
    """The look with its account and what waits for it, locked in the house's order: member, payouts, account."""
    owner_id = HolderReview.objects.filter(pk=review_id).values_list("account__member_id", flat=True).first()
    if owner_id is not None:
        lock(Member, owner_id)
    waiting = waiting_payouts(owner_id) if owner_id is not None else []
    review = lock(HolderReview, review_id)
    review.account = lock(BankAccount, review.account_id)
    return review, waiting


def _decided(actor: Actor, review: HolderReview, event: str, reason: str) -> str:
    words = read_own_words(reason).text.ja
    review.state = HOLDER_REVIEW.require(review.state, event)
    review.decided_by_id, review.decided_at, review.reason = cast(UUID, actor.pk), clock.now(), words
    review.approved_at = review.decided_at if event == "approve" else None
    review.save(update_fields=["state", "decided_by", "decided_at", "approved_at", "reason"])
    return words


def _approved_before(account: BankAccount, name: RegisteredName) -> bool:
    """Whether the very same account was taken for its owner's, by the name that still counts."""
    same = BankAccount.objects.filter(
        BankAccount.number.matching(account.number or ""),
        member_id=account.member_id,
        bank_code=account.bank_code,
        branch_code=account.branch_code,
        account_kind=account.account_kind,
        holder_reviews__approved_at__gt=name.registered_at,
    )
    return any(row.holder_kana == account.holder_kana for row in same)


def _keep_back(actor: Actor, account: BankAccount, reason: Reason, waiting: Sequence[Payout]) -> None:
    _fault(account, reason)
    hold(actor, [(payout, reason) for payout in waiting if payout.state == "requested"])


def _fault(account: BankAccount, reason: Reason) -> None:
    account.fault_code, account.fault_text = reason.code, reason.text.as_dict()
    account.save(update_fields=["fault_code", "fault_text"])


def _set_free(actor: Actor, account: BankAccount, waiting: Sequence[Payout]) -> None:
    """Nothing speaks against the account: what is held for it goes on, and what was kept is in the balance again."""
    account.fault_code, account.fault_text = "", None
    account.save(update_fields=["fault_code", "fault_text"])
    let_go_on([payout for payout in waiting if payout.state == "held"], account)
    revive_all(actor, account.member_id)


def _tell(review: HolderReview, reason: Reason, *, is_contested: bool = False) -> None:
    emit(
        events.HolderDiffers(
            member_id=review.account.member_id,
            review_id=review.pk,
            due_on=clock.last_day(review.due_at),
            reason_ja=reason.text.ja,
            reason_en=reason.text.en,
            is_contested=is_contested,
        )
    )


def _tell_decision(review: HolderReview) -> None:
    emit(
        events.HolderDecided(
            member_id=review.account.member_id,
            state=review.state,
            reason=review.reason,
            review_id=review.pk,
            by_clock=review.decided_by_id is None,
        )
    )
