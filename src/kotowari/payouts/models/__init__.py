"""The rows of payouts: accounts and methods, transfers with their closings and runs, time limits."""

from kotowari.payouts.models.accounts import ACCOUNT_KINDS, METHODS, BankAccount, Destination, PayoutMethod
from kotowari.payouts.models.expiry import ExpiredReward, ExpiryRound, ExpiryWarning
from kotowari.payouts.models.holders import HolderReview
from kotowari.payouts.models.payouts import (
    KINDS,
    REWARD_KINDS,
    BankEntry,
    CarriedOver,
    Closing,
    Payout,
    PayoutRun,
)
from kotowari.payouts.models.reconciling import BankDifference, OpeningBalance, Reconciliation

__all__ = [
    "ACCOUNT_KINDS",
    "KINDS",
    "METHODS",
    "REWARD_KINDS",
    "BankAccount",
    "BankDifference",
    "BankEntry",
    "CarriedOver",
    "Closing",
    "Destination",
    "ExpiredReward",
    "ExpiryRound",
    "ExpiryWarning",
    "HolderReview",
    "OpeningBalance",
    "Payout",
    "PayoutMethod",
    "PayoutRun",
    "Reconciliation",
]
