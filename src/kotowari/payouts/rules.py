"""By which rule a payout was made, and by which each thing that is taken off."""

from kotowari.foundation.policy.keys import KEYS
from kotowari.kernel import clock
from kotowari.ledger import accounts
from kotowari.ledger.accounts import AccountClass
from kotowari.payouts.models import Payout
from kotowari.payouts.reasons import LAPSED
from kotowari.pricing import PayoutTerms
from kotowari.pricing.payouts import RULES_OF_METHODS

_BY_KIND = {"quick": "A053", "expiry": "A043", "refund": "A046"}
QUICK_FEE = "A055"
TRANSFER_FEE = "A052"
_BY_LINE = {
    accounts.FEE_INCOME.name: KEYS["fees.system_tiers"].rule or "fees.system_tiers",
    accounts.CONSUMPTION_TAX.name: KEYS["tax.consumption_permille"].rule or "tax.consumption_permille",
    accounts.TRANSFER_FEE_INCOME.name: TRANSFER_FEE,
    accounts.QUICK_FEE_INCOME.name: QUICK_FEE,
}


def rule_of(payout: Payout) -> str:
    """The rule by which a payout was made."""
    return _BY_KIND.get(payout.kind) or RULES_OF_METHODS.get(payout.method, "A046")


def rule_of_stop(payout: Payout) -> str:
    """The rule behind a transfer that is held, came back or was called off; none where staff decided with a reason."""
    is_about_account = payout.state == "held" or (payout.reason or {}).get("code") == LAPSED.code
    return "A153" if is_about_account else "P010" if payout.state == "returned" else ""


def version_of(payout: Payout) -> str:
    """The policy under which a payout was made: that of its closing, or of the day it was asked for."""
    asked_on = clock.tokyo(payout.requested_at).date()
    return PayoutTerms.in_force(payout.closing.closes_on if payout.closing else asked_on).policy_version


def rule_of_line(account_class: AccountClass, payout: Payout | None) -> str:
    """The rule behind one line of a journal: of what is taken off its own, of the payout itself the payout's."""
    taken = _BY_LINE.get(account_class.name)
    return taken or (rule_of(payout) if payout and account_class is accounts.PAYOUT_IN_FLIGHT else "")
