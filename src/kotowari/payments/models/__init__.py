"""The rows of money that comes in: by bank, and by card."""

from kotowari.payments.models.cards import CardDispute, CardPayment, CardRefund, WebhookEvent
from kotowari.payments.models.deposits import (
    Cancellation,
    Deposit,
    DepositMatch,
    StatementBalance,
    StatementFile,
    StatementLine,
)

__all__ = [
    "Cancellation",
    "CardDispute",
    "CardPayment",
    "CardRefund",
    "Deposit",
    "DepositMatch",
    "StatementBalance",
    "StatementFile",
    "StatementLine",
    "WebhookEvent",
]
