"""Which closings are due, which come next, and when a bank can move money at the earliest."""

from datetime import date, datetime, timedelta

from kotowari.kernel import calendar, clock
from kotowari.payouts import zengin
from kotowari.pricing import PayoutTerms, closing_dates, is_closing

DAY = timedelta(days=1)
LONGEST_GAP_DAYS = 366
SHORTEST_HOLD_DAYS = 7
"""Whose transfer is on hold has at least these days to put the account right before the next closing ends it."""


def closing_before(day: date, terms: PayoutTerms | None = None) -> date:
    """The last closing strictly before a day."""
    terms = terms or PayoutTerms.in_force()
    found = day - DAY
    while not is_closing(found, terms):
        found -= DAY
    return found


def due_closings(last_closed_on: date | None) -> list[date]:
    """The closings whose day is over and that come after the last one made; by the rules of each day.

    A market that has never closed begins with the last closing that is over: it takes in all that came before.
    """
    today = clock.today()
    if last_closed_on is None:
        return [closing_before(today)]
    day = max(last_closed_on, today - timedelta(days=LONGEST_GAP_DAYS)) + DAY
    due = []
    while day < today:
        if is_closing(day, PayoutTerms.in_force(day)):
            due.append(day)
        day += DAY
    return due


def next_closings(count: int, terms: PayoutTerms, *, fixed_on: date | None = None) -> list[tuple[date, date]]:
    """The closings to come with their pay dates, the one that takes in a day (today) first."""
    day = fixed_on or clock.today()
    found = []
    for _ in range(count):
        closes_on, pays_on = closing_dates(day, terms)
        found.append((closes_on, pays_on))
        day = closes_on + DAY
    return found


def earliest_transfer_on(profile: zengin.BankProfile, terms: PayoutTerms) -> date:
    """The first day on which the bank can transfer what it is asked for today."""
    return calendar.add_bank_days(clock.today(), profile.earliest_bank_days, terms.closed_days)


def hand_over_by(pays_on: date, profile: zengin.BankProfile, terms: PayoutTerms) -> date:
    """The last bank day on which the bank takes a file for this pay date."""
    return calendar.add_bank_days(pays_on, -profile.earliest_bank_days, terms.closed_days)


def hold_lapses_at(terms: PayoutTerms) -> datetime:
    """When a hold ends that begins today: with the first closing that leaves time enough to put things right."""
    closes_on, _ = closing_dates(clock.today() + timedelta(days=SHORTEST_HOLD_DAYS), terms)
    return clock.end_of(closes_on)
