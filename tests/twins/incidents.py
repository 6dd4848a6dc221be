from datetime import UTC, date, datetime, timedelta

from tests.twins import Twin

from kotowari.incidents import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
TODAY = date(2026, 11, 20)
STAFF = {"staff_only": ("by", "owner")}
INCIDENT = gates.IncidentFacts(by="staff")
WATCHED = gates.IncidentFacts(by="staff", state="watching", ended_at=NOW)
AFFECTED = gates.AffectedFacts(by="staff", named=2, untold=2)
SYSTEM = {"system_only": ("is_system", False)}
OPEN = gates.ClockFacts(is_system=True, state="open", now=NOW, due_at=NOW)
CHANGE = gates.ChangeClockFacts(is_system=True, state="announced", today=TODAY, due_on=TODAY)
TOO_EARLY = ("due_on", TODAY + timedelta(days=1))

TWINS = [
    Twin(gates.OPEN, gates.StaffFacts(by="staff"), STAFF),
    Twin(gates.UPDATE, INCIDENT, {**STAFF, "over": ("state", "closed")}),
    Twin(gates.RECOVER, INCIDENT, {**STAFF, "recovered": ("state", "watching")}),
    Twin(gates.CLOSE, WATCHED, {**STAFF, "not_watched": ("state", "open")}),
    Twin(
        gates.PUBLISH,
        gates.IncidentFacts(by="staff", is_public=False),
        {**STAFF, "public_already": ("is_public", True)},
    ),
    Twin(gates.NAME_AFFECTED, AFFECTED, {**STAFF, "everybody_already": ("is_everybody", True)}),
    Twin(
        gates.TELL_AFFECTED,
        AFFECTED,
        {
            **STAFF,
            "nobody_named": ("named", 0),
            "all_told": ("untold", 0),
            "being_told": ("is_under_way", True),
        },
    ),
    Twin(
        gates.RESET_AFFECTED,
        AFFECTED,
        {**STAFF, "nobody_named": ("named", 0), "reset_already": ("reset_at", NOW)},
    ),
    Twin(gates.REMIND_STAFF, OPEN, {**SYSTEM, "recovered": ("state", "watching"), "not_due": ("due_at", LATER)}),
    Twin(gates.LAPSE, OPEN, {**SYSTEM, "recovered": ("state", "watching"), "not_due": ("due_at", LATER)}),
    Twin(
        gates.CLOSE_BY_TIME,
        gates.ClockFacts(is_system=True, state="watching", now=NOW, due_at=NOW),
        {**SYSTEM, "not_watched": ("state", "open"), "not_due": ("due_at", LATER)},
    ),
    Twin(gates.ANNOUNCE_CHANGE, gates.StaffFacts(by="staff"), STAFF),
    Twin(gates.WITHDRAW_CHANGE, gates.ChangeFacts(by="staff"), {**STAFF, "settled": ("state", "complete")}),
    Twin(
        gates.REMIND_OF_CHANGE,
        CHANGE,
        {**SYSTEM, "settled": ("state", "withdrawn"), "reminded_already": ("reminded_at", NOW), "not_due": TOO_EARLY},
    ),
    Twin(gates.COMPLETE_CHANGE, CHANGE, {**SYSTEM, "settled": ("state", "complete"), "not_due": TOO_EARLY}),
]
