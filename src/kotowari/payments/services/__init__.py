"""The commands of money that comes in: statements and deposits, card payments and their refunds."""

from kotowari.payments.services.cancelling import explain_cancellation
from kotowari.payments.services.cards.asking import ask_about_card
from kotowari.payments.services.cards.disputing import allow_cards_again, ask_about_dispute
from kotowari.payments.services.cards.hearing import hear_processor
from kotowari.payments.services.cards.paying import open_card_page, start_card_payment
from kotowari.payments.services.cards.paying_out import know_processor_deposit
from kotowari.payments.services.cards.refunding import close_card_refund, request_card_refund
from kotowari.payments.services.cards.settling import close_card_payment
from kotowari.payments.services.demo import let_bank_send
from kotowari.payments.services.importing import import_statement
from kotowari.payments.services.own_money import OWN_KINDS, know_own_deposit, reopen_deposit
from kotowari.payments.services.placing import lapse_deposit, match_deposit, reconsider_deposits, send_back_deposit
from kotowari.payments.services.reminding import remind_operator

__all__ = [
    "OWN_KINDS",
    "allow_cards_again",
    "ask_about_card",
    "ask_about_dispute",
    "close_card_payment",
    "close_card_refund",
    "explain_cancellation",
    "hear_processor",
    "import_statement",
    "know_own_deposit",
    "know_processor_deposit",
    "lapse_deposit",
    "let_bank_send",
    "match_deposit",
    "open_card_page",
    "reconsider_deposits",
    "remind_operator",
    "reopen_deposit",
    "request_card_refund",
    "send_back_deposit",
    "start_card_payment",
]
