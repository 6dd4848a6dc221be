"""What every event of a payout carries."""

from typing import Any

from kotowari.payouts.models import Payout


def names(payout: Payout) -> dict[str, Any]:
    """The fields of `PayoutEvent`."""
    return {
        "payout_id": payout.pk,
        "member_id": payout.member_id,
        "kind": payout.kind,
        "gross_yen": payout.gross_yen,
        "fee_yen": payout.fee_yen,
        "net_yen": payout.net_yen,
        "pays_on": payout.pays_on,
    }
