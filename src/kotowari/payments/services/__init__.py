"""The commands of money that comes in: importing statements, placing deposits, sending them back."""

from kotowari.payments.services.cancelling import explain_cancellation
from kotowari.payments.services.demo import let_bank_send
from kotowari.payments.services.importing import import_statement
from kotowari.payments.services.placing import lapse_deposit, match_deposit, reconsider_deposits, send_back_deposit
from kotowari.payments.services.reminding import remind_operator

__all__ = [
    "explain_cancellation",
    "import_statement",
    "lapse_deposit",
    "let_bank_send",
    "match_deposit",
    "reconsider_deposits",
    "remind_operator",
    "send_back_deposit",
]
