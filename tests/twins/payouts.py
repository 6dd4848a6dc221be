from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from tests.twins import Twin

from kotowari.accounts.restrictions import InForce
from kotowari.kernel.text import Text
from kotowari.payouts import gates

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
ID = UUID(int=7)
HOLD = InForce(id=ID, cause="not_me", since=NOW, until=NOW + timedelta(days=14))
OWN = gates.OwnFacts(signed_in=True)
OWN_REFUSED = {
    "sign_in_needed": ("signed_in", False),
    "is_staff": ("is_staff", True),
    "has_left": ("left_at", NOW),
}
RECEIVE = {
    "has_account": True,
    "account_fault": None,
    "available_yen": 1000,
    "method": "standard",
    "method_name": Text("随時出金", "standard"),
    "minimum_yen": 1000,
    "standard_minimum_yen": 1000,
    "net_yen": 900,
    "closes_on": date(2026, 11, 30),
    "pays_on": date(2026, 12, 15),
    "in_flight": (),
}
IN_FLIGHT = gates.InFlight(net_yen=5000, pays_on=date(2026, 12, 15))


def receive(**changes: object) -> gates.ReceiveFacts:
    return gates.ReceiveFacts(**{**RECEIVE, **changes})


CLOSE = gates.CloseFacts(
    role="system",
    now=NOW,
    closes_on=date(2026, 11, 30),
    ends_at=NOW,
    is_closing_day=True,
    near=(date(2026, 11, 15), date(2026, 12, 15)),
)


def run(**changes: object) -> gates.RunFacts:
    usual = {
        "role": "staff",
        "run_id": ID,
        "state": "ready",
        "transfers": 2,
        "total_yen": 9000,
        "daily_limit_yen": 9000,
        "has_sender": True,
        "sender_problems": (),
    }
    return gates.RunFacts(**{**usual, **changes})


def payout(state: str, **changes: object) -> gates.PayoutFacts:
    return gates.PayoutFacts(**{"role": "staff", "now": NOW, "state": state, "lapses_at": None, **changes})


def holder(state: str, **changes: object) -> gates.HolderFacts:
    return gates.HolderFacts(**{"role": "staff", "now": NOW, "state": state, "lapses_at": NOW, **changes})


NOT_STAFF = {"not_your_step": ("role", "owner")}

QUICK = {
    "has_account": True,
    "account_fault": None,
    "signed_in": True,
    "is_offered": True,
    "method": "carry_over",
    "only_with_carry_over": True,
    "amount_yen": 520,
    "free_yen": 520,
    "promised_yen": 0,
    "promised_on": date(2026, 12, 15),
    "today": date(2026, 12, 1),
    "next_pays_on": date(2026, 12, 30),
    "minimum_yen": 520,
    "net_yen": 502,
    "quick_in_flight": None,
}


def quick(**changes: object) -> gates.QuickFacts:
    return gates.QuickFacts(**{**QUICK, **changes})


UNPAYABLE = {
    "held": ("held", HOLD),
    "no_bank_account": ("has_account", False),
    "account_unusable": ("account_fault", Text("支店がありません。", "There is no such branch.")),
}
TWINS = [
    Twin(gates.BE_PAID, gates.RefundFacts(has_account=True, account_fault=None), UNPAYABLE),
    Twin(
        gates.QUICK,
        quick(),
        {
            **OWN_REFUSED,
            **UNPAYABLE,
            "not_offered": ("is_offered", False),
            "closing_pays_already": ("method", "standard"),
            "quick_in_flight": ("quick_in_flight", IN_FLIGHT),
            "promised_to_closing": ("promised_yen", 1_000),
            "more_than_there_is": ("amount_yen", 521),
            "nothing_fixed": ("free_yen", 0),
            "below_minimum": ("minimum_yen", 521),
            "fees_take_all": ("net_yen", 0),
        },
    ),
    Twin(gates.EXPIRE, gates.OperatorFacts(role="system"), {"not_your_step": ("role", "staff")}),
    Twin(
        gates.MAKE_QUICK_RUN,
        gates.MakeRunFacts(role="staff", waiting=1),
        {"not_your_step": ("role", "owner"), "nothing_waits": ("waiting", 0)},
    ),
    Twin(
        gates.REVIVE,
        gates.ReviveFacts(role="owner", id=ID, state="dormant", has_account=True, account_fault=None),
        {**UNPAYABLE, "not_yours": ("role", "other"), "is_revived": ("state", "revived")},
    ),
    Twin(
        gates.RESTORE,
        gates.ExpiredFacts(role="staff", id=ID, state="forfeited"),
        {"not_your_step": ("role", "owner"), "is_restored": ("state", "restored")},
    ),
    Twin(
        gates.SET_ACCOUNT,
        gates.AccountFacts(signed_in=True, now=NOW, proved_at=NOW, proof_minutes=60, needs_name=True, has_name=True),
        {
            **OWN_REFUSED,
            "proof_needed": ("now", NOW + timedelta(minutes=60)),
            "token_proves_nothing": ("via", "token"),
            "held": ("held", HOLD),
            "name_missing": ("has_name", False),
        },
    ),
    Twin(
        gates.SET_ACCOUNT,
        gates.AccountFacts(
            signed_in=True, now=NOW, proved_at=NOW - timedelta(minutes=59), proof_minutes=60, via="sign_in"
        ),
        {"proof_needed": ("proved_at", NOW - timedelta(minutes=60))},
    ),
    Twin(gates.CHOOSE_METHOD, OWN, OWN_REFUSED),
    Twin(gates.SEE, gates.SeeFacts(may_see=True), {"not_yours": ("may_see", False)}),
    Twin(
        gates.RECEIVE,
        receive(),
        {
            "nothing_fixed": ("available_yen", 0),
            "carry_over_chosen": ("method", "carry_over"),
            "paid_on_request": ("method", "quick"),
            "below_minimum": ("available_yen", 999),
            "fee_takes_all": ("net_yen", 0),
            "held": ("held", HOLD),
            "no_bank_account": ("has_account", False),
            "account_unusable": ("account_fault", Text("支店がありません。", "There is no such branch.")),
        },
    ),
    Twin(gates.RECEIVE, receive(in_flight=(IN_FLIGHT,)), {"in_flight": ("available_yen", 0)}),
    Twin(gates.RECEIVE, receive(method="threshold"), {"below_minimum": ("minimum_yen", 50_000)}),
    Twin(
        gates.CLOSE,
        CLOSE,
        {
            **NOT_STAFF,
            "no_closing_day": ("is_closing_day", False),
            "not_due": ("now", NOW - timedelta(seconds=1)),
        },
    ),
    Twin(gates.SEE_RUNS, gates.OperatorFacts(role="staff"), NOT_STAFF),
    Twin(
        gates.MAKE_RUN,
        gates.MakeRunFacts(role="staff", waiting=1),
        {**NOT_STAFF, "nothing_waits": ("waiting", 0)},
    ),
    Twin(
        gates.FILE,
        run(),
        {
            **NOT_STAFF,
            "is_done": ("state", "done"),
            "is_dissolved": ("state", "dissolved"),
            "no_transfers": ("transfers", 0),
            "no_sending_account": ("has_sender", False),
            "sending_account_wrong": ("sender_problems", (Text("名義が空です。", "The name is empty."),)),
            "over_daily_limit": ("total_yen", 9001),
        },
    ),
    Twin(gates.SETTLE_RUN, run(state="handed_over"), {**NOT_STAFF, "is_ready": ("state", "ready")}),
    Twin(
        gates.SETTLE,
        payout("in_file"),
        {**NOT_STAFF, "is_requested": ("state", "requested"), "is_settled": ("state", "settled")},
    ),
    Twin(
        gates.RETURN,
        payout("settled"),
        {**NOT_STAFF, "is_held": ("state", "held"), "is_returned": ("state", "returned")},
    ),
    Twin(gates.CANCEL, payout("requested"), {**NOT_STAFF, "is_in_file": ("state", "in_file")}),
    Twin(
        gates.LAPSE,
        payout("held", role="system", lapses_at=NOW),
        {
            "not_your_step": ("role", "staff"),
            "is_requested": ("state", "requested"),
            "not_due": ("lapses_at", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(gates.MATCH, gates.OperatorFacts(role="system"), NOT_STAFF),
    Twin(
        gates.SET_ASIDE,
        gates.EntryFacts(role="staff", state="open"),
        {**NOT_STAFF, "is_matched": ("state", "matched")},
    ),
    Twin(
        gates.BOOK,
        gates.BookFacts(role="staff", state="open", direction="out"),
        {**NOT_STAFF, "is_set_aside": ("state", "set_aside"), "came_back": ("direction", "back")},
    ),
    Twin(
        gates.REOPEN,
        gates.EntryFacts(role="staff", state="booked"),
        {**NOT_STAFF, "is_matched": ("state", "matched")},
    ),
    *(
        Twin(
            action,
            holder("open"),
            {**NOT_STAFF, "is_approved": ("state", "approved"), "refused_it": ("refused_it", True)},
        )
        for action in (gates.APPROVE_HOLDER, gates.REFUSE_HOLDER)
    ),
    Twin(gates.SEE_HOLDER, holder("open"), NOT_STAFF),
    Twin(
        gates.CONTEST_HOLDER,
        holder("refused", role="owner"),
        {"not_yours": ("role", "staff"), "is_upheld": ("state", "upheld")},
    ),
    Twin(
        gates.LAPSE_HOLDER,
        holder("contested", role="system"),
        {
            "not_your_step": ("role", "staff"),
            "is_refused": ("state", "refused"),
            "not_due": ("lapses_at", NOW + timedelta(seconds=1)),
        },
    ),
    Twin(gates.COMPARE_HOLDER, gates.OperatorFacts(role="system"), {"not_your_step": ("role", "staff")}),
    Twin(
        gates.BE_PAID,
        gates.RefundFacts(has_account=True, account_fault=None, fault_code="holder_differs"),
        {"holder_unconfirmed": UNPAYABLE["account_unusable"]},
    ),
    Twin(
        gates.REVIVE,
        gates.ReviveFacts(
            role="owner", id=ID, state="dormant", has_account=True, account_fault=None, fault_code="holder_differs"
        ),
        {"holder_unconfirmed": UNPAYABLE["account_unusable"]},
    ),
    Twin(gates.RECEIVE, receive(fault_code="holder_differs"), {"holder_unconfirmed": UNPAYABLE["account_unusable"]}),
    Twin(gates.QUICK, quick(fault_code="holder_refused"), {"holder_unconfirmed": UNPAYABLE["account_unusable"]}),
    Twin(gates.REMIND, gates.OperatorFacts(role="system"), {"not_your_step": ("role", "staff")}),
    Twin(gates.RECONCILE, gates.OperatorFacts(role="system"), NOT_STAFF),
    Twin(gates.TELL_OPENING, gates.OperatorFacts(role="staff"), NOT_STAFF),
    Twin(
        gates.EXPLAIN_DIFFERENCE,
        gates.DifferenceFacts(role="staff", state="open"),
        {**NOT_STAFF, "not_open": ("state", "explained")},
    ),
]
