"""What every fact about oneself begins with."""

from typing import Any

from kotowari.accounts.models import Member
from kotowari.foundation import policy
from kotowari.kernel import clock


def proved_facts(actor: Any) -> dict[str, Any]:
    """What `gates.ProvedFacts` holds, about whoever acts; without a query."""
    return {
        "signed_in": isinstance(actor, Member),
        "left_at": getattr(actor, "left_at", None),
        "now": clock.now(),
        "proved_at": getattr(actor, "proved_at", None),
        "proof_minutes": policy.value("accounts.proof_minutes"),
        "via": getattr(actor, "via", ""),
    }
