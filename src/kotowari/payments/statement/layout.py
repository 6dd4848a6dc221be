"""The records of deposit files byte by byte.

Banks fill these, we only read them: unused bytes are not objected to, and names may hold any one-byte letter.
"""

from typing import Final

from kotowari.kernel.record_layout import RecordField, RecordLayout, code, constant, digits, optional_digits, text
from kotowari.kernel.text import Text
from kotowari.payments.statement.records import ACCOUNT_STATEMENT, DEPOSIT_NOTICE

RECORD_LENGTH: Final = 200

_ANY: Final = " -~｡-ﾟ"
_ONE_BYTE: Final = Text("半角文字", "one-byte characters")
_KINDS: Final = {str(n): Text("", "") for n in range(1, 10)}


def _free(name: str, ja: str, en: str, length: int) -> RecordField:
    return text(name, ja, en, length, _ANY, _ONE_BYTE)


def _unused(length: int) -> RecordField:
    return text("", "ダミー", "unused", length, _ANY, _ONE_BYTE)


def _sign(name: str) -> RecordField:
    plus, minus = Text("プラス", "plus"), Text("マイナス", "minus")
    return code(name, "貸越区分", "sign of the balance", 1, {"1": plus, "2": minus, "0": plus, " ": plus})


def _header_fields(type_code: str) -> tuple[RecordField, ...]:
    return (
        constant("1", "データ区分", "record type"),
        constant(type_code, "種別コード", "kind of file"),
        code("", "コード区分", "character code", 1, {"0": Text("JIS", "JIS")}),
        digits("created_on", "作成日", "date of making", 6),
        optional_digits("from_on", "勘定日(自)", "first booking day", 6),
        optional_digits("to_on", "勘定日(至)", "last booking day", 6),
        digits("bank_code", "銀行番号", "bank number", 4),
        _free("bank_name", "銀行名", "bank name", 15),
        digits("branch_code", "支店番号", "branch number", 3),
        _free("branch_name", "支店名", "branch name", 15),
    )


NOTICE_HEADER: Final = RecordLayout(
    Text("ヘッダー", "Header"),
    RECORD_LENGTH,
    (
        *_header_fields(DEPOSIT_NOTICE),
        code("account_kind", "預金種目", "account kind", 1, _KINDS),
        digits("account_number", "口座番号", "account number", 7),
        _free("holder_name", "口座名", "account name", 40),
        _unused(93),
    ),
)

_NOTICE_DATA_START: Final = (
    constant("2", "データ区分", "record type"),
    _free("inquiry_number", "照会番号", "inquiry number", 6),
    digits("booked_on", "勘定日", "booking day", 6),
    optional_digits("value_on", "起算日", "value day", 6),
    digits("amount_yen", "金額", "amount", 10),
    optional_digits("other_bank_checks_yen", "うち他店券金額", "cheques of other banks", 10),
    _free("payer_code", "振込依頼人コード", "payer code", 10),
    _free("payer_name", "振込依頼人名", "payer name", 48),
    _free("sending_bank", "仕向銀行名", "sending bank", 15),
    _free("sending_branch", "仕向店名", "sending branch", 15),
    code(
        "cancels",
        "取消区分",
        "cancellation",
        1,
        {" ": Text("取消なし", "none"), "0": Text("取消なし", "none"), "1": Text("取消", "cancels")},
    ),
)

NOTICE_DATA: Final = RecordLayout(
    Text("データ", "Data"),
    RECORD_LENGTH,
    (*_NOTICE_DATA_START, _free("edi", "EDI情報", "EDI information", 20), _unused(52)),
)
"""Format A."""

NOTICE_DATA_B: Final = RecordLayout(
    Text("データ", "Data"),
    RECORD_LENGTH,
    (
        *_NOTICE_DATA_START,
        digits("wide_amount_yen", "金額(2)", "amount (2)", 12),
        digits("wide_checks_yen", "うち他店券金額(2)", "cheques of other banks (2)", 12),
        _free("edi", "EDI情報", "EDI information", 20),
        _unused(28),
    ),
)
"""Format B: twelve digits for amounts that ten cannot hold; the pair that is not used is zeros."""

WIDE_AMOUNTS: Final = slice(128, 152)
"""Where format B has its 24 digits. In format A EDI information and unused bytes stand there, never 24 digits."""

NOTICE_TRAILER: Final = RecordLayout(
    Text("トレーラ", "Trailer"),
    RECORD_LENGTH,
    (
        constant("8", "データ区分", "record type"),
        digits("count", "振込件数", "number of transfers", 6),
        digits("total_yen", "振込金額", "total of transfers", 12),
        optional_digits("cancelled_count", "取消件数", "number of cancellations", 6),
        optional_digits("cancelled_yen", "取消金額", "total of cancellations", 12),
        _unused(163),
    ),
)

NOTICE_END: Final = RecordLayout(
    Text("エンド", "End"), RECORD_LENGTH, (constant("9", "データ区分", "record type"), _unused(199))
)

STATEMENT_HEADER: Final = RecordLayout(
    Text("ヘッダー", "Header"),
    RECORD_LENGTH,
    (
        *_header_fields(ACCOUNT_STATEMENT),
        _unused(3),
        code("account_kind", "預金種目", "account kind", 1, _KINDS),
        digits("account_number", "口座番号", "account number", 10),
        _free("holder_name", "口座名", "account name", 40),
        _sign("opening_sign"),
        _free("passbook_kind", "通帳・証書区分", "passbook or certificate", 1),
        optional_digits("opening_balance_yen", "取引前残高", "balance before", 14),
        _unused(71),
    ),
)

STATEMENT_DATA: Final = RecordLayout(
    Text("データ", "Data"),
    RECORD_LENGTH,
    (
        constant("2", "データ区分", "record type"),
        _free("inquiry_number", "照会番号", "inquiry number", 8),
        digits("booked_on", "勘定日", "booking day", 6),
        optional_digits("value_on", "預入・払出日", "value day", 6),
        code("direction", "入払区分", "in or out", 1, {"1": Text("入金", "in"), "2": Text("出金", "out")}),
        optional_digits("transaction_code", "取引区分", "kind of transaction", 2),
        digits("amount_yen", "取引金額", "amount", 12),
        optional_digits("other_bank_checks_yen", "うち他店券金額", "cheques of other banks", 12),
        optional_digits("exchanged_on", "交換呈示日", "day of clearing", 6),
        optional_digits("dishonoured_on", "不渡返還日", "day of return", 6),
        _free("bill_kind", "手形・小切手区分", "bill or cheque", 1),
        _free("bill_number", "手形・小切手番号", "bill or cheque number", 7),
        _free("other_office", "僚店番号", "other office", 3),
        _free("payer_code", "振込依頼人コード", "payer code", 10),
        _free("payer_name", "振込依頼人名", "payer name", 48),
        _free("sending_bank", "仕向銀行名", "sending bank", 15),
        _free("sending_branch", "仕向店名", "sending branch", 15),
        _free("summary", "摘要内容", "summary", 20),
        _free("edi", "EDI情報", "EDI information", 20),
        _unused(1),
    ),
)

STATEMENT_TRAILER: Final = RecordLayout(
    Text("トレーラ", "Trailer"),
    RECORD_LENGTH,
    (
        constant("8", "データ区分", "record type"),
        digits("in_count", "入金件数", "number in", 6),
        digits("in_yen", "入金額合計", "total in", 13),
        digits("out_count", "出金件数", "number out", 6),
        digits("out_yen", "出金額合計", "total out", 13),
        _sign("closing_sign"),
        optional_digits("closing_balance_yen", "取引後残高", "balance after", 14),
        optional_digits("data_count", "データ・レコード件数", "number of data records", 7),
        _unused(139),
    ),
)

STATEMENT_END: Final = RecordLayout(
    Text("エンド", "End"),
    RECORD_LENGTH,
    (
        constant("9", "データ区分", "record type"),
        optional_digits("record_count", "レコード総件数", "number of records", 10),
        optional_digits("account_count", "口座数", "number of accounts", 5),
        _unused(184),
    ),
)
