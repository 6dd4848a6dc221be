from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SIGNED_OUT = {"sign_in_needed": ("signed_in", False)}
LEFT = {"has_left": ("left_at", NOW)}
PROVED = {"signed_in": True, "now": NOW, "proved_at": NOW, "proof_minutes": 30}
UNPROVED = {"proof_needed": ("proved_at", NOW - timedelta(minutes=30))}
OWNER = {**SIGNED_OUT, **LEFT}
WAITING = gates.WaitingAddressFacts(signed_in=True, now=NOW, lapses_at=LATER)

TWINS = [
    Twin(
        gates.ADD_ADDRESS,
        gates.NewAddressFacts(**PROVED, addresses=4, addresses_max=5),
        {**OWNER, **UNPROVED, "too_many_addresses": ("addresses", 5)},
    ),
    Twin(gates.PROVE_ADDRESS, WAITING, {**OWNER, "lapsed": ("lapses_at", NOW)}),
    Twin(gates.RESEND_ADDRESS_CODE, WAITING, {**OWNER, "lapsed": ("lapses_at", NOW)}),
    Twin(gates.DROP_ADDRESS, WAITING, SIGNED_OUT),
    Twin(
        gates.LAPSE_ADDRESS,
        gates.WaitingAddressFacts(signed_in=False, now=NOW, lapses_at=NOW, is_system=True),
        {"system_only": ("is_system", False), "not_due": ("lapses_at", LATER)},
    ),
    Twin(
        gates.MAKE_PRIMARY,
        gates.AddressFacts(**PROVED, is_primary=False, proved=2),
        {**OWNER, **UNPROVED, "already_primary": ("is_primary", True)},
    ),
    Twin(
        gates.REMOVE_ADDRESS,
        gates.AddressFacts(**PROVED, is_primary=False, proved=2),
        {
            **OWNER,
            **UNPROVED,
            "last_address": ("proved", 1),
            "is_primary": ("is_primary", True),
            "undo_possible": ("undo_until", LATER),
        },
    ),
    Twin(
        gates.UNDO_ADDRESS,
        gates.UndoFacts(now=NOW, undo_until=LATER),
        {"too_late": ("undo_until", NOW), "already_undone": ("undone_at", NOW), **LEFT},
    ),
    Twin(gates.CHANGE_PASSWORD, gates.NewPasswordFacts(**PROVED), {**OWNER, **UNPROVED}),
    Twin(
        gates.CHANGE_USERNAME,
        gates.UsernameFacts(**PROVED, changed_at=NOW - timedelta(days=30), change_days=30),
        {
            **OWNER,
            **UNPROVED,
            "only_by_leaving": ("change_days", 0),
            "too_soon": ("changed_at", NOW - timedelta(days=29)),
        },
    ),
]
