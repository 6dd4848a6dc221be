"""Rows of payments and payouts as the shapes of the API."""

from dataclasses import asdict
from typing import Any

from kotowari.payments.selectors import Instruction
from kotowari.payouts.models import BankAccount, Payout
from kotowari.payouts.selectors import QuickOffer, RewardOverview

DIGITS_SHOWN = 3
_PAYOUT = (
    *("reference", "kind", "state", "gross_yen", "fee_yen", "quick_fee_yen", "net_yen"),
    *("pays_on", "promised_on", "settled_on", "lapses_at"),
)
_QUICK = (
    *("free_yen", "amount_yen", "quick_fee_yen", "transfer_fee_yen", "net_yen"),
    *("planned_on", "promised_on"),
)
_EXPIRED = ("state", "amount_yen", "expired_on", "came_back_at", "reason")


def rewards(overview: RewardOverview, quick: QuickOffer) -> dict[str, Any]:
    """A member's rewards at one moment (`RewardsShape`)."""
    best = overview.waiting.best
    return {
        **{name: getattr(overview, name) for name in ("available_yen", "refund_due_yen", "method", "minimum_yen")},
        "methods": list(overview.methods),
        "bank_account": bank_account(overview.account) if overview.account else None,
        "receive": overview.decision.as_json(),
        "closings": [asdict(closing) for closing in overview.closings],
        "lots": [asdict(lot) for lot in overview.lots],
        "in_flight": [payout(row) for row in overview.in_flight],
        "quick": {
            "decision": quick.decision.as_json(),
            **{name: getattr(quick, name) for name in _QUICK},
        },
        "best_day": asdict(best) if best else None,
        "fees_so_far_yen": overview.fees.fee_yen,
        "dormant_yen": overview.dormant_yen,
        "expired": [{"id": row.pk, **{name: getattr(row, name) for name in _EXPIRED}} for row in overview.expired],
    }


def payout(row: Payout) -> dict[str, Any]:
    """One transfer (`PayoutShape`)."""
    return {"id": row.pk, **{name: getattr(row, name) for name in _PAYOUT}, "reason": str(row.why) if row.why else None}


def bank_account(row: BankAccount) -> dict[str, Any]:
    """Where somebody is paid, masked (`BankAccountShape`)."""
    own = ("bank_code", "bank_name", "branch_code", "branch_name", "account_kind", "holder_kana", "registered_at")
    return {
        **{name: getattr(row, name) for name in own},
        "number_ends_in": (row.number or "")[-DIGITS_SHOWN:],
        "fault": str(row.fault) if row.fault else None,
    }


def instruction(found: Instruction) -> dict[str, Any]:
    """How to send the money for a milestone (`InstructionShape`)."""
    account = found.account
    return {
        **{name: getattr(account, name) for name in ("bank_code", "bank_name", "branch_code", "branch_name")},
        "account_kind": int(account.kind),
        "account_number": account.number,
        "holder_kana": account.holder_kana,
        "amount_yen": found.amount_yen,
        "received_yen": found.received_yen,
        "missing_yen": found.missing_yen,
        "reference": found.reference,
        "deadline_at": found.deadline_at,
    }
