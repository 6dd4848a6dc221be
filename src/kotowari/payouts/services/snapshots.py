"""A payout's destination, copied from an account and sealed for its own row."""

from kotowari.payouts.models import BankAccount, Payout

_PLAIN = ("bank_code", "bank_name", "bank_kana", "branch_code", "branch_name", "branch_kana", "account_kind")
DESTINATION_COLUMNS = ("account", *_PLAIN, "number_sealed", "holder_sealed")
"""What `point_to` sets, for saving."""


def point_to(payout: Payout, account: BankAccount) -> None:
    """Let a payout go to this account. Does not save."""
    payout.account_id = account.pk
    for name in _PLAIN:
        setattr(payout, name, getattr(account, name))
    payout.account_number, payout.holder_kana = account.number, account.holder_kana
