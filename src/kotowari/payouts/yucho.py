"""ゆうちょ銀行: its own symbol and number (記号・番号) as the branch and account that other banks use.

The bank's rule. A symbol that begins with 1 is an ordinary account: the second and third digits and an 8 make
the branch, and the number without its last digit, which is always 1, is the account. A symbol that begins with
0 is a transfer account (振替口座): the same two digits and a 9 make the branch, the whole number is the account,
and the kind is 当座. A single digit that stands between the two (00100-1-12345) is not used.
"""

import re
from dataclasses import dataclass
from typing import Final

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.errors import InputError
from kotowari.kernel.kana import nfkc
from kotowari.kernel.text import Text
from kotowari.payouts.banks import YUCHO_BANK_CODE, BankDirectory, Branch, directory

_SEPARATORS: Final = re.compile(r"[\s\-‐‑‒–—―−ー]+")


@dataclass(frozen=True, slots=True)
class YuchoAccount:
    """The account as other banks know it, and the symbol and number that it was made from."""

    symbol: str
    number: str
    branch: Branch
    account_kind: AccountKind
    account_number: str

    @property
    def bank_code(self) -> str:
        """Always ゆうちょ's."""
        return YUCHO_BANK_CODE

    @property
    def explanation(self) -> Text:
        """What the person is asked to confirm."""
        return Text(
            "記号{symbol} 番号{number} → ゆうちょ銀行 {branch}(店番{code}) {kind} {account}",
            "Symbol {symbol}, number {number} → Japan Post Bank, branch {code} ({branch}), {kind} account {account}",
        ).format(
            symbol=self.symbol,
            number=self.number,
            branch=self.branch.display_name,
            code=self.branch.code,
            kind=self.account_kind.label,
            account=self.account_number,
        )


def from_symbol_and_number(
    symbol: str, number: str, *, is_savings: bool = False, banks: BankDirectory | None = None
) -> YuchoAccount:
    """The account behind a symbol and a number as printed in the passbook.

    `is_savings` is the holder's word that it is 通常貯蓄貯金. Raises `InputError` on `yucho_symbol` or
    `yucho_number`, telling both fields' faults at once.
    """
    code, symbol_fault = _read_symbol(symbol)
    digits, number_fault = _read_number(number, code)
    faults = {
        name: [fault] for name, fault in (("yucho_symbol", symbol_fault), ("yucho_number", number_fault)) if fault
    }
    if faults:
        raise InputError(faults)
    is_transfer_account = code[0] == "0"
    branch_code = code[1:3] + ("9" if is_transfer_account else "8")
    branch = (banks or directory()).branch(YUCHO_BANK_CODE, branch_code)
    if branch is None:
        raise InputError(
            {
                "yucho_symbol": [
                    Text(
                        f"記号{code}に当たる支店(店番{branch_code})がありません。通帳の記号を確認してください。",
                        f"There is no branch {branch_code} for symbol {code}. Check the symbol in the passbook.",
                    )
                ]
            }
        )
    if is_transfer_account:
        return YuchoAccount(code, digits, branch, AccountKind.CURRENT, digits.zfill(7))
    kind = AccountKind.SAVINGS if is_savings else AccountKind.ORDINARY
    return YuchoAccount(code, digits, branch, kind, digits.zfill(8)[:7])


def looks_like_symbol(typed: str) -> bool:
    """Whether five digits beginning with 0 or 1 were typed where a branch was asked for."""
    return re.fullmatch(r"[01][0-9]{4}", nfkc(typed).strip()) is not None


def _read_symbol(typed: str) -> tuple[str, Text | None]:
    """The five digits, or what is wrong. A sixth digit (the one in the middle) is dropped."""
    joined = _SEPARATORS.sub("", nfkc(typed))
    if not joined:
        return "", Text("記号を入力してください(5桁)。", "Enter the symbol (5 digits).")
    if not (joined.isascii() and joined.isdigit()) or len(joined) not in (5, 6):
        return "", Text(
            f"記号は5桁の数字です(「{typed.strip()}」が入力されています)。例: 10530",
            f"A symbol has 5 digits (“{typed.strip()}” was entered). Example: 10530",
        )
    if joined[0] not in "01":
        return "", Text(
            f"記号は0か1で始まります(「{joined[0]}」で始まっています)。",
            f"A symbol begins with 0 or 1 (this one with {joined[0]}).",
        )
    return joined[:5], None


def _read_number(typed: str, symbol: str) -> tuple[str, Text | None]:
    parts = [part for part in _SEPARATORS.split(nfkc(typed).strip()) if part]
    if len(parts) == 2 and len(parts[0]) == 1:
        parts = parts[1:]
    joined = "".join(parts)
    if not joined:
        return "", Text("番号を入力してください。", "Enter the number.")
    if not (joined.isascii() and joined.isdigit()):
        return "", Text(
            f"番号は数字だけです(「{typed.strip()}」が入力されています)。",
            f"The number has digits only (“{typed.strip()}” was entered).",
        )
    most = 7 if symbol.startswith("0") else 8
    if len(joined) > most:
        return "", Text(
            f"番号は{most}桁以内です({len(joined)}桁入力されています)。",
            f"The number has at most {most} digits ({len(joined)} were entered).",
        )
    if not joined.strip("0"):
        return "", Text("番号がすべて0です。通帳を確認してください。", "The number is all zeros. Check the passbook.")
    if symbol.startswith("1") and (len(joined) < 2 or joined[-1] != "1"):
        return "", Text(
            f"記号が1で始まる口座の番号は、末尾が必ず1です(「{joined}」が入力されています)。末尾の1まで入力してください。",
            f"With a symbol that begins with 1 the number always ends in 1 (“{joined}” was entered). "
            "Enter it with its last 1.",
        )
    return joined, None
