from datetime import UTC, date, datetime, timedelta

from tests.twins import Twin

from kotowari.console import gates, period_gates

STAFF = gates.StaffFacts(signed_in=True, is_staff=True)
REFUSED = {
    "sign_in_needed": ("signed_in", False),
    "not_staff": ("is_staff", False),
    "has_left": ("left_at", datetime(2026, 11, 20, tzinfo=UTC)),
    "second_factor_needed": ("lacks_factor", True),
}
NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
NOVEMBER = date(2026, 11, 30)
CLOSE = period_gates.PeriodFacts(
    signed_in=True,
    is_staff=True,
    now=NOW,
    through=NOVEMBER,
    ends_at=NOW,
    closed_through=date(2026, 10, 31),
    next_through=NOVEMBER,
    checked_at=NOW - timedelta(hours=24),
    fresh_hours=24,
    broken=0,
    bank_through=NOVEMBER,
    differences=0,
    open_lines=0,
    late_suspense=0,
)
TWINS = [
    Twin(
        period_gates.CLOSE_PERIOD,
        CLOSE,
        {
            **REFUSED,
            "is_closed": ("closed_through", NOVEMBER),
            "not_next": ("next_through", date(2026, 10, 31)),
            "not_over": ("ends_at", NOW + timedelta(seconds=1)),
            "not_checked": ("checked_at", NOW - timedelta(hours=24, seconds=1)),
            "books_broken": ("broken", 1),
            "bank_behind": ("bank_through", date(2026, 11, 29)),
            "bank_differs": ("differences", 1),
            "suspense_late": ("late_suspense", 1),
        },
    ),
    *(Twin(action, STAFF, REFUSED) for action in (gates.OPEN, gates.SEE_MEMBER, gates.CHECK_BOOKS)),
    Twin(
        gates.ACKNOWLEDGE_ALARM,
        gates.AlarmFacts(signed_in=True, is_staff=True, state="open"),
        {**REFUSED, "is_mended": ("state", "mended"), "somebody_looks": ("state", "acknowledged")},
    ),
]
