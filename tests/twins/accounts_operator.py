from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
ON_OTHERS = {"staff_only": ("by", "nobody"), "oneself": ("is_self", True)}
ACT = gates.StaffActFacts(by="staff")
RISK = gates.RiskFacts(by="staff", is_open=True)
DUE = gates.RiskClockFacts(is_system=True, is_open=True, now=NOW, due_at=NOW, lapses_at=NOW + timedelta(days=6))
OVER = gates.RiskClockFacts(is_system=True, is_open=True, now=NOW, due_at=NOW - timedelta(days=6), lapses_at=NOW)
BY_CLOCK = {"system_only": ("is_system", False), "not_open": ("is_open", False)}
RESET = gates.ForcedResetFacts(by="staff", now=NOW, lapses_at=NOW + timedelta(hours=24))
RESET_OVER = gates.ForcedResetFacts(by="nobody", is_system=True, now=NOW, lapses_at=NOW)

TWINS = [
    Twin(
        gates.FORCE_PASSWORD,
        ACT,
        {**ON_OTHERS, "member_has_left": ("left_at", NOW), "void_already": ("password_void_since", NOW)},
    ),
    Twin(gates.END_SESSIONS, ACT, {**ON_OTHERS, "no_sessions": ("sessions", 0)}),
    Twin(gates.RAISE_RISK, gates.SystemFacts(is_system=True), {"system_only": ("is_system", False)}),
    Twin(gates.CLOSE_RISK, RISK, {**ON_OTHERS, "not_open": ("is_open", False)}),
    Twin(
        gates.ESCALATE_RISK,
        DUE,
        {**BY_CLOCK, "not_due": ("due_at", NOW + timedelta(seconds=1)), "told_already": ("told_at", NOW)},
    ),
    Twin(gates.LAPSE_RISK, OVER, {**BY_CLOCK, "not_due": ("lapses_at", NOW + timedelta(seconds=1))}),
    Twin(
        gates.RUN_ROUND,
        gates.RoundFacts(is_system=True),
        {"system_only": ("is_system", False), "done": ("done_at", NOW)},
    ),
    Twin(gates.ASK_FORCED_RESET, RESET, {"staff_only": ("by", "owner")}),
    Twin(
        gates.APPROVE_FORCED_RESET,
        RESET,
        {
            "staff_only": ("by", "nobody"),
            "second_person": ("is_asker", True),
            "decided": ("is_waiting", False),
            "too_late": ("lapses_at", NOW),
        },
    ),
    Twin(gates.DECLINE_FORCED_RESET, RESET, {"staff_only": ("by", "nobody"), "decided": ("is_waiting", False)}),
    Twin(
        gates.LAPSE_FORCED_RESET,
        RESET_OVER,
        {
            "system_only": ("is_system", False),
            "decided": ("is_waiting", False),
            "not_due": ("lapses_at", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(
        gates.OVERTURN,
        gates.OverturnFacts(by="staff"),
        {**ON_OTHERS, "overturned": ("overturned", True)},
    ),
]
