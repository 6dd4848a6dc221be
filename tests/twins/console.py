from datetime import UTC, datetime

from tests.twins import Twin

from kotowari.console import gates

STAFF = gates.StaffFacts(signed_in=True, is_staff=True)
REFUSED = {
    "sign_in_needed": ("signed_in", False),
    "not_staff": ("is_staff", False),
    "has_left": ("left_at", datetime(2026, 11, 20, tzinfo=UTC)),
}
TWINS = [
    *(Twin(action, STAFF, REFUSED) for action in (gates.OPEN, gates.SEE_MEMBER, gates.CHECK_BOOKS)),
    Twin(
        gates.ACKNOWLEDGE_ALARM,
        gates.AlarmFacts(signed_in=True, is_staff=True, state="open"),
        {**REFUSED, "is_mended": ("state", "mended"), "somebody_looks": ("state", "acknowledged")},
    ),
]
