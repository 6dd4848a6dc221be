"""What a person typed about a bank account, as a transfer needs it; and whether an account can still be paid."""

from dataclasses import dataclass

from django.conf import settings

from kotowari.kernel.bank_accounts import PAYEE_KINDS, AccountKind, normalise_account_number
from kotowari.kernel.errors import InputError
from kotowari.kernel.kana import FieldClass, UnusableText, fold_digits, nfkc, to_bank_text
from kotowari.kernel.text import Text
from kotowari.payouts import zengin
from kotowari.payouts.banks import YUCHO_BANK_CODE, BankDirectory, Branch, directory
from kotowari.payouts.banks import Destination as Place
from kotowari.payouts.yucho import YuchoAccount, from_symbol_and_number, looks_like_symbol

HOLDER_BYTES = 30
KIND_WORDS = {
    str(word).lower(): kind for kind in PAYEE_KINDS for word in (int(kind), kind.label.ja, kind.label.en, kind.name)
}
"""What may be given for the kind of an account: its number, its Japanese or its English name."""


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """An account that can be paid. `holder_kana` and the two names are half-width, as in the bank's file.

    `conversion` says how a ゆうちょ symbol and number were read, for the holder to confirm.
    """

    bank_code: str
    bank_name: str
    bank_kana: str
    branch_code: str
    branch_name: str
    branch_kana: str
    account_kind: AccountKind
    account_number: str
    holder_kana: str
    conversion: Text | None


def bank_directory() -> BankDirectory:
    """The directory that counts here: with the sample banks in a demo and in tests, else without."""
    return directory(include_fictional=bool(settings.DEMO or settings.TESTING))


def read_account(
    *,
    bank_code: str = "",
    branch_code: str = "",
    account_kind: str | int = "",
    account_number: str = "",
    holder_kana: str = "",
    yucho_symbol: str = "",
    yucho_number: str = "",
    yucho_is_savings: bool = False,
) -> AccountDetails:
    """What was typed, checked against the directory; raises `InputError` with every field's fault at once.

    For ゆうちょ銀行 either symbol and number (記号・番号) or branch and account number are taken; five digits that
    begin with 0 or 1 in the branch's field are understood as a symbol.
    """
    wrong: dict[str, list[Text]] = {}
    if fold_digits(bank_code) == YUCHO_BANK_CODE and not yucho_symbol and looks_like_symbol(branch_code):
        yucho_symbol, yucho_number = branch_code, yucho_number or account_number
    holder = _holder(holder_kana, wrong)
    if yucho_symbol.strip() or yucho_number.strip():
        yucho = _yucho(yucho_symbol, yucho_number, yucho_is_savings, wrong)
        if wrong or yucho is None:
            raise InputError(wrong)
        at_yucho = bank_directory().destination(YUCHO_BANK_CODE, yucho.branch.code)
        return _details(at_yucho, yucho.account_kind, yucho.account_number, holder, yucho.explanation)
    place = _place(bank_code, branch_code, wrong)
    kind = _kind(account_kind, wrong)
    number = _number(account_number, wrong)
    if wrong or place is None or kind is None:
        raise InputError(wrong)
    return _details(place, kind, number, holder, None)


def fault_of(bank_code: str, branch_code: str) -> Text | None:
    """Why this bank or branch cannot be paid any more, if so (branches merge and vanish)."""
    for concern in zengin.destination_concerns(bank_code, branch_code, bank_directory()):
        if concern.is_error:
            return Text(f"{concern.message.ja}{concern.remedy.ja}", f"{concern.message.en} {concern.remedy.en}")
    return None


def _details(place: Place, kind: AccountKind, number: str, holder: str, conversion: Text | None) -> AccountDetails:
    branch: Branch = place.branch
    return AccountDetails(
        bank_code=place.bank.code,
        bank_name=place.bank.display_name,
        bank_kana=place.bank.file_name,
        branch_code=branch.code,
        branch_name=branch.display_name,
        branch_kana=branch.file_name,
        account_kind=kind,
        account_number=number,
        holder_kana=holder,
        conversion=conversion,
    )


def _place(bank_code: str, branch_code: str, wrong: dict[str, list[Text]]) -> Place | None:
    if not bank_code.strip():
        wrong["bank_code"] = [Text("銀行を選んでください。", "Choose the bank.")]
    if not branch_code.strip():
        wrong["branch_code"] = [Text("支店を選んでください。", "Choose the branch.")]
    if "bank_code" in wrong or "branch_code" in wrong:
        return None
    try:
        return bank_directory().destination(bank_code, branch_code)
    except InputError as error:
        wrong.update(error.fields)
        return None


def _kind(typed: str | int, wrong: dict[str, list[Text]]) -> AccountKind | None:
    kind = KIND_WORDS.get(nfkc(str(typed)).strip().lower())
    if kind is None:
        labels = [kind.label for kind in PAYEE_KINDS]
        wrong["account_kind"] = [
            Text(
                f"預金種目を{'・'.join(label.ja for label in labels)}から選んでください。",
                f"Choose the kind of account: {', '.join(label.en for label in labels)}.",
            )
        ]
    return kind


def _number(typed: str, wrong: dict[str, list[Text]]) -> str:
    try:
        return normalise_account_number(typed)
    except InputError as error:
        wrong.update(error.fields)
        return ""


def _holder(typed: str, wrong: dict[str, list[Text]]) -> str:
    if not typed.strip():
        wrong["holder_kana"] = [
            Text(
                "口座名義のカナを、通帳に書かれているとおりに入力してください。例: ヤマダ タロウ",
                "Enter the holder's name in kana, as in the passbook. Example: ヤマダ タロウ",
            )
        ]
        return ""
    try:
        return to_bank_text(typed, FieldClass.PARTY_NAME, limit=HOLDER_BYTES)
    except UnusableText as error:
        wrong["holder_kana"] = [problem.sentence for problem in error.problems]
        return ""


def _yucho(symbol: str, number: str, is_savings: bool, wrong: dict[str, list[Text]]) -> YuchoAccount | None:
    try:
        return from_symbol_and_number(symbol, number, is_savings=is_savings, banks=bank_directory())
    except InputError as error:
        wrong.update(error.fields)
        return None
