from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
PROVED = {"signed_in": True, "now": NOW, "proved_at": NOW - timedelta(minutes=59), "proof_minutes": 60}
LEFT = {"has_left": ("left_at", NOW)}
OWN = {"sign_in_needed": ("signed_in", False), **LEFT}
KEYS = {**OWN, "proof_needed": ("proved_at", NOW - timedelta(minutes=60))}
NO_TEXTS = {"no_text_messages": ("is_offered", False)}
OWN_RECOVERY = gates.RecoveryFacts(state="asked", now=NOW, lapses_at=NOW + timedelta(days=3), is_owner=True)
STAFFED = replace(OWN_RECOVERY, state="proving", is_owner=False, is_staff=True)
COOLING = replace(OWN_RECOVERY, state="cooling", is_owner=False, is_system=True, cooling_until=NOW)
NOT_HERS = {"not_yours": ("is_owner", False)}
NOT_STAFF = {"staff_only": ("is_staff", False), "oneself": ("is_owner", True)}

TWINS = [
    Twin(
        gates.ADD_FACTOR,
        gates.NewFactorFacts(**PROVED, factors=9, factors_max=10),
        {**KEYS, "too_many_factors": ("factors", 10)},
    ),
    Twin(
        gates.ADD_TELEPHONE,
        gates.NewTelephoneFacts(**PROVED, factors=9, factors_max=10),
        {**KEYS, **NO_TEXTS, "too_many_factors": ("factors", 10)},
    ),
    Twin(
        gates.CONFIRM_FACTOR,
        gates.SetupFacts(**PROVED, setup_until=NOW + timedelta(minutes=1)),
        {**KEYS, "already_confirmed": ("confirmed_at", NOW), "setup_over": ("setup_until", NOW)},
    ),
    Twin(gates.RENAME_FACTOR, gates.ProvedFacts(**PROVED), KEYS),
    Twin(gates.REMOVE_FACTOR, gates.ProvedFacts(**PROVED), KEYS),
    Twin(gates.MAKE_RECOVERY_CODES, gates.HeldFacts(**PROVED), {**KEYS, "no_factor": ("has_factor", False)}),
    Twin(gates.SHOW_FACTOR, gates.ShownFacts(signed_in=True), {**LEFT, "not_needed": ("has_factor", False)}),
    Twin(
        gates.SEND_FACTOR_CODE,
        gates.SendFacts(signed_in=True),
        {**LEFT, **NO_TEXTS, "not_a_telephone": ("is_telephone", False)},
    ),
    Twin(gates.TRUST_DEVICE, gates.OwnFacts(signed_in=True), OWN),
    Twin(gates.WARN_OF_CODES, gates.SystemFacts(is_system=True), {"system_only": ("is_system", False)}),
    Twin(
        gates.LAPSE_FACTOR,
        gates.LapseFacts(is_system=True, now=NOW, setup_until=NOW),
        {"system_only": ("is_system", False), "not_due": ("setup_until", NOW + timedelta(seconds=1))},
    ),
    Twin(gates.PROVE_AGAIN, gates.OwnFacts(signed_in=True), OWN),
    Twin(gates.SEND_PROOF_CODE, gates.MailProofFacts(signed_in=True), {**OWN, "stronger_way": ("has_password", True)}),
    Twin(gates.SEND_PROOF_CODE, gates.MailProofFacts(signed_in=True), {"stronger_way": ("has_factor", True)}),
    Twin(
        gates.START_RECOVERY,
        gates.NewRecoveryFacts(signed_in=True),
        {**LEFT, "no_factor": ("has_factor", False), "under_way": ("is_under_way", True)},
    ),
    Twin(gates.SEND_RECOVERY_CODE, OWN_RECOVERY, {**NOT_HERS, "not_in_this_state": ("state", "proving")}),
    Twin(gates.STATE_RECOVERY, OWN_RECOVERY, {**NOT_HERS, "not_in_this_state": ("lapses_at", NOW)}),
    Twin(
        gates.ANSWER_RECOVERY,
        replace(OWN_RECOVERY, state="proving"),
        {**NOT_HERS, "not_in_this_state": ("state", "cooling")},
    ),
    Twin(gates.ASK_IN_RECOVERY, STAFFED, {**NOT_STAFF, "not_in_this_state": ("state", "asked")}),
    Twin(
        gates.APPROVE_RECOVERY,
        STAFFED,
        {
            **NOT_STAFF,
            "another_needed": ("approved_before", True),
            "not_in_this_state": ("state", "cooling"),
            "member_has_left": ("left_at", NOW),
        },
    ),
    Twin(gates.REFUSE_RECOVERY, STAFFED, {**NOT_STAFF, "not_in_this_state": ("state", "done")}),
    Twin(gates.CANCEL_RECOVERY, OWN_RECOVERY, {**NOT_HERS, "not_in_this_state": ("state", "done")}),
    Twin(
        gates.CANCEL_RECOVERY,
        replace(OWN_RECOVERY, is_owner=False, is_system=True),
        {"not_yours": ("is_system", False)},
    ),
    Twin(
        gates.TELL_RECOVERY,
        replace(COOLING, next_notice_at=NOW),
        {"system_only": ("is_system", False), "not_due": ("next_notice_at", NOW + timedelta(hours=1))},
    ),
    Twin(
        gates.FINISH_RECOVERY,
        COOLING,
        {
            "system_only": ("is_system", False),
            "not_due": ("cooling_until", NOW + timedelta(seconds=1)),
            "member_has_left": ("left_at", NOW),
        },
    ),
    Twin(gates.FINISH_RECOVERY, COOLING, {"not_due": ("next_notice_at", NOW)}),
    Twin(
        gates.LAPSE_RECOVERY,
        replace(COOLING, state="proving", lapses_at=NOW),
        {"system_only": ("is_system", False), "not_due": ("lapses_at", NOW + timedelta(seconds=1))},
    ),
    Twin(gates.LAPSE_RECOVERY, replace(COOLING, left_at=NOW), {"not_due": ("left_at", None)}),
]
