from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.twins import Twin

from kotowari.accounts import gates
from kotowari.accounts.restrictions import InForce

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
LEFT = {"has_left": ("left_at", NOW)}
OWN = gates.OwnFacts(signed_in=True)
PENDING = gates.PendingFacts(now=NOW, lapses_at=NOW + timedelta(hours=24), code_expires_at=NOW + timedelta(minutes=10))
LAPSED = gates.PendingFacts(now=NOW, lapses_at=NOW, code_expires_at=NOW - timedelta(hours=23))
TOKEN = gates.TokenFacts(now=NOW, expires_at=NOW + timedelta(days=365))

FROZEN = InForce(id=UUID(int=7), cause="terms_breach", since=NOW, until=NOW + timedelta(days=7))

TWINS = [
    Twin(gates.SIGN_UP, gates.SignUpFacts(is_member=False), {"already_member": ("is_member", True)}),
    Twin(gates.ADD_MEMBER, gates.SystemFacts(is_system=True), {"system_only": ("is_system", False)}),
    Twin(gates.CONFIRM_SIGN_UP, PENDING, {"lapsed": ("lapses_at", NOW), "code_expired": ("code_expires_at", NOW)}),
    Twin(gates.RESEND_CODE, PENDING, {"lapsed": ("lapses_at", NOW)}),
    Twin(gates.LAPSE_SIGN_UP, LAPSED, {"not_due": ("lapses_at", NOW + timedelta(seconds=1))}),
    Twin(
        gates.SIGN_IN,
        gates.SignInFacts(),
        {
            "sign_up_pending": ("sign_up_pending", True),
            "address_not_proved": ("address_proved", False),
            "closed": ("is_active", False),
            "locked": ("locked_until", NOW + timedelta(minutes=10)),
            "frozen": ("frozen", FROZEN),
            "password_void": ("password_void_since", NOW),
            **LEFT,
        },
    ),
    Twin(
        gates.SIGN_IN,
        gates.SignInFacts(attempt=gates.Attempt(second_factor="")),
        {"second_factor_needed": ("has_factor", True)},
    ),
    Twin(
        gates.SIGN_IN,
        gates.SignInFacts(attempt=gates.Attempt(second_factor="totp"), has_factor=True),
        {"second_factor_needed": ("attempt", gates.Attempt(second_factor=""))},
    ),
    Twin(gates.SIGN_OUT, OWN, {"sign_in_needed": ("signed_in", False)}),
    Twin(gates.SET_PASSWORD, OWN, LEFT),
    Twin(
        gates.REMIND_OF_PASSWORD,
        gates.ReminderFacts(is_system=True, months=3, has_password=True, today=NOW.date(), due_on=NOW.date()),
        {
            "system_only": ("is_system", False),
            "switched_off": ("months", 0),
            "no_password": ("has_password", False),
            "not_due": ("due_on", NOW.date() + timedelta(days=1)),
            **LEFT,
        },
    ),
    Twin(gates.SEE_OWN, OWN, {"sign_in_needed": ("signed_in", False)}),
    Twin(gates.CHANGE_SETTINGS, OWN, {"sign_in_needed": ("signed_in", False), **LEFT}),
    Twin(
        gates.REGISTER_NAME,
        gates.RegisterNameFacts(signed_in=True, now=NOW, proved_at=NOW, proof_minutes=60, has_name=True),
        {
            "sign_in_needed": ("signed_in", False),
            "proof_needed": ("now", NOW + timedelta(minutes=60)),
            "token_proves_nothing": ("via", "token"),
            "held": ("held", FROZEN),
            **LEFT,
        },
    ),
    Twin(
        gates.REGISTER_NAME,
        gates.RegisterNameFacts(
            signed_in=True,
            now=NOW,
            proved_at=NOW - timedelta(minutes=59),
            proof_minutes=60,
            via="sign_in",
            has_name=False,
        ),
        {"proof_needed": ("proved_at", NOW - timedelta(minutes=60))},
    ),
    Twin(
        gates.CREATE_TOKEN,
        gates.NewTokenFacts(signed_in=True, now=NOW, proved_at=NOW, proof_minutes=60, tokens=9, tokens_max=10),
        {
            "sign_in_needed": ("signed_in", False),
            "proof_needed": ("proved_at", None),
            "too_many_tokens": ("tokens", 10),
            **LEFT,
        },
    ),
    Twin(
        gates.SIGN_IN_PROGRAM,
        gates.ProgramFacts(now=NOW, ends_at=NOW + timedelta(minutes=10), tokens=9, tokens_max=10),
        {
            "ticket_unknown": ("known", False),
            "ticket_expired": ("ends_at", NOW),
            "ticket_used": ("is_used", True),
            "ticket_void": ("is_void", True),
            "too_many_tokens": ("tokens", 10),
            "browser_needed": ("has_factor", True),
        },
    ),
    Twin(
        gates.SIGN_IN_PROGRAM,
        gates.ProgramFacts(now=NOW, tokens_max=10, has_factor=True, second_factor="totp", ways=("totp",)),
        {"second_factor_needed": ("second_factor", "")},
    ),
    Twin(gates.REVOKE_TOKEN, TOKEN, {"already_revoked": ("revoked_at", NOW)}),
    Twin(
        gates.USE_TOKEN,
        TOKEN,
        {
            "unknown": ("known", False),
            "revoked": ("revoked_at", NOW),
            "expired": ("expires_at", NOW),
            "closed": ("is_active", False),
            "frozen": ("frozen", FROZEN),
            "second_factor_needed": ("lacks_factor", True),
            **LEFT,
        },
    ),
    Twin(gates.ACT_AS_STAFF, gates.AsStaffFacts(), {"second_factor_needed": ("lacks_factor", True)}),
    Twin(
        gates.APPOINT_STAFF,
        gates.StaffFacts(may_appoint=True, is_staff=False, left_at=None),
        {
            "staff_only": ("may_appoint", False),
            "already_staff": ("is_staff", True),
            "appointee_has_left": ("left_at", NOW),
        },
    ),
    Twin(gates.LOCK, gates.SystemFacts(is_system=True), {"system_only": ("is_system", False)}),
    Twin(
        gates.UNLOCK,
        gates.UnlockFacts(by="staff", now=NOW, until=NOW + timedelta(minutes=10)),
        {"not_yours": ("by", "nobody"), "oneself": ("is_self", True), "not_locked": ("ended_at", NOW)},
    ),
    Twin(
        gates.RESTRICT,
        gates.RestrictFacts(by="staff", decided_by="staff"),
        {
            "not_yours_to_decide": ("by", "owner"),
            "oneself": ("is_self", True),
            "already": ("already", True),
            "member_has_left": ("left_at", NOW),
        },
    ),
    Twin(
        gates.LIFT,
        gates.LiftFacts(by="staff", decided_by="owner", now=NOW, until=NOW + timedelta(days=7)),
        {"not_yours_to_lift": ("by", "nobody"), "oneself": ("is_self", True), "over": ("lifted_at", NOW)},
    ),
    Twin(
        gates.LIFT,
        gates.LiftFacts(by="owner", decided_by="owner", now=NOW, until=NOW + timedelta(days=7), is_self=True),
        {"password_first": ("password_set_since", False)},
    ),
]
