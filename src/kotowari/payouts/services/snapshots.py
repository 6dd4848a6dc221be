"""A payout's destination: the account, and a copy of what may be read in plain."""

from kotowari.payouts.models import BankAccount, Payout

_PLAIN = ("bank_code", "bank_name", "bank_kana", "branch_code", "branch_name", "branch_kana", "account_kind")
DESTINATION_COLUMNS = ("account", *_PLAIN)
"""What `point_to` sets, for saving."""


def point_to(payout: Payout, account: BankAccount) -> None:
    """Let a payout go to this account. Does not save."""
    payout.account = account
    for name in _PLAIN:
        setattr(payout, name, getattr(account, name))
