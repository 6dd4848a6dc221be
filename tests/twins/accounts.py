from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.accounts import facts, gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
LEFT = {"has_left": ("left_at", NOW)}
OWN = facts.OwnFacts(signed_in=True)
PENDING = facts.PendingFacts(now=NOW, lapses_at=NOW + timedelta(hours=24), code_expires_at=NOW + timedelta(minutes=10))
LAPSED = facts.PendingFacts(now=NOW, lapses_at=NOW, code_expires_at=NOW - timedelta(hours=23))
TOKEN = facts.TokenFacts(now=NOW, expires_at=NOW + timedelta(days=365))

TWINS = [
    Twin(gates.SIGN_UP, facts.SignUpFacts(is_member=False), {"already_member": ("is_member", True)}),
    Twin(gates.ADD_MEMBER, facts.SystemFacts(is_system=True), {"system_only": ("is_system", False)}),
    Twin(gates.CONFIRM_SIGN_UP, PENDING, {"lapsed": ("lapses_at", NOW), "code_expired": ("code_expires_at", NOW)}),
    Twin(gates.RESEND_CODE, PENDING, {"lapsed": ("lapses_at", NOW)}),
    Twin(gates.LAPSE_SIGN_UP, LAPSED, {"not_due": ("lapses_at", NOW + timedelta(seconds=1))}),
    Twin(
        gates.SIGN_IN,
        facts.SignInFacts(),
        {
            "sign_up_pending": ("sign_up_pending", True),
            "address_not_proved": ("address_proved", False),
            **LEFT,
        },
    ),
    Twin(gates.SIGN_OUT, OWN, {"sign_in_needed": ("signed_in", False)}),
    Twin(gates.SET_PASSWORD, OWN, LEFT),
    Twin(gates.SEE_OWN, OWN, {"sign_in_needed": ("signed_in", False)}),
    Twin(gates.CHANGE_SETTINGS, OWN, {"sign_in_needed": ("signed_in", False), **LEFT}),
    Twin(
        gates.CREATE_TOKEN,
        facts.NewTokenFacts(signed_in=True, tokens=9, tokens_max=10),
        {"sign_in_needed": ("signed_in", False), "too_many_tokens": ("tokens", 10), **LEFT},
    ),
    Twin(gates.REVOKE_TOKEN, TOKEN, {"already_revoked": ("revoked_at", NOW)}),
    Twin(
        gates.USE_TOKEN,
        TOKEN,
        {"unknown": ("known", False), "revoked": ("revoked_at", NOW), "expired": ("expires_at", NOW), **LEFT},
    ),
    Twin(
        gates.APPOINT_STAFF,
        facts.StaffFacts(may_appoint=True, is_staff=False, left_at=None),
        {
            "staff_only": ("may_appoint", False),
            "already_staff": ("is_staff", True),
            "appointee_has_left": ("left_at", NOW),
        },
    ),
]
