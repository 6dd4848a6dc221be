"""Rewards that come back after their time limit: kept ones for their owner, forfeited ones by staff."""

from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, give_back, post, reverse
from kotowari.payouts import entries, events
from kotowari.payouts.gates import RESTORE, REVIVE
from kotowari.payouts.models import ExpiredReward
from kotowari.payouts.reasons import read_own_words
from kotowari.payouts.transitions import EXPIRED


@command(REVIVE)
def revive_reward(*, actor: Actor, expired_id: UUID) -> ExpiredReward:
    """Take back a reward that is kept: it is in the balance again, as old as it was, and the next round pays it."""
    row = _locked(expired_id)
    require(REVIVE, actor, row)
    _revive(actor, row)
    return row


def revive_all(actor: Actor, member_id: UUID) -> int:
    """Let everything come back that is kept for a member, whose row is locked: there is an account now."""
    rows = list(ExpiredReward.objects.select_for_update().filter(member_id=member_id, state="dormant").order_by("pk"))
    for row in rows:
        _revive(actor, row)
    return len(rows)


@command(RESTORE)
def restore_reward(*, actor: Actor, expired_id: UUID, reason: str) -> ExpiredReward:
    """Take a forfeiture back: the journal is reversed, and the reward has its whole time again.

    `reason` is kept and told to the owner. Raises `InputError` without one.
    """
    row = _locked(expired_id)
    require(RESTORE, actor, row)
    told = read_own_words(reason).text.ja
    reverse(journal_id=row.journal_id, actor=actor, reason=told)
    _came_back(actor, row, "restore", told)
    audit.record(actor=actor, kind=entries.FORFEITURE_TAKEN_BACK, subject=row, amount_yen=row.amount_yen, reason=told)
    emit(events.RewardRestored(member_id=row.member_id, amount_yen=row.amount_yen, reason=told))
    return row


def _locked(expired_id: UUID) -> ExpiredReward:
    """The row, locked after its owner, as whoever takes rewards out of lots locks."""
    owner_id = ExpiredReward.objects.filter(pk=expired_id).values_list("member_id", flat=True).first()
    if owner_id is not None:
        lock(Member, owner_id)
    return lock(ExpiredReward, expired_id)


def _revive(actor: Actor, row: ExpiredReward) -> None:
    post(
        kind=JournalKind.REWARD_REVIVED,
        scope="reward.revive",
        key=str(row.pk),
        lines=[
            Line(accounts.dormant(row.member_id), -row.amount_yen),
            Line(accounts.available(row.member_id), row.amount_yen),
        ],
        actor=actor,
        payout_id=row.pk,
    )
    give_back(payout_id=row.pk)
    _came_back(actor, row, "revive", "")
    audit.record(actor=actor, kind=entries.REWARD_REVIVED, subject=row, amount_yen=row.amount_yen)
    emit(events.RewardRevived(member_id=row.member_id, amount_yen=row.amount_yen))


def _came_back(actor: Actor, row: ExpiredReward, event: str, reason: str) -> None:
    row.state = EXPIRED.require(row.state, event)
    row.came_back_at, row.came_back_by_id, row.reason = clock.now(), actor.pk, reason
    row.save(update_fields=["state", "came_back_at", "came_back_by", "reason"])
