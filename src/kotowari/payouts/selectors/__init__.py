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
from kotowari.payouts.selectors.rows import (
    RunTotals,
    account_history,
    accounts_matching,
    bank_account_of,
    bank_entries_visible_to,
    closings_visible_to,
    expired_visible_to,
    holder_review_of,
    holder_reviews_visible_to,
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
    "expired_visible_to",
    "facts",
    "holder_review_of",
    "holder_reviews_visible_to",
    "method_of",
    "payouts_visible_to",
    "quick_offer",
    "reward_overview",
    "run_totals",
    "runs_visible_to",
    "titles_of",
]
