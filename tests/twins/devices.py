from datetime import UTC, datetime

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
NOBODY = {"sign_in_needed": ("signed_in", False)}

TWINS = [
    Twin(gates.END_SESSION, gates.OwnFacts(signed_in=True), NOBODY),
    Twin(gates.END_ALL_SESSIONS, gates.OwnFacts(signed_in=True), NOBODY),
    Twin(
        gates.END_OTHER_SESSIONS,
        gates.SessionsFacts(signed_in=True, sessions=2),
        {**NOBODY, "no_others": ("sessions", 1)},
    ),
    Twin(
        gates.FORGET_DEVICE,
        gates.DeviceFacts(signed_in=True),
        {**NOBODY, "forgotten_already": ("forgotten_at", NOW)},
    ),
]
