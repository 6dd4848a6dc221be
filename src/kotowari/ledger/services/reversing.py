"""`reverse`: taking back a mistaken journal with a new one."""

from uuid import UUID

from django.db import transaction

from kotowari.foundation.actors import Actor
from kotowari.ledger.accounts import AVAILABLE, parse
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import NotReversible
from kotowari.ledger.models import Journal, Posting
from kotowari.ledger.services import lots
from kotowari.ledger.services.posting import PostedJournal, request, write


def reverse(*, journal_id: UUID, actor: Actor, reason: str) -> PostedJournal:
    """Take back a journal: the same accounts, opposite amounts, dated now, once.

    The lots that went with it follow: a reward that was fixed is withdrawn, lots that a payout took are given
    back, lots that came back are taken again. Reversing twice with the same reason or another is the same
    event and returns the first reversal's journal.

    Raises `NotReversible`, `InsufficientFunds` when the money has moved on since, `PeriodClosed` when today is
    closed, and `ValueError` without a reason. What the rooms above know of the event is theirs to correct.
    """
    if not reason.strip():
        raise ValueError("a reversal says why")
    with transaction.atomic():
        original = Journal.objects.filter(pk=journal_id).first()
        if original is None:
            raise NotReversible(journal_id, "there is no such journal")
        if original.reverses_id is not None:
            raise NotReversible(journal_id, "it is a reversal itself")
        rows = Posting.objects.filter(journal=original).order_by("line_no").values_list("account__code", "amount_yen")
        changes = {parse(code): -amount_yen for code, amount_yen in rows}
        references = {
            "contract_id": original.contract_id,
            "milestone_id": original.milestone_id,
            "payout_id": original.payout_id,
            "deposit_id": original.deposit_id,
        }
        asked = request(JournalKind.REVERSAL, "ledger.reverse", str(journal_id), changes, references, journal_id)
        [reversal] = write([asked], actor=actor, reason=reason.strip())
        if not reversal.is_replay:
            for account, amount_yen in changes.items():
                if account.of is AVAILABLE and account.owner_id is not None:
                    _take_back_lots(original, account.owner_id, amount_yen)
        return reversal


def _take_back_lots(original: Journal, member_id: UUID, change_yen: int) -> None:
    if original.payout_id is None:
        assert original.milestone_id is not None, "rewards are fixed per milestone"
        lots.withdraw_lot(member_id=member_id, milestone_id=original.milestone_id, amount_yen=-change_yen)
    elif change_yen > 0:
        lots.give_back(payout_id=original.payout_id, amount_yen=change_yen)
    else:
        lots.take_from_lots(member_id=member_id, payout_id=original.payout_id, amount_yen=-change_yen)
