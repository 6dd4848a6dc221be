from datetime import UTC, date, datetime

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
REMIND = gates.CheckReminderFacts(is_system=True, months=6, today=date(2026, 11, 20), due_on=date(2026, 11, 20))
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
    *(
        Twin(action, gates.OwnFacts(signed_in=True), {**NOBODY, "has_left": ("left_at", NOW)})
        for action in (gates.REPORT_NOT_ME, gates.COMPLETE_CHECK)
    ),
    Twin(
        gates.REMIND_OF_CHECK,
        REMIND,
        {
            "system_only": ("is_system", False),
            "has_left": ("left_at", NOW),
            "switched_off": ("months", 0),
            "not_due": ("due_on", date(2026, 11, 21)),
        },
    ),
]
