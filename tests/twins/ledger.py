from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.ledger import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
TOLERANCE = timedelta(minutes=5)

TWINS = [
    Twin(
        gates.POST,
        gates.PostFacts(now=NOW, last_posted_at=NOW + TOLERANCE, tolerance=TOLERANCE),
        {"clock_set_back": ("last_posted_at", NOW + TOLERANCE + timedelta(seconds=1))},
    ),
]
