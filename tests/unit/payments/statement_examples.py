"""Fictional deposit files and strategies shared by their tests."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.kana import FieldClass, to_bank_text
from kotowari.payments.statement import (
    ACCOUNT_STATEMENT,
    DEPOSIT_NOTICE,
    Account,
    Direction,
    Entry,
    Statement,
    number_occurrences,
)

IMPORTED_ON = date(2026, 11, 20)
OURS = Account("9999", "999", AccountKind.ORDINARY, "9000001", "ｶ)ｺﾄﾜﾘｼﾞﾑｷﾖｸ", "ﾐﾎﾝ", "ﾎﾝﾃﾝ")
DAY = date(2026, 11, 19)


def deposit(payer_name: str = "0000123ｶ)ｻﾝﾌﾟﾙ", amount_yen: int = 58_300, **more: object) -> Entry:
    """A line of a notice: money from a client."""
    return Entry(DEPOSIT_NOTICE, OURS, DAY, DAY, Direction.IN, amount_yen, payer_name, **more)


def movement(direction: Direction, amount_yen: int, payer_name: str = "", **more: object) -> Entry:
    """A line of a statement."""
    return Entry(ACCOUNT_STATEMENT, OURS, DAY, DAY, direction, amount_yen, payer_name, **more)


NOTICE = Statement(
    DEPOSIT_NOTICE,
    OURS,
    created_on=IMPORTED_ON,
    from_on=DAY,
    to_on=DAY,
    entries=(
        deposit(inquiry_number="000001", sending_bank="ﾐﾎﾝﾀﾞｲﾆ", sending_branch="ｴｷﾏｴ"),
        deposit("ﾔﾏﾀﾞ ﾀﾛｳ", 1_000, inquiry_number="000002", edi="0000124", payer_code="0000000777"),
        deposit("ｽｽﾞｷ ﾊﾅｺ", 2_000, inquiry_number="000003", cancels=True),
    ),
)

STATEMENT = Statement(
    ACCOUNT_STATEMENT,
    OURS,
    created_on=IMPORTED_ON,
    from_on=date(2026, 11, 18),
    to_on=DAY,
    entries=(
        movement(Direction.IN, 58_300, "0000123ｶ)ｻﾝﾌﾟﾙ", inquiry_number="00000001", summary="ﾌﾘｺﾐ"),
        movement(Direction.OUT, 48_620, "0000099999", inquiry_number="00000002", summary="ｿｳｺﾞｳﾌﾘｺﾐ"),
        movement(Direction.IN, 48_620, "ﾔﾏﾀﾞ ﾀﾛｳ", inquiry_number="00000003", summary="ｸﾐﾓﾄﾞｼ"),
    ),
    opening_balance_yen=1_000_000,
    closing_balance_yen=1_058_300,
)


def _texts(field: FieldClass, limit: int) -> st.SearchStrategy[str]:
    alphabet = "アイガパダヴヤツヨー0123456789 " + field.value
    return st.text(alphabet=alphabet, max_size=limit).map(lambda t: to_bank_text(t, field, limit=limit, cut=True))


def _codes(length: int) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.integers(1, 10**length - 1).map(lambda n: f"{n:0{length}d}"))


_days = st.dates(date(1998, 1, 1), IMPORTED_ON)
_recent = st.dates(date(2026, 10, 20), IMPORTED_ON)
_maybe_days = st.one_of(st.none(), _days)
_common = {
    "booked_on": _recent,
    "value_on": _recent,
    "payer_name": _texts(FieldClass.PARTY_NAME, 48),
    "payer_code": _codes(10),
    "sending_bank": _texts(FieldClass.BANK_NAME, 15),
    "sending_branch": _texts(FieldClass.BANK_NAME, 15),
    "edi": _texts(FieldClass.EDI, 20),
}

PLAIN_KINDS = [AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS, AccountKind.OTHER]

accounts = st.builds(
    Account,
    bank_code=st.text("0123456789", min_size=4, max_size=4),
    branch_code=st.text("0123456789", min_size=3, max_size=3),
    kind=st.sampled_from(PLAIN_KINDS),
    number=st.text("0123456789", min_size=7, max_size=7),
    holder_name=_texts(FieldClass.PARTY_NAME, 40),
    bank_name=_texts(FieldClass.BANK_NAME, 15),
    branch_name=_texts(FieldClass.BANK_NAME, 15),
)


@st.composite
def notices(draw: st.DrawFn) -> Statement:
    account = draw(accounts)
    lines = st.builds(
        Entry,
        type_code=st.just(DEPOSIT_NOTICE),
        account=st.just(account),
        direction=st.just(Direction.IN),
        amount_yen=st.integers(0, 10**10 - 1),
        inquiry_number=_codes(6),
        cancels=st.booleans(),
        other_bank_checks_yen=st.integers(0, 10**10 - 1),
        **_common,
    )
    entries = tuple(draw(st.lists(lines, max_size=6)))
    return Statement(DEPOSIT_NOTICE, account, draw(_recent), draw(_maybe_days), draw(_maybe_days), entries)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    account = draw(accounts)
    lines = st.builds(
        Entry,
        type_code=st.just(ACCOUNT_STATEMENT),
        account=st.just(account),
        direction=st.sampled_from(Direction),
        amount_yen=st.integers(0, 10**12 - 1),
        inquiry_number=_codes(8),
        summary=_texts(FieldClass.EDI, 20),
        transaction_code=st.sampled_from(["00", "10", "11", "12", "13", "14", "15", "18", "19"]),
        other_bank_checks_yen=st.integers(0, 10**12 - 1),
        exchanged_on=_maybe_days,
        dishonoured_on=_maybe_days,
        bill_kind=_codes(1),
        bill_number=_codes(7),
        other_office=_codes(3),
        **_common,
    )
    entries = tuple(draw(st.lists(lines, max_size=6)))
    balances = st.integers(-(10**14) + 1, 10**14 - 1)
    return Statement(
        ACCOUNT_STATEMENT,
        account,
        draw(_recent),
        draw(_maybe_days),
        draw(_maybe_days),
        entries,
        *draw(st.one_of(st.tuples(balances, balances), st.just((None, None)))),
        draw(st.sampled_from("012")),
    )


def numbered(several: list[Statement]) -> tuple[Statement, ...]:
    """The statements as a reader gives them: occurrences counted over the whole file."""
    entries = iter(number_occurrences(entry for s in several for entry in s.entries))
    return tuple(replace(s, entries=tuple(next(entries) for _ in s.entries)) for s in several)
