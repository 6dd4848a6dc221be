"""Fictional files and strategies shared by the tests of bulk transfer files."""

from datetime import date

from hypothesis import strategies as st

from kotowari.kernel.bank_accounts import PAYEE_KINDS, PAYER_KINDS, AccountKind
from kotowari.kernel.kana import FieldClass, to_bank_text
from kotowari.payouts.zengin import AMOUNT_LIMIT_YEN, NO_CODE, BankProfile, Header, Transfer

CREATED_ON = date(2026, 11, 20)

HEADER = Header(
    client_code="0000012345",
    client_name="ｶ)ｺﾄﾜﾘｼﾞﾑｷﾖｸ",
    transfer_on=date(2026, 11, 30),
    bank_code="9999",
    branch_code="999",
    account_kind=AccountKind.ORDINARY,
    account_number="9000001",
    bank_name="ﾐﾎﾝ",
    branch_name="ﾎﾝﾃﾝ",
)
YAMADA = Transfer("9999", "998", AccountKind.ORDINARY, "9000011", "ﾔﾏﾀﾞ ﾀﾛｳ", 48_620, "ﾐﾎﾝ", "ｴｷﾏｴ", new_code="1")
SAMPLE = Transfer("9998", "997", AccountKind.CURRENT, "9000012", "ｶ)ｻﾝﾌﾟﾙ", 1_250_000, edi="INV-2026/11 ﾌﾞﾝ")
SUZUKI = Transfer(
    "9997",
    "001",
    AccountKind.SAVINGS,
    "0000013",
    "ｽｽﾞｷ ﾊﾅｺ",
    1,
    customer_code_1="0000000007",
    customer_code_2="0000000042",
)
TRANSFERS = (YAMADA, SAMPLE, SUZUKI)

_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ"


def wire_texts(field: FieldClass, limit: int, *, min_size: int = 0) -> st.SearchStrategy[str]:
    """Half-width texts as they stand in a file: no space at either end."""
    alphabet = _KANA + "0123456789 " + field.value
    typed = st.text(alphabet=alphabet, min_size=min_size, max_size=limit)
    wire = typed.map(lambda t: to_bank_text(t, field, limit=limit, cut=True))
    return wire.filter(lambda w: len(w) >= min_size)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=length, max_size=length)


bank_names = wire_texts(FieldClass.BANK_NAME, 15)

headers = st.builds(
    Header,
    client_code=digits(10),
    client_name=wire_texts(FieldClass.PARTY_NAME, 40, min_size=1),
    transfer_on=st.dates(CREATED_ON, date(2027, 11, 19)),
    bank_code=digits(4),
    branch_code=digits(3),
    account_kind=st.sampled_from(PAYER_KINDS),
    account_number=digits(7),
    bank_name=bank_names,
    branch_name=bank_names,
)

_common = {
    "bank_code": digits(4),
    "branch_code": digits(3),
    "account_kind": st.sampled_from(PAYEE_KINDS),
    "account_number": digits(7),
    "payee_name": wire_texts(FieldClass.PARTY_NAME, 30, min_size=1),
    "amount_yen": st.integers(1, AMOUNT_LIMIT_YEN),
    "bank_name": bank_names,
    "branch_name": bank_names,
    "new_code": st.sampled_from("012"),
}
transfers = st.one_of(
    st.builds(Transfer, **_common, customer_code_1=digits(10), customer_code_2=digits(10), edi=st.none()),
    st.builds(
        Transfer,
        **_common,
        customer_code_1=st.just(NO_CODE),
        customer_code_2=st.just(NO_CODE),
        edi=wire_texts(FieldClass.EDI, 20),
    ),
)

profiles = st.builds(
    BankProfile,
    record_limit=st.integers(1, 5),
    newline=st.sampled_from(["crlf", "none"]),
    designation=st.sampled_from("780 "),
    clearing_house=st.sampled_from(["0000", "    "]),
)
