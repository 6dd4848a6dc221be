"""Cards: the port through which a card processor is spoken to, and the processors behind it.

No card number ever comes here: the processor's own page asks for it. The rows, the gates and the money stand in the
room's `models`, `gates` and `services`; nothing in this folder touches a table.
"""

from kotowari.payments.cards.choice import processor
from kotowari.payments.cards.port import (
    CardAnswer,
    CardOrder,
    CardProcessor,
    DisputeAnswer,
    Heard,
    NoAnswer,
    NotGenuine,
    RefundAnswer,
    RefundOrder,
    Rejected,
)

__all__ = [
    "CardAnswer",
    "CardOrder",
    "CardProcessor",
    "DisputeAnswer",
    "Heard",
    "NoAnswer",
    "NotGenuine",
    "RefundAnswer",
    "RefundOrder",
    "Rejected",
    "processor",
]
