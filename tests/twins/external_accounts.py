from datetime import UTC, date, datetime, timedelta

from tests.twins import Twin

from kotowari.accounts import gates

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PROVED = {"signed_in": True, "now": NOW, "proved_at": NOW, "proof_minutes": 30}
OWNER = {
    "sign_in_needed": ("signed_in", False),
    "has_left": ("left_at", NOW),
    "proof_needed": ("proved_at", NOW - timedelta(minutes=30)),
}
PROVIDER = {"not_offered": ("configured", False), "provider_over": ("ends_on", TODAY)}

TWINS = [
    Twin(gates.ENTER_EXTERNAL, gates.ProviderFacts(provider="Google", today=TODAY), PROVIDER),
    Twin(
        gates.ENTER_EXTERNAL,
        gates.ProviderFacts(provider="Google", today=TODAY, ends_on=TODAY + timedelta(days=1)),
        {"provider_over": ("today", TODAY + timedelta(days=1))},
    ),
    Twin(
        gates.LINK_EXTERNAL,
        gates.LinkFacts(**PROVED, provider="Google", today=TODAY),
        {
            **OWNER,
            **PROVIDER,
            "linked_elsewhere": ("is_somebody_elses", True),
            "linked_already": ("is_mine", True),
        },
    ),
    Twin(gates.UNLINK_EXTERNAL, gates.UnlinkFacts(**PROVED, other_ways=1), {**OWNER, "last_way": ("other_ways", 0)}),
]
