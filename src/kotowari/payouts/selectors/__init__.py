"""Rows of payouts as a person may see them, the facts that gates ask for, and what the pages show."""

from kotowari.payouts.selectors import facts
from kotowari.payouts.selectors.overview import (
    ClosingToCome,
    LotToCome,
    PastClosing,
    RewardOverview,
    reward_overview,
    titles_of,
)
from kotowari.payouts.selectors.prospects import FeesSoFar, QuickOffer, Waiting, quick_offer
from kotowari.payouts.selectors.reconciling import (
    differences_open,
    differences_visible_to,
    last_reconciliation,
    opening_balance,
    reconciliations_visible_to,
)
from kotowari.payouts.selectors.rows import (
    RunTotals,
    account_history,
    accounts_matching,
    bank_account_of,
    bank_entries_visible_to,
    closings_visible_to,
    expired_visible_to,
    method_of,
    payouts_visible_to,
    run_totals,
    runs_visible_to,
)

__all__ = [
    "ClosingToCome",
    "FeesSoFar",
    "LotToCome",
    "PastClosing",
    "QuickOffer",
    "RewardOverview",
    "RunTotals",
    "Waiting",
    "account_history",
    "accounts_matching",
    "bank_account_of",
    "bank_entries_visible_to",
    "closings_visible_to",
    "differences_open",
    "differences_visible_to",
    "expired_visible_to",
    "facts",
    "last_reconciliation",
    "method_of",
    "opening_balance",
    "payouts_visible_to",
    "quick_offer",
    "reconciliations_visible_to",
    "reward_overview",
    "run_totals",
    "runs_visible_to",
    "titles_of",
]
