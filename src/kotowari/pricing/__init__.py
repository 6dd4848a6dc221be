"""What a contract and a payout come to: pure functions over policy values, in whole yen, each step in words."""

from kotowari.pricing.contracts import Allocation, ContractQuote, QuoteLine, allocate, quote_contract
from kotowari.pricing.payouts import (
    PayoutQuote,
    closing_dates,
    expires_on,
    is_closing,
    latest_pay_date,
    quote_payout,
    transfer_fee_yen,
)
from kotowari.pricing.terms import PAYOUT_KEYS, PRICING_KEYS, PayoutTerms, PricingTerms

__all__ = [
    "PAYOUT_KEYS",
    "PRICING_KEYS",
    "Allocation",
    "ContractQuote",
    "PayoutQuote",
    "PayoutTerms",
    "PricingTerms",
    "QuoteLine",
    "allocate",
    "closing_dates",
    "expires_on",
    "is_closing",
    "latest_pay_date",
    "quote_contract",
    "quote_payout",
    "transfer_fee_yen",
]
