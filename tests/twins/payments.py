from dataclasses import fields
from datetime import timedelta

from tests.twins import Twin
from tests.twins.contracts import ID, NOW, milestone

from kotowari.kernel.text import Text
from kotowari.payments import gates


def deposit(**changes: object) -> gates.DepositFacts:
    own = {"role": "staff", "now": NOW, "state": "in_suspense", "remaining_yen": 11_000, "decide_by": NOW}
    return gates.DepositFacts(**{**own, **changes})


def matching(**changes: object) -> gates.MatchFacts:
    own = {
        "role": "staff",
        "now": NOW,
        "state": "in_suspense",
        "remaining_yen": 11_000,
        "decide_by": NOW,
        "milestone_state": "awaiting_funding",
        "contract_url": f"/contracts/{ID}/",
        "needed_yen": 11_000,
        "pool_yen": 11_000,
    }
    return gates.MatchFacts(**{**own, **changes})


def pay_in(**changes: object) -> gates.PayInFacts:
    shared = milestone(milestone_state="awaiting_funding")
    own = {f.name: getattr(shared, f.name) for f in fields(shared)}
    return gates.PayInFacts(**{**own, "has_account": True, "is_demo": True, **changes})


def by_card(**changes: object) -> gates.PayByCardFacts:
    shared = milestone(milestone_state="awaiting_funding")
    own = {f.name: getattr(shared, f.name) for f in fields(shared)}
    about = {"has_processor": True, "amount_yen": 11_000, "card_max_yen": 11_000, "under_way": None, "dispute": None}
    return gates.PayByCardFacts(**{**own, **about, **changes})


def card(**changes: object) -> gates.CardFacts:
    own = {"role": "system", "now": NOW, "state": "sent", "due_at": NOW, "give_up_at": NOW, "url": "/contracts/"}
    return gates.CardFacts(**{**own, **changes})


def refund(**changes: object) -> gates.SendRefundFacts:
    own = {f.name: getattr(card(state="recorded"), f.name) for f in fields(gates.CardFacts)}
    return gates.SendRefundFacts(**{**own, "dispute": None, **changes})


def dispute(**changes: object) -> gates.DisputeFacts:
    own = {"role": "staff", "state": "lost", "cards_allowed": False, "url": "/console/cards/disputes/x/"}
    return gates.DisputeFacts(**{**own, **changes})


OPEN = gates.Standing(state="opened", until=NOW)
LOST = gates.Standing(state="lost", until=None)


def processors(**changes: object) -> gates.ProcessorFacts:
    own = {f.name: getattr(deposit(), f.name) for f in fields(gates.DepositFacts)}
    return gates.ProcessorFacts(**{**own, "owed_yen": 12_000, "claimed_yen": 12_000, **changes})


def own_money(**changes: object) -> gates.OwnMoneyFacts:
    own = {f.name: getattr(deposit(), f.name) for f in fields(gates.DepositFacts)}
    return gates.OwnMoneyFacts(**{**own, "is_a_clients": False, **changes})


STAFF = gates.OperatorFacts(role="staff")
CLOCK = gates.OperatorFacts(role="system")
NOT_STAFF = {"not_your_step": ("role", "other")}
NOT_CLOCK = {"not_your_step": ("role", "staff")}

TWINS = [
    Twin(gates.SEE_DEPOSITS, STAFF, NOT_STAFF),
    Twin(gates.SEE_DEPOSIT, deposit(role="client"), NOT_STAFF),
    Twin(
        gates.IMPORT,
        gates.ImportFacts(role="staff", has_account=True, account_problems=()),
        {**NOT_STAFF, "no_operator_account": ("has_account", False)},
    ),
    Twin(
        gates.IMPORT,
        gates.ImportFacts(role="system", has_account=True, account_problems=(Text("番号", "number"),)),
        {"no_operator_account": ("has_account", False)},
    ),
    Twin(
        gates.MATCH,
        matching(),
        {
            **NOT_STAFF,
            "is_sent_back": ("state", "sent_back"),
            "milestone_not_awaiting": ("milestone_state", "cancelled"),
            "amount_too_small": ("pool_yen", 10_999),
        },
    ),
    Twin(gates.MATCH, matching(state="to_send_back", milestone_state=None), {"is_matched": ("state", "matched")}),
    Twin(gates.SEND_BACK, deposit(), {**NOT_STAFF, "is_sent_back": ("state", "sent_back")}),
    Twin(
        gates.LAPSE,
        deposit(role="system"),
        {
            **NOT_CLOCK,
            "not_in_suspense": ("state", "to_send_back"),
            "not_due": ("decide_by", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(gates.RECONSIDER, CLOCK, NOT_CLOCK),
    Twin(gates.REMIND, CLOCK, NOT_CLOCK),
    Twin(
        gates.EXPLAIN_CANCELLATION,
        gates.CancellationFacts(role="staff", state="open"),
        {**NOT_STAFF, "already_explained": ("state", "applied")},
    ),
    Twin(
        gates.SEE_INSTRUCTION,
        pay_in(),
        {
            "not_your_step": ("role", "worker"),
            "contract_closed": ("state", "ended"),
            "is_funded": ("milestone_state", "funded"),
            "no_operator_account": ("has_account", False),
        },
    ),
    Twin(
        gates.LET_BANK_SEND,
        pay_in(),
        {
            "not_your_step": ("role", "worker"),
            "no_operator_account": ("has_account", False),
            "not_a_demo": ("is_demo", False),
        },
    ),
    Twin(
        gates.PAY_BY_CARD,
        by_card(),
        {
            "not_your_step": ("role", "worker"),
            "contract_closed": ("state", "ended"),
            "is_funded": ("milestone_state", "funded"),
            "no_cards_taken": ("has_processor", False),
            "too_much_for_card": ("amount_yen", 11_001),
            "card_under_way": ("under_way", gates.UnderWay(id=ID, state="open", due_at=NOW)),
            "dispute_open": ("dispute", OPEN),
            "dispute_lost": ("dispute", LOST),
        },
    ),
    Twin(gates.SEE_CARDS, STAFF, NOT_STAFF),
    Twin(gates.SEE_CARD, card(role="client"), NOT_STAFF),
    Twin(
        gates.ASK_CARD,
        card(role="client", state="unknown"),
        {**NOT_STAFF, "is_succeeded": ("state", "succeeded"), "is_refunded": ("state", "refunded")},
    ),
    Twin(gates.SEND_CARD, card(state="recorded"), {**NOT_CLOCK, "sent_already": ("state", "sent")}),
    Twin(gates.SETTLE_CARD, card(), {**NOT_CLOCK, "is_succeeded": ("state", "succeeded")}),
    Twin(
        gates.LAPSE_CARD,
        card(),
        {
            **NOT_CLOCK,
            "has_no_deadline": ("state", "set_aside"),
            "not_due": ("due_at", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(gates.LAPSE_CARD, card(state="unknown"), {"not_due": ("give_up_at", NOW + timedelta(seconds=1))}),
    Twin(gates.CLOSE_CARD, card(role="staff", state="set_aside"), {**NOT_STAFF, "not_set_aside": ("state", "unknown")}),
    Twin(
        gates.REFUND_CARD,
        gates.RefundCardFacts(role="system", state="succeeded", held_yen=1),
        {**NOT_CLOCK, "nothing_held": ("held_yen", 0)},
    ),
    Twin(
        gates.SEND_REFUND,
        refund(),
        {
            **NOT_CLOCK,
            "sent_already": ("state", "sent"),
            "dispute_open": ("dispute", OPEN),
            "dispute_lost": ("dispute", LOST),
        },
    ),
    Twin(gates.SEE_DISPUTE, dispute(), NOT_STAFF),
    Twin(gates.ASK_DISPUTE, dispute(), NOT_STAFF),
    Twin(gates.SETTLE_DISPUTE, dispute(role="system"), NOT_CLOCK),
    Twin(
        gates.ALLOW_CARDS,
        dispute(),
        {**NOT_STAFF, "not_lost": ("state", "opened"), "allowed_already": ("cards_allowed", True)},
    ),
    Twin(
        gates.SETTLE_REFUND,
        card(),
        {
            **NOT_CLOCK,
            "is_succeeded": ("state", "succeeded"),
            "is_failed": ("state", "failed"),
            "is_replaced": ("state", "replaced"),
        },
    ),
    Twin(
        gates.LAPSE_REFUND,
        card(),
        {
            **NOT_CLOCK,
            "has_no_deadline": ("state", "recorded"),
            "not_due": ("due_at", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(
        gates.CLOSE_REFUND, card(role="staff", state="set_aside"), {**NOT_STAFF, "not_set_aside": ("state", "unknown")}
    ),
    Twin(
        gates.KNOW_PROCESSOR,
        processors(),
        {**NOT_STAFF, "is_matched": ("state", "matched"), "more_than_owed": ("claimed_yen", 12_001)},
    ),
    Twin(
        gates.KNOW_OWN,
        own_money(),
        {**NOT_STAFF, "is_matched": ("state", "matched"), "is_a_clients": ("is_a_clients", True)},
    ),
    Twin(gates.REOPEN, deposit(state="own"), {**NOT_STAFF, "not_the_operators": ("state", "from_processor")}),
    Twin(
        gates.HEAR,
        gates.HearFacts(has_processor=True, is_genuine=True),
        {"no_cards_taken": ("has_processor", False), "signature_wrong": ("is_genuine", False)},
    ),
]
