"""What the ledger tells the rooms above of its own health."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text

SILENCE = "silence"
"""The name of the alarm that speaks when nothing was checked for too long; laws have other names."""
CLOCK = "clock"
"""The name of the law, and of its alarm, that the clock does not stand behind the books (P018)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmEvent(Event):
    """Which alarm, and what should be true."""

    alarm_id: UUID
    name: str
    title_ja: str
    title_en: str


@event("ledger.alarm_raised", Text("帳簿の警報が出た: {name} {title_ja}", "an alarm of the books: {name} {title_en}"))
@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(AlarmEvent):
    """A law was found broken, or broken otherwise than before (`is_change`); or nothing was checked for too long."""

    wrong: int
    first: str
    is_change: bool


@event("ledger.alarm_mended", Text("帳簿の警報が解消した: {name} {title_ja}", "mended: {name} {title_en}"))
@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmMended(AlarmEvent):
    """The law holds again, or checks run again."""

    raised_at: datetime
