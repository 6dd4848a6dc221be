"""What a kind of journal is: its name, its words, the accounts it may move in which direction, and what it is about."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from kotowari.kernel.text import Text
from kotowari.ledger.accounts import AccountClass

Sign = Literal["+", "-", "+-"]
Subject = Literal["contract_id", "milestone_id", "payout_id", "deposit_id"]


class JournalKind(StrEnum):
    DEPOSIT_RECEIVED = "deposit_received"
    DEPOSIT_MATCHED = "deposit_matched"
    DEPOSIT_SENT_BACK = "deposit_sent_back"
    MILESTONE_ACCEPTED = "milestone_accepted"
    MILESTONE_SPLIT = "milestone_split"
    MILESTONE_REFUNDED = "milestone_refunded"
    REFUND_REQUESTED = "refund_requested"
    PAYOUT_REQUESTED = "payout_requested"
    PAYOUT_SETTLED = "payout_settled"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_CANCELLED = "payout_cancelled"
    REWARD_DORMANT = "reward_dormant"
    REWARD_REVIVED = "reward_revived"
    REWARD_FORFEITED = "reward_forfeited"
    CARD_RECEIVED = "card_received"
    CARD_MATCHED = "card_matched"
    CARD_REFUND_REQUESTED = "card_refund_requested"
    CARD_REFUNDED = "card_refunded"
    CARD_REFUND_FAILED = "card_refund_failed"
    CARD_PAID_OUT = "card_paid_out"
    CARD_DISPUTE_OPENED = "card_dispute_opened"
    CARD_DISPUTE_WON = "card_dispute_won"
    CARD_DISPUTE_LOST = "card_dispute_lost"
    CARD_DISPUTE_COVERED = "card_dispute_covered"
    BANK_FEE_PAID = "bank_fee_paid"
    TAX_PAID = "tax_paid"
    OWN_FUNDS_TAKEN_OUT = "own_funds_taken_out"
    OWN_FUNDS_PUT_IN = "own_funds_put_in"
    INTEREST_RECEIVED = "interest_received"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Move:
    """How a kind moves one class of accounts, and what the owner of such an account reads in the statement."""

    account: AccountClass
    sign: Sign
    sentence: Text
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class KindOfJournal:
    """`sentence` says what happened, `meaning` when and why, `rule` by which rule, if by one.

    `references` must be given with the journal; `payout_id` names whatever took lots, a payout or the end of a time
    limit. `once_per`: a subject has at most one journal of this kind that was not reversed.
    """

    title: Text
    sentence: Text
    meaning: Text
    moves: tuple[Move, ...]
    rule: str = ""
    references: tuple[Subject, ...] = ()
    once_per: Subject | None = None

    def move_of(self, account_class: AccountClass) -> Move | None:
        """How this kind moves accounts of that class, if it does."""
        return next((move for move in self.moves if move.account is account_class), None)
