"""The records of 総合振込 byte by byte, as the Japanese Bankers Association lays them out."""

from functools import cache
from typing import Final

from kotowari.kernel.kana import FieldClass, allowed_pattern
from kotowari.kernel.record_layout import (
    RecordField,
    RecordLayout,
    code,
    constant,
    digits,
    optional_digits,
    spaces,
    text,
)
from kotowari.kernel.text import Text

RECORD_LENGTH: Final = 120
TYPE_CODE: Final = "21"

_PAYER_KINDS = {"1": Text("普通", "ordinary"), "2": Text("当座", "current"), "9": Text("その他", "other")}
_PAYEE_KINDS = _PAYER_KINDS | {"4": Text("貯蓄", "savings")}
_PLAIN: Final = Text("", "")


def _name(name: str, ja: str, en: str, length: int, field_class: FieldClass, allow_wo: bool) -> RecordField:
    signs = " ".join(sign for sign in field_class.value if not sign.isalpha())
    never_ja, never_en = ("小文字", "small ones") if allow_wo else ("小文字・ヲ", "small ones, no ヲ")
    usable = Text(
        f"半角のカナ({never_ja}・長音「ｰ」を除く)・英大文字・数字・空白と {signs}",
        f"half-width kana (no {never_en}, no long mark), capitals, digits, spaces and {signs}",
    )
    return text(name, ja, en, length, allowed_pattern(field_class, allow_wo=allow_wo), usable)


@cache
def header_layout(*, allow_wo: bool) -> RecordLayout:
    """Record 1."""
    fields = (
        constant("1", "データ区分", "record type"),
        constant(TYPE_CODE, "種別コード", "kind of file"),
        code("", "コード区分", "character code", 1, {"0": Text("JIS", "JIS")}),
        digits("client_code", "委託者コード", "client code", 10),
        _name("client_name", "委託者名", "client name", 40, FieldClass.PARTY_NAME, allow_wo),
        digits("transfer_on", "振込指定日", "transfer date", 4),
        digits("bank_code", "仕向銀行番号", "sending bank number", 4),
        _name("bank_name", "仕向銀行名", "sending bank name", 15, FieldClass.BANK_NAME, allow_wo),
        digits("branch_code", "仕向支店番号", "sending branch number", 3),
        _name("branch_name", "仕向支店名", "sending branch name", 15, FieldClass.BANK_NAME, allow_wo),
        code("account_kind", "預金種目", "account kind", 1, _PAYER_KINDS),
        digits("account_number", "口座番号", "account number", 7),
        spaces(17),
    )
    return RecordLayout(Text("ヘッダー", "Header"), RECORD_LENGTH, fields)


def _data_fields(allow_wo: bool) -> tuple[RecordField, ...]:
    return (
        constant("2", "データ区分", "record type"),
        digits("bank_code", "被仕向銀行番号", "receiving bank number", 4),
        _name("bank_name", "被仕向銀行名", "receiving bank name", 15, FieldClass.BANK_NAME, allow_wo),
        digits("branch_code", "被仕向支店番号", "receiving branch number", 3),
        _name("branch_name", "被仕向支店名", "receiving branch name", 15, FieldClass.BANK_NAME, allow_wo),
        optional_digits("clearing_house", "手形交換所番号", "clearing house number", 4),
        code("account_kind", "預金種目", "account kind", 1, _PAYEE_KINDS),
        digits("account_number", "口座番号", "account number", 7),
        _name("payee_name", "受取人名", "payee name", 30, FieldClass.PARTY_NAME, allow_wo),
        digits("amount_yen", "振込金額", "amount", 10),
        code("new_code", "新規コード", "first-transfer code", 1, dict.fromkeys("012", _PLAIN)),
    )


_DESIGNATION = code("designation", "振込指定区分", "wire or document", 1, dict.fromkeys("780 ", _PLAIN))


@cache
def data_layout(*, allow_wo: bool) -> RecordLayout:
    """Record 2 with two customer codes (byte 113 is a space)."""
    fields = (
        *_data_fields(allow_wo),
        optional_digits("customer_code_1", "顧客コード1", "customer code 1", 10),
        optional_digits("customer_code_2", "顧客コード2", "customer code 2", 10),
        _DESIGNATION,
        code("", "識別表示", "EDI mark", 1, {" ": _PLAIN, "Y": Text("EDI情報あり", "with EDI")}),
        spaces(7),
    )
    return RecordLayout(Text("データ", "Data"), RECORD_LENGTH, fields)


@cache
def edi_layout(*, allow_wo: bool) -> RecordLayout:
    """Record 2 with EDI information in place of the customer codes (byte 113 is `Y`)."""
    fields = (
        *_data_fields(allow_wo),
        _name("edi", "EDI情報", "EDI information", 20, FieldClass.EDI, True),
        _DESIGNATION,
        constant("Y", "識別表示", "EDI mark"),
        spaces(7),
    )
    return RecordLayout(Text("データ", "Data"), RECORD_LENGTH, fields)


TRAILER: Final = RecordLayout(
    Text("トレーラ", "Trailer"),
    RECORD_LENGTH,
    (
        constant("8", "データ区分", "record type"),
        digits("count", "合計件数", "number of transfers", 6),
        digits("total_yen", "合計金額", "total amount", 12),
        spaces(101),
    ),
)

END: Final = RecordLayout(
    Text("エンド", "End"), RECORD_LENGTH, (constant("9", "データ区分", "record type"), spaces(119))
)

EDI_MARK_COLUMN: Final = 113
