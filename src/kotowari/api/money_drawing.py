"""Rows of payments and payouts as the shapes of the API."""

from dataclasses import asdict
from typing import Any

from kotowari.payments.card_words import why_not_paid
from kotowari.payments.models import CardPayment
from kotowari.payments.selectors import Instruction
from kotowari.payouts.models import BankAccount, Payout
from kotowari.payouts.selectors import OpenJournal, OwnLine, QuickOffer, RewardOverview

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


def own_line(line: OwnLine) -> dict[str, Any]:
    """One line of what is mine (`LineShape`)."""
    row = line.row
    own = ("journal_id", "kind", "occurred_at", "amount_yen", "balance_after_yen", "reason")
    return {
        **{name: getattr(row, name) for name in (*own, "contract_id", "milestone_id", "payout_id")},
        "contract_id": line.job.contract_id if line.job else row.contract_id,
        "words": str(row.sentence),
        "work": line.job.words if line.job else "",
        "account": row.account.of.name,
        "account_title": str(row.account.of.title),
        "rule": line.rule,
    }


def journal(opened: OpenJournal) -> dict[str, Any]:
    """A whole journal (`JournalShape`)."""
    view = opened.view
    own = ("id", "kind", "occurred_at", "posted_at", "reason", "reverses_id", "milestone_id", "payout_id")
    return {
        **{name: getattr(view, name) for name in own},
        "contract_id": opened.job.contract_id if opened.job else view.contract_id,
        "words": str(view.sentence),
        "work": opened.job.words if opened.job else "",
        "rule": opened.rule,
        "policy_version": opened.policy_version,
        "lines": [
            {
                "account": line.account.of.name,
                "account_title": str(line.account.of.title),
                "amount_yen": line.amount_yen,
                "rule": line.rule,
                "note": str(line.note) if line.note else None,
                "is_mine": line.is_mine,
            }
            for line in opened.lines
        ],
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


def card_payment(row: CardPayment) -> dict[str, Any]:
    """A payment by card (`CardPaymentShape`)."""
    own = ("state", "amount_yen", "refunded_yen", "code")
    was_refused = row.state in ("declined", "expired") or bool(row.code)
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in own},
        "hosted_url": row.hosted_url if row.state == "open" else "",
        "reason": str(why_not_paid(row.code)) if was_refused else None,
        "ends_at": row.give_up_at if row.state in ("recorded", "sent", "unknown") else row.due_at,
    }
