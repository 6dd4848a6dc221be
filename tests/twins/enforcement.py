from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.enforcement import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
DECIDE = gates.DecideFacts(by="staff", is_open=True)
DECIDED = {
    "staff_only": ("by", "owner"),
    "oneself": ("is_self", True),
    "made_it": ("is_maker", True),
    "decided": ("is_open", False),
}
DUE = gates.ClockFacts(is_system=True, is_open=True, now=NOW, due_at=NOW, lapses_at=NOW + timedelta(days=10))
OVER = gates.ClockFacts(is_system=True, is_open=True, now=NOW, due_at=NOW - timedelta(days=10), lapses_at=NOW)
BY_CLOCK = {"system_only": ("is_system", False), "decided": ("is_open", False)}

TWINS = [
    Twin(gates.SEE_APPEAL, gates.SeeFacts(is_owner=True), {"not_known": ("is_owner", False)}),
    Twin(
        gates.MAKE_APPEAL,
        gates.AppealFacts(is_owner=True, now=NOW, until=NOW + timedelta(days=14)),
        {
            "not_known": ("is_owner", False),
            "no_decision_of_staff": ("decided_by", "rule"),
            "over": ("lifted_at", NOW),
            "appealed": ("appealed_at", NOW),
        },
    ),
    Twin(gates.UPHOLD_APPEAL, DECIDE, DECIDED),
    Twin(gates.GRANT_APPEAL, DECIDE, DECIDED),
    Twin(
        gates.ESCALATE_APPEAL,
        DUE,
        {**BY_CLOCK, "not_due": ("due_at", NOW + timedelta(seconds=1)), "told_already": ("told_at", NOW)},
    ),
    Twin(gates.LAPSE_APPEAL, OVER, {**BY_CLOCK, "not_due": ("lapses_at", NOW + timedelta(seconds=1))}),
]
