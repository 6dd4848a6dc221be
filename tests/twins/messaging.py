from uuid import UUID

from tests.twins import Twin

from kotowari.messaging import gates

FACTS = gates.ThreadFacts(is_party=True, job_id=UUID(int=7), proposal_state="sent", decided_at=None)

TWINS = [
    Twin(gates.SEE_THREAD, FACTS, {"not_yours": ("is_party", False)}),
    Twin(
        gates.SEND_MESSAGE,
        FACTS,
        {"not_yours": ("is_party", False), "proposal_declined": ("proposal_state", "declined")},
    ),
]
