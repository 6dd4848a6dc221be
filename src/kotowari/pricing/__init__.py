"""What a contract and a payout come to: pure functions over policy values, in whole yen, each step in words."""

from kotowari.pricing.contracts import Allocation, ContractQuote, QuoteLine, allocate, quote_contract
from kotowari.pricing.payouts import (
    PayoutQuote,
    closing_dates,
    expires_on,
    is_closing,
    latest_pay_date,
    quick_dates,
    quick_fee_yen,
    quote_payout,
    time_limit,
    transfer_fee_yen,
)
from kotowari.pricing.terms import PAYOUT_KEYS, PRICING_KEYS, PayoutTerms, PricingTerms
from kotowari.pricing.waiting import DayToBePaid, best_day, days_to_be_paid

__all__ = [
    "PAYOUT_KEYS",
    "PRICING_KEYS",
    "Allocation",
    "ContractQuote",
    "DayToBePaid",
    "PayoutQuote",
    "PayoutTerms",
    "PricingTerms",
    "QuoteLine",
    "allocate",
    "best_day",
    "closing_dates",
    "days_to_be_paid",
    "expires_on",
    "is_closing",
    "latest_pay_date",
    "quick_dates",
    "quick_fee_yen",
    "quote_contract",
    "quote_payout",
    "time_limit",
    "transfer_fee_yen",
]
