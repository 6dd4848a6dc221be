"""Who runs this market, as its bank knows it: the account that clients pay into.

Read from the environment, since it belongs to the installation and not to the market's rules. A demo, and the
tests, use an account at a bank that does not exist (9999).
"""

import os
from dataclasses import dataclass

from django.conf import settings

from kotowari.kernel.bank_accounts import ACCOUNT_NUMBER_DIGITS, PAYER_KINDS, AccountKind
from kotowari.kernel.kana import FieldClass, UnusableText, fold_digits, to_bank_text
from kotowari.kernel.text import Text

CODE = "KOTOWARI_BANK_CODE"
BRANCH = "KOTOWARI_BANK_BRANCH"
NUMBER = "KOTOWARI_BANK_ACCOUNT"
KIND = "KOTOWARI_BANK_ACCOUNT_KIND"
HOLDER = "KOTOWARI_BANK_CLIENT_NAME"
BANK_NAME = "KOTOWARI_BANK_NAME"
BRANCH_NAME = "KOTOWARI_BANK_BRANCH_NAME"

_NEEDED = (CODE, BRANCH, NUMBER, HOLDER)
_DEMO = {
    CODE: "9999",
    BRANCH: "999",
    NUMBER: "9000001",
    HOLDER: "コトワリ(ミホン)",
    BANK_NAME: "見本銀行",
    BRANCH_NAME: "見本支店",
}


@dataclass(frozen=True, slots=True)
class OperatorBankAccount:
    """The operator's own account. `holder_kana` is as bank files hold it (half-width).

    The names of bank and branch are empty where the environment does not give them: a directory of banks knows
    them by their codes. `problems` says what is wrong with what the environment gives; with any, nobody should be
    asked to pay into this account and no statement of it can be recognised.
    """

    bank_code: str
    branch_code: str
    kind: AccountKind
    number: str
    holder_kana: str
    bank_name: str = ""
    branch_name: str = ""
    problems: tuple[Text, ...] = ()

    def is_same(self, bank_code: str, branch_code: str, kind: AccountKind, number: str) -> bool:
        """Whether these are the codes of this very account; some banks write its number with more zeros."""
        mine = (self.bank_code, self.branch_code, self.kind, self.number.lstrip("0"))
        return mine == (bank_code, branch_code, kind, number.lstrip("0"))


def operator_bank_account() -> OperatorBankAccount | None:
    """The account as the environment gives it now; None when nothing is set outside a demo."""
    given = {name: os.environ.get(name, "").strip() for name in (*_NEEDED, KIND, BANK_NAME, BRANCH_NAME)}
    if not any(given[name] for name in _NEEDED):
        if not (settings.DEMO or settings.TESTING):
            return None
        given = {**given, **_DEMO}
    problems: list[Text] = []
    return OperatorBankAccount(
        bank_code=_digits(given, CODE, 4, problems),
        branch_code=_digits(given, BRANCH, 3, problems),
        kind=_kind(given[KIND], problems),
        number=_digits(given, NUMBER, ACCOUNT_NUMBER_DIGITS, problems),
        holder_kana=_holder(given[HOLDER], problems),
        bank_name=given[BANK_NAME],
        branch_name=given[BRANCH_NAME],
        problems=tuple(problems),
    )


def _digits(given: dict[str, str], name: str, length: int, problems: list[Text]) -> str:
    digits = fold_digits(given[name])
    if digits.isascii() and digits.isdigit() and len(digits) <= length:
        return digits.zfill(length)
    problems.append(_must_be(name, Text(f"数字{length}桁", f"{length} digits")))
    return "0" * length


def _kind(typed: str, problems: list[Text]) -> AccountKind:
    kind = next((kind for kind in PAYER_KINDS if typed in ("", str(kind.value))), None)
    if kind is None:
        problems.append(_must_be(KIND, Text("1(普通)・2(当座)・9(その他)", "1 (ordinary), 2 (current) or 9 (other)")))
    return kind or AccountKind.ORDINARY


def _holder(typed: str, problems: list[Text]) -> str:
    try:
        return to_bank_text(typed, FieldClass.PARTY_NAME, limit=40)
    except UnusableText as error:
        problems += [Text(f"{HOLDER}: {p.sentence.ja}", f"{HOLDER}: {p.sentence.en}") for p in error.problems]
        return ""


def _must_be(name: str, right: Text) -> Text:
    return Text(f"{name} は{right.ja}で設定してください。", f"{name} must be {right.en}.")
