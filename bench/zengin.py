"""A bulk transfer file of a million records, beside the same bytes from a loop that formats and checks nothing."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from bench.report import Report, compared
from bench.server import Server
from bench.size import part_of

RECORDS = 1_000_000
AROUND = 3
"""Header, trailer and end: the count in a trailer has six digits, so a million records are the most a file can have."""

ROUNDS = 5
HOLDERS = ("ﾔﾏﾀﾞ ﾊﾅｺ", "ｶ)ﾚｲｼﾞｼﾖｳｼﾞ", "ｽｽﾞｷ ｲﾁﾛｳ", "ｻﾄｳ ﾐｷ", "ﾀｶﾊｼ ｹﾝｼﾞ")
BANKS = (("0001", "ﾐｽﾞﾎ", "001", "ﾄｳｷﾖｳ"), ("0005", "ﾐﾂﾋﾞｼUFJ", "002", "ﾏﾙﾉｳﾁ"), ("9900", "ﾕｳﾁﾖ", "018", "ｾﾞﾛｲﾁﾊﾁ"))

Result = TypeVar("Result")


def run(server: Server) -> Report:  # noqa: ARG001 - this one needs no database
    """Records a second of writer and bare loop in turn; then the file is read back and compared."""
    from kotowari.kernel import calendar, clock
    from kotowari.kernel.bank_accounts import AccountKind
    from kotowari.payouts import zengin

    count = part_of(RECORDS) - AROUND
    header = zengin.Header(
        client_code="1234567890",
        client_name="ｺﾄﾜﾘ",
        transfer_on=calendar.shift(clock.today() + timedelta(days=7), "next"),
        bank_code="0001",
        branch_code="001",
        account_kind=AccountKind.ORDINARY,
        account_number="1234567",
    )
    transfers = [_transfer(number) for number in range(count)]
    profile = replace(zengin.STANDARD, record_limit=zengin.COUNT_LIMIT)
    mine, theirs = [], []
    for _ in range(ROUNDS):
        seconds, (content,) = _timed(lambda: zengin.write(header, transfers, profile))
        mine.append(count / seconds)
        seconds, bare = _timed(lambda first=content[:122]: _bare(first, transfers))
        theirs.append(count / seconds)
        if bare != content:
            raise AssertionError("the bare loop makes other bytes")
    seconds, found = _timed(lambda: zengin.read(content, profile=profile))
    if not found.is_sound or list(found.files[0].transfers) != transfers:
        raise AssertionError("what is read is not what was written")
    report = Report(title="A bulk transfer file of a million records")
    report.rows = [
        compared("written", "records/s", mine, "bare loop", theirs, aim=0.5),
        compared("read back, every byte checked", "records/s", [count / seconds], "written", [mine[-1]]),
    ]
    report.notes = [
        f"{count + AROUND:,} records, {len(content):,} bytes; {ROUNDS} times in turn, processor time: at least half the bare loop's pace "
        "is at most twice its time",
        "the bare loop formats the same objects into the same bytes and checks nothing; what was read back is equal, "
        "transfer by transfer",
    ]
    return report


def _transfer(number: int) -> object:
    from kotowari.kernel.bank_accounts import AccountKind
    from kotowari.payouts import zengin

    bank_code, bank_name, branch_code, branch_name = BANKS[number % len(BANKS)]
    return zengin.Transfer(
        bank_code=bank_code,
        branch_code=branch_code,
        account_kind=AccountKind.ORDINARY,
        account_number=f"{number:07d}",
        payee_name=HOLDERS[number % len(HOLDERS)],
        amount_yen=1_000 + number % 9_000,
        bank_name=bank_name,
        branch_name=branch_name,
        customer_code_1=f"{number:010d}",
    )


def _bare(first: bytes, transfers: Sequence) -> bytes:
    lines = []
    total = 0
    for t in transfers:
        total += t.amount_yen
        lines.append(
            f"2{t.bank_code}{t.bank_name:<15}{t.branch_code}{t.branch_name:<15}0000{t.account_kind:d}{t.account_number}"
            f"{t.payee_name:<30}{t.amount_yen:010d}0{t.customer_code_1}{t.customer_code_2}7        "
        )
    last = [f"8{len(lines):06d}{total:012d}{'':101}", "9" + " " * 119, ""]
    return first + "\r\n".join([*lines, *last]).encode("cp932")


def _timed(call: Callable[[], Result]) -> tuple[float, Result]:
    gc.collect()
    started = time.process_time()
    result = call()
    return time.process_time() - started, result
