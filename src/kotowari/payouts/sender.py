"""The operator's own account, from which transfers are sent, and how its bank wants the file.

Read from the environment, since it is the machine room's: it belongs to the installation, not to the market's
rules. A demo, and the tests, send from an account at a bank that does not exist.
"""

import os
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.kana import FieldClass, UnusableText, fold_digits, to_bank_text
from kotowari.kernel.text import Text
from kotowari.payouts import zengin
from kotowari.payouts.destinations import bank_directory

VARIABLES = {
    "client_code": "KOTOWARI_BANK_CLIENT_CODE",
    "client_name": "KOTOWARI_BANK_CLIENT_NAME",
    "bank_code": "KOTOWARI_BANK_CODE",
    "branch_code": "KOTOWARI_BANK_BRANCH",
    "account_number": "KOTOWARI_BANK_ACCOUNT",
}
"""What every file needs, by the name of its field."""

KIND_VARIABLE = "KOTOWARI_BANK_ACCOUNT_KIND"
PROFILE_VARIABLES = {
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
"""What differs from bank to bank (`zengin.BankProfile`); without it the standard counts."""

_DEMO = {
    "client_code": "9999999999",
    "client_name": "コトワリ(ミホン)",
    "bank_code": "9999",
    "branch_code": "999",
    "account_number": "9000001",
}
_LENGTHS = {"client_code": 10, "bank_code": 4, "branch_code": 3, "account_number": 7}
_WHOLE = ("record_limit", "daily_limit_yen", "earliest_bank_days", "latest_days")
_FLAGS = ("allow_wo", "are_names_required")
_SPACES = {"designation": " ", "clearing_house": "    "}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, and how the bank wants it. `problems` is what a file could not be written with."""

    header: zengin.Header
    profile: zengin.BankProfile
    problems: tuple[Text, ...] = ()

    def on(self, transfer_on: date) -> zengin.Header:
        """The header of a file for one day."""
        return replace(self.header, transfer_on=transfer_on)

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
    """The operator's account as the environment gives it now; None when nothing is set outside a demo."""
    given = {field: os.environ.get(name, "").strip() for field, name in VARIABLES.items()}
    if not any(given.values()):
        if not (settings.DEMO or settings.TESTING):
            return None
        given = dict(_DEMO)
    problems: list[Text] = []
    profile = _profile(problems)
    values = {field: _digits(field, given[field], problems) for field in _LENGTHS}
    bank = bank_directory().bank(values["bank_code"])
    branch = bank_directory().branch(values["bank_code"], values["branch_code"])
    header = zengin.Header(
        **values,
        client_name=_name(given["client_name"], profile, problems),
        transfer_on=transfer_on,
        account_kind=_kind(problems),
        bank_name=bank.file_name if bank else "",
        branch_name=branch.file_name if branch else "",
    )
    return Sender(header, profile, tuple(problems or _file_problems(header, profile)))


def _file_problems(header: zengin.Header, profile: zengin.BankProfile) -> list[Text]:
    try:
        zengin.write(header, [], profile)
    except zengin.CannotWrite as error:
        return [Text(f"{p.message.ja}{p.remedy.ja}", f"{p.message.en} {p.remedy.en}") for p in error.problems]
    return []


def _digits(field: str, typed: str, problems: list[Text]) -> str:
    digits, length = fold_digits(typed), _LENGTHS[field]
    if digits.isascii() and digits.isdigit() and len(digits) <= length:
        return digits.zfill(length)
    problems.append(_wrong(VARIABLES[field], Text(f"数字{length}桁", f"{length} digits")))
    return "0" * length


def _name(typed: str, profile: zengin.BankProfile, problems: list[Text]) -> str:
    try:
        return to_bank_text(typed, FieldClass.PARTY_NAME, allow_wo=profile.allow_wo, limit=40)
    except UnusableText as error:
        name = VARIABLES["client_name"]
        problems += [Text(f"{name}: {p.sentence.ja}", f"{name}: {p.sentence.en}") for p in error.problems]
        return ""


def _kind(problems: list[Text]) -> AccountKind:
    typed = os.environ.get(KIND_VARIABLE, "1").strip()
    if typed in ("1", "2", "9"):
        return AccountKind(int(typed))
    problems.append(
        _wrong(KIND_VARIABLE, Text("1(普通)・2(当座)・9(その他)", "1 (ordinary), 2 (current) or 9 (other)"))
    )
    return AccountKind.ORDINARY


def _profile(problems: list[Text]) -> zengin.BankProfile:
    changes: dict[str, Any] = {}
    for field, variable in PROFILE_VARIABLES.items():
        typed = os.environ.get(variable, "").strip()
        if not typed:
            continue
        if field in _WHOLE:
            if not (typed.isascii() and typed.isdigit()):
                problems.append(_wrong(variable, Text("0以上の整数", "a whole number")))
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


def _wrong(variable: str, right: Text) -> Text:
    return Text(f"{variable} は{right.ja}で設定してください。", f"{variable} must be {right.en}.")
