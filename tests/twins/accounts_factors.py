from datetime import UTC, datetime, timedelta

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
PROVED = {"signed_in": True, "now": NOW, "proved_at": NOW - timedelta(minutes=59), "proof_minutes": 60}
LEFT = {"has_left": ("left_at", NOW)}
OWN = {"sign_in_needed": ("signed_in", False), **LEFT}
KEYS = {**OWN, "proof_needed": ("proved_at", NOW - timedelta(minutes=60))}
NO_TEXTS = {"no_text_messages": ("is_offered", False)}

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
]
