"""The commands of contracts, one module per part of a contract's life."""

from kotowari.contracts.services.clocks import move_clocks
from kotowari.contracts.services.ending import agree_end, ask_end, lapse_end, refuse_end, withdraw_end
from kotowari.contracts.services.hiring import hire
from kotowari.contracts.services.settling import accept_delivery, accept_due_deliveries
from kotowari.contracts.services.working import deliver, lapse_milestone, record_funding, request_changes

__all__ = [
    "accept_delivery",
    "accept_due_deliveries",
    "agree_end",
    "ask_end",
    "deliver",
    "hire",
    "lapse_end",
    "lapse_milestone",
    "move_clocks",
    "record_funding",
    "refuse_end",
    "request_changes",
    "withdraw_end",
]
