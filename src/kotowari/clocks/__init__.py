"""When waits end: a clock stands still while the member it waits for cannot act, or the site is down (ADR 0013)."""

from kotowari.clocks.waits import Wait, clocks_of, stopped_spans
from kotowari.clocks.words import STOPPED_FOR_OTHER, STOPPED_FOR_SELF, is_news

__all__ = ["STOPPED_FOR_OTHER", "STOPPED_FOR_SELF", "Wait", "clocks_of", "is_news", "stopped_spans"]
