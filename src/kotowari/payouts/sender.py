"""The header of our bank files: the operator's account, its number with the bank, and how the bank wants the file.

The account itself is `foundation.operator`'s; what only a transfer needs stands here, in the environment as well.
"""

import os
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kotowari.foundation.operator import CODE, operator_bank_account
from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.kana import fold_digits
from kotowari.kernel.text import Text
from kotowari.payouts import zengin
from kotowari.payouts.destinations import bank_directory

CLIENT_CODE = "KOTOWARI_BANK_CLIENT_CODE"
"""委託者コード: the number under which the bank knows who sends."""

PROFILE = {
    "record_limit": "KOTOWARI_BANK_RECORD_LIMIT",
    "daily_limit_yen": "KOTOWARI_BANK_DAILY_LIMIT_YEN",
    "newline": "KOTOWARI_BANK_NEWLINE",
    "designation": "KOTOWARI_BANK_DESIGNATION",
    "clearing_house": "KOTOWARI_BANK_CLEARING_HOUSE",
    "allow_wo": "KOTOWARI_BANK_ALLOW_WO",
    "are_names_required": "KOTOWARI_BANK_NAMES_REQUIRED",
    "earliest_bank_days": "KOTOWARI_BANK_EARLIEST_BANK_DAYS",
    "latest_days": "KOTOWARI_BANK_LATEST_DAYS",
}
"""What differs from bank to bank (`zengin.BankProfile`); what is not given is as most banks want it."""

_DEMO_CLIENT_CODE = "9999999999"
_CLIENT_CODE_DIGITS = 10
_WHOLE = ("record_limit", "daily_limit_yen", "earliest_bank_days", "latest_days")
_FLAGS = ("allow_wo", "are_names_required")
_SPACES = {"designation": " ", "clearing_house": "    "}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and how the bank wants it. `problems` is what a file could not be written with."""

    header: zengin.Header
    profile: zengin.BankProfile
    problems: tuple[Text, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the run's row, from which the file is made again."""
        header = asdict(self.header) | {"transfer_on": self.header.transfer_on.isoformat()}
        return {"header": header, "profile": asdict(self.profile)}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Sender":
        """Back from the run's row."""
        header = dict(plain["header"])
        header["transfer_on"] = date.fromisoformat(header["transfer_on"])
        header["account_kind"] = AccountKind(header["account_kind"])
        return cls(zengin.Header(**header), zengin.BankProfile(**plain["profile"]))


def sender(transfer_on: date) -> Sender | None:
    """The sender as the environment gives it now; None when no account is set outside a demo."""
    account = operator_bank_account()
    if account is None:
        return None
    problems = list(account.problems)
    profile = _profile(problems)
    bank = bank_directory().bank(account.bank_code)
    branch = bank_directory().branch(account.bank_code, account.branch_code)
    header = zengin.Header(
        client_code=_client_code(problems),
        client_name=account.holder_kana,
        transfer_on=transfer_on,
        bank_code=account.bank_code,
        branch_code=account.branch_code,
        account_kind=account.kind,
        account_number=account.number,
        bank_name=bank.file_name if bank else "",
        branch_name=branch.file_name if branch else "",
    )
    return Sender(header, profile, tuple(problems or _file_problems(header, profile)))


def _client_code(problems: list[Text]) -> str:
    typed = os.environ.get(CLIENT_CODE, "").strip()
    if not typed and not os.environ.get(CODE, "").strip():
        typed = _DEMO_CLIENT_CODE  # the account is a demo's as well
    digits = fold_digits(typed)
    if digits.isascii() and digits.isdigit() and len(digits) <= _CLIENT_CODE_DIGITS:
        return digits.zfill(_CLIENT_CODE_DIGITS)
    problems.append(_must_be(CLIENT_CODE, Text("数字10桁以内", "at most 10 digits")))
    return "0" * _CLIENT_CODE_DIGITS


def _profile(problems: list[Text]) -> zengin.BankProfile:
    changes: dict[str, Any] = {}
    for field, variable in PROFILE.items():
        typed = os.environ.get(variable, "").strip()
        if not typed:
            continue
        if field in _WHOLE:
            if not (typed.isascii() and typed.isdigit()):
                problems.append(_must_be(variable, Text("0以上の整数", "a whole number")))
                continue
            changes[field] = int(typed)
        elif field in _FLAGS:
            changes[field] = typed.lower() in {"1", "true", "yes", "on"}
        else:
            changes[field] = _SPACES[field] if typed == "space" and field in _SPACES else typed
    try:
        return zengin.BankProfile(**changes)
    except ValueError as error:
        problems.append(Text(f"KOTOWARI_BANK_*: {error}", f"KOTOWARI_BANK_*: {error}"))
        return zengin.STANDARD


def _file_problems(header: zengin.Header, profile: zengin.BankProfile) -> list[Text]:
    try:
        zengin.write(header, [], profile)
    except zengin.CannotWrite as error:
        return [Text(f"{p.message.ja}{p.remedy.ja}", f"{p.message.en} {p.remedy.en}") for p in error.problems]
    return []


def _must_be(variable: str, right: Text) -> Text:
    return Text(f"{variable} は{right.ja}で設定してください。", f"{variable} must be {right.en}.")
