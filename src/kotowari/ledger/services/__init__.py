"""Commands of the ledger: everything that writes to the books goes through here.

They run inside the caller's transaction. An error leaves that transaction unusable, as any database error
does: let it end the command. What members may do is decided by the gates of the rooms above, before.
"""

from kotowari.ledger.services.alike import Alike, Shape, ShapeLine, open_alike, post_alike, take_alike
from kotowari.ledger.services.checking import (
    acknowledge,
    ask_check,
    ask_nightly_check,
    check_and_record,
    run_waiting_check,
    tell_silence,
    watch_clock,
)
from kotowari.ledger.services.lots import (
    NewLot,
    Taken,
    Taking,
    give_back,
    open_lot,
    open_lots,
    take_from_lots,
    take_from_lots_many,
)
from kotowari.ledger.services.posting import Entry, Line, PostedJournal, post, post_many
from kotowari.ledger.services.reversing import reverse
from kotowari.ledger.services.sealing import seal, seal_when_due
from kotowari.ledger.services.upkeep import close_period, keep_balances, roll_up

__all__ = [
    "Alike",
    "Entry",
    "Line",
    "NewLot",
    "PostedJournal",
    "Shape",
    "ShapeLine",
    "Taken",
    "Taking",
    "acknowledge",
    "ask_check",
    "ask_nightly_check",
    "check_and_record",
    "close_period",
    "give_back",
    "keep_balances",
    "open_alike",
    "open_lot",
    "open_lots",
    "post",
    "post_alike",
    "post_many",
    "reverse",
    "roll_up",
    "run_waiting_check",
    "seal",
    "seal_when_due",
    "take_alike",
    "take_from_lots",
    "take_from_lots_many",
    "tell_silence",
    "watch_clock",
]
