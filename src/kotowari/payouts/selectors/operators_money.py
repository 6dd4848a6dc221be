"""How much of what lies in the account is the operator's own: the bank's balance less what members are owed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.accounts import ACCOUNT_CLASSES, CARD_CLEARINGS, CARD_DISPUTED
from kotowari.payments import selectors as payments
from kotowari.payouts.models import BankEntry
from kotowari.payouts.selectors.reconciling import opening_balance

OF_MEMBERS = sorted(name for name, each in ACCOUNT_CLASSES.items() if each.kind == "liability" and each.owner_kind)
"""Classes of accounts that hold what is somebody else's; tax is owed as well, but not to members."""


@dataclass(frozen=True, slots=True)
class OperatorsMoney:
    """All in yen. `bank_yen` is what the bank says, with its lines since; where it said nothing, what the books say.

    `members_yen` is what members are owed, `processors_yen` the part of it that card processors still hold, and
    `disputed_yen` what those took back in disputes that may still be won: it is not the operator's to spend, nor is it
    missing yet. `unknown_yen` went out by lines that nobody has explained; `tax_yen` is consumption tax still to be paid.
    """

    bank_yen: int
    bank_says_on: date | None
    members_yen: int
    processors_yen: int
    disputed_yen: int
    tax_yen: int
    unknown_yen: int

    @property
    def own_yen(self) -> int:
        """What is the operator's; below zero, members' money is missing in the account."""
        return self.bank_yen - self.members_yen + self.processors_yen

    @property
    def to_take_out_yen(self) -> int:
        """What can be taken out and leaves members' money and the tax in the account, whatever processors still hold."""
        in_account_yen = min(self.own_yen, self.bank_yen - self.members_yen)
        return max(in_account_yen - max(self.tax_yen, 0), 0)

    @property
    def short_yen(self) -> int:
        """What members' money is short of, disputes and lines that may be transfers of theirs left aside (L12)."""
        return max(-(self.own_yen + self.disputed_yen + self.unknown_yen), 0)

    @property
    def is_short(self) -> bool:
        return self.short_yen > 0

    def short_if_own(self, entry: BankEntry) -> int:
        """What would be missing if an open line was no member's transfer."""
        explained_yen = entry.amount_yen if entry.state == "open" and entry.direction == "out" else 0
        return max(-(self.own_yen + self.disputed_yen + self.unknown_yen - explained_yen), 0)


def operators_money() -> OperatorsMoney:
    """As the bank and the books stand now: five queries."""
    totals = ledger.totals_by_class()
    told = payments.newest_balance()
    if told is not None:
        bank_yen = told.closing_yen + payments.moved_yen(since=told)
    else:
        opening = opening_balance()
        held = (accounts.bank_deposits(), accounts.bank_payouts())
        bank_yen = (opening.amount_yen if opening else 0) - sum(totals.get(each.of.name, 0) for each in held)
    unknown = BankEntry.objects.filter(state="open", direction="out").aggregate(yen=Sum("amount_yen"))
    return OperatorsMoney(
        bank_yen=bank_yen,
        bank_says_on=told.to_on if told else None,
        members_yen=sum(totals.get(name, 0) for name in OF_MEMBERS),
        processors_yen=-sum(totals.get(each.name, 0) for each in CARD_CLEARINGS.values()),
        disputed_yen=-totals.get(CARD_DISPUTED.name, 0),
        tax_yen=totals.get(accounts.consumption_tax_payable().of.name, 0),
        unknown_yen=unknown["yen"] or 0,
    )
