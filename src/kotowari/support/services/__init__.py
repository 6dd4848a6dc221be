"""Commands of tickets: of customers, of staff, of the clock."""

from kotowari.support.services.customers import open_ticket, reopen_ticket, send_link, settle_ticket, write_to_ticket
from kotowari.support.services.staff import answer_ticket, close_ticket, look_at_case, note_on_ticket
from kotowari.support.services.time import be_late, lapse_ticket

__all__ = [
    "answer_ticket",
    "be_late",
    "close_ticket",
    "lapse_ticket",
    "look_at_case",
    "note_on_ticket",
    "open_ticket",
    "reopen_ticket",
    "send_link",
    "settle_ticket",
    "write_to_ticket",
]
