"""Kinds and numbers of Japanese bank accounts, as every bank file writes them."""

from enum import IntEnum
from typing import Final

from kotowari.kernel.errors import InputError
from kotowari.kernel.kana import fold_digits
from kotowari.kernel.text import Text

ACCOUNT_NUMBER_DIGITS: Final = 7


class AccountKind(IntEnum):
    """預金種目: the number is the code in the files."""

    ORDINARY = 1
    CURRENT = 2
    TAX_RESERVE = 3
    SAVINGS = 4
    NOTICE = 5
    TIME = 6
    INSTALMENT_TIME = 7
    INSTALMENT = 8
    OTHER = 9

    @property
    def label(self) -> Text:
        """The kind's name."""
        return _LABELS[self]


_LABELS: Final = {
    AccountKind.ORDINARY: Text("普通", "ordinary"),
    AccountKind.CURRENT: Text("当座", "current"),
    AccountKind.TAX_RESERVE: Text("納税準備", "tax reserve"),
    AccountKind.SAVINGS: Text("貯蓄", "savings"),
    AccountKind.NOTICE: Text("通知", "notice"),
    AccountKind.TIME: Text("定期", "time"),
    AccountKind.INSTALMENT_TIME: Text("積立定期", "instalment time"),
    AccountKind.INSTALMENT: Text("定期積金", "instalment savings"),
    AccountKind.OTHER: Text("その他", "other"),
}

PAYER_KINDS: Final = (AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.OTHER)
"""What an account that sends a bulk transfer may be."""

PAYEE_KINDS: Final = (AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.OTHER)
"""What an account that receives a bulk transfer may be."""


def normalise_account_number(typed: str, *, field: str = "account_number") -> str:
    """Seven digits: width, spaces and dashes are folded away, missing leading zeros are filled in.

    Raises `InputError` under `field` when what was typed is no account number.
    """
    digits = fold_digits(typed)
    if not digits:
        raise InputError({field: [Text("口座番号を入力してください。", "Enter the account number.")]})
    if not (digits.isascii() and digits.isdigit()):
        wrong = next(ch for ch in digits if not (ch.isascii() and ch.isdigit()))
        raise InputError(
            {
                field: [
                    Text(
                        f"口座番号に使えるのは数字だけです(「{wrong}」は使えません)。例: 1234567",
                        f"An account number has digits only (“{wrong}” cannot be used). Example: 1234567",
                    )
                ]
            }
        )
    if len(digits) > ACCOUNT_NUMBER_DIGITS:
        raise InputError(
            {
                field: [
                    Text(
                        f"口座番号は7桁です({len(digits)}桁入力されています)。ゆうちょ銀行の場合は記号と番号で入力してください。",
                        f"An account number has 7 digits ({len(digits)} were entered). For Japan Post Bank, "
                        "use its symbol and number.",
                    )
                ]
            }
        )
    if not digits.strip("0"):
        raise InputError(
            {field: [Text("口座番号がすべて0です。通帳をご確認ください。", "The account number is all zeros.")]}
        )
    return digits.zfill(ACCOUNT_NUMBER_DIGITS)
