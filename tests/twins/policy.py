from datetime import date

from tests.twins import Twin

from kotowari.foundation.policy import gates

WITHDRAW = gates.WithdrawFacts(
    is_staff=True,
    key="payouts.standard_minimum_yen",
    effective_on=date(2026, 12, 10),
    today=date(2026, 12, 9),
)

TWINS = [
    Twin(gates.SET_VALUE, gates.StaffFacts(is_staff=True), {"not_staff": ("is_staff", False)}),
    Twin(
        gates.WITHDRAW_CHANGE,
        WITHDRAW,
        {"not_staff": ("is_staff", False), "in_force": ("today", date(2026, 12, 10))},
    ),
]
