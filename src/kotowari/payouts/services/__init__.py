"""The commands of payouts, one module per part of a payout's life."""

from kotowari.payouts.services.accounts import choose_method, set_bank_account
from kotowari.payouts.services.booking import BOOKABLE, book_entry, reopen_entry
from kotowari.payouts.services.closing import begin_closing, close, finish_closing, gather_refunds, gather_rewards
from kotowari.payouts.services.expiring import expire_rewards
from kotowari.payouts.services.filing import write_run_file
from kotowari.payouts.services.holders import (
    approve_holder,
    compare_holder,
    contest_holder,
    lapse_holder,
    refuse_holder,
)
from kotowari.payouts.services.quick import make_quick_runs, request_quick_payout, tell_late
from kotowari.payouts.services.reconciling import explain_difference, reconcile, tell_opening_balance
from kotowari.payouts.services.reminding import remind_operator
from kotowari.payouts.services.reviving import restore_reward, revive_reward
from kotowari.payouts.services.runs import make_run
from kotowari.payouts.services.settling import settle_payout, settle_run
from kotowari.payouts.services.statements import match_outgoing, match_returned, set_entry_aside
from kotowari.payouts.services.undoing import cancel_payout, lapse_hold, return_payout

__all__ = [
    "BOOKABLE",
    "approve_holder",
    "begin_closing",
    "book_entry",
    "cancel_payout",
    "choose_method",
    "close",
    "compare_holder",
    "contest_holder",
    "expire_rewards",
    "explain_difference",
    "finish_closing",
    "gather_refunds",
    "gather_rewards",
    "lapse_hold",
    "lapse_holder",
    "make_quick_runs",
    "make_run",
    "match_outgoing",
    "match_returned",
    "reconcile",
    "refuse_holder",
    "remind_operator",
    "reopen_entry",
    "request_quick_payout",
    "restore_reward",
    "return_payout",
    "revive_reward",
    "set_bank_account",
    "set_entry_aside",
    "settle_payout",
    "settle_run",
    "tell_late",
    "tell_opening_balance",
    "write_run_file",
]
