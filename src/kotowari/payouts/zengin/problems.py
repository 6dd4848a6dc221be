"""Why a header or a transfer cannot be written, in words. Asked only for what does not fit its record."""

from collections.abc import Collection
from typing import Final

from kotowari.kernel.bank_accounts import PAYEE_KINDS, PAYER_KINDS, AccountKind
from kotowari.kernel.kana import FieldClass, bank_text_problems
from kotowari.kernel.text import Text
from kotowari.payouts.zengin.checks import header_concerns, transfer_concerns
from kotowari.payouts.zengin.records import BankProfile, Header, Transfer, TransferProblem

_LABELS: Final = {
    "client_code": Text("委託者コード", "client code"),
    "client_name": Text("委託者名", "client name"),
    "bank_code": Text("銀行番号", "bank number"),
    "branch_code": Text("支店番号", "branch number"),
    "bank_name": Text("銀行名", "bank name"),
    "branch_name": Text("支店名", "branch name"),
    "account_kind": Text("預金種目", "account kind"),
    "account_number": Text("口座番号", "account number"),
    "payee_name": Text("受取人名", "payee name"),
    "new_code": Text("新規コード", "first-transfer code"),
    "customer_code_1": Text("顧客コード1", "customer code 1"),
    "customer_code_2": Text("顧客コード2", "customer code 2"),
    "edi": Text("EDI情報", "EDI information"),
}


def header_problems(header: Header, profile: BankProfile) -> list[TransferProblem]:
    """Everything about a header that keeps it out of its record."""
    asked = _Asked(None, header, profile)
    asked.digits("client_code", 10)
    asked.name("client_name", FieldClass.PARTY_NAME, 40)
    asked.account(PAYER_KINDS)
    found = asked.found
    for concern in header_concerns(header):
        found.append(TransferProblem(concern.code, None, concern.field, concern.message, concern.remedy))
    return found


def transfer_problems(index: int, transfer: Transfer, profile: BankProfile) -> list[TransferProblem]:
    """Everything about one transfer that keeps it out of its record."""
    asked = _Asked(index, transfer, profile)
    asked.account(PAYEE_KINDS)
    asked.name("payee_name", FieldClass.PARTY_NAME, 30)
    if transfer.new_code not in ("0", "1", "2"):
        asked.add("new_code", Text("0・1・2のいずれかです。", "It is 0, 1 or 2."), Text("", ""))
    if transfer.edi is None:
        asked.digits("customer_code_1", 10)
        asked.digits("customer_code_2", 10)
    else:
        asked.name("edi", FieldClass.EDI, 20)
    found = asked.found
    for concern in transfer_concerns(transfer):
        if concern.is_error:
            found.append(TransferProblem(concern.code, index, concern.field, concern.message, concern.remedy))
    return found


class _Asked:
    """The questions that headers and transfers share, and what they found."""

    def __init__(self, index: int | None, subject: Header | Transfer, profile: BankProfile) -> None:
        self.index = index
        self.subject = subject
        self.profile = profile
        self.found: list[TransferProblem] = []

    def add(self, field: str, message: Text, remedy: Text, code: str = "field") -> None:
        label = _LABELS[field]
        full = Text(f"{label.ja}: {message.ja}", f"{label.en}: {message.en}")
        self.found.append(TransferProblem(code, self.index, field, full, remedy))

    def digits(self, field: str, length: int) -> None:
        value = getattr(self.subject, field)
        if len(value) != length or not (value.isascii() and value.isdigit()):
            self.add(
                field,
                Text(f"「{value}」は数字{length}桁ではありません。", f"“{value}” is not {length} digits."),
                Text(f"前を0で埋めた{length}桁にしてください。", f"Use {length} digits with leading zeros."),
            )

    def name(self, field: str, field_class: FieldClass, limit: int) -> None:
        value = getattr(self.subject, field)
        for problem in bank_text_problems(value, field_class, allow_wo=self.profile.allow_wo, limit=limit):
            self.add(field, problem.message, problem.remedy, problem.fault.value)
        if field_class is FieldClass.PARTY_NAME and value.strip() and value[0] == " ":
            self.add(
                field,
                Text("先頭が空白です。", "It begins with a space."),
                Text("左詰めにしてください。", "Align it to the left."),
            )

    def account(self, kinds: Collection[AccountKind]) -> None:
        self.digits("bank_code", 4)
        self.digits("branch_code", 3)
        self.digits("account_number", 7)
        for field in ("bank_name", "branch_name"):
            self.name(field, FieldClass.BANK_NAME, 15)
            if self.profile.are_names_required and not getattr(self.subject, field).strip():
                self.add(
                    field,
                    Text("この銀行では省略できません。", "This bank requires it."),
                    Text("カナで入力してください。", "Enter it in kana."),
                    "required",
                )
        if self.subject.account_kind not in kinds:
            usable = [kind.label for kind in kinds]
            self.add(
                "account_kind",
                Text(
                    f"「{self.subject.account_kind}」は使えません。", f"“{self.subject.account_kind}” cannot be used."
                ),
                Text("・".join(k.ja for k in usable), ", ".join(k.en for k in usable)),
            )
