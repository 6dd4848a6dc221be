"""Writing bulk transfer files. The same transfers always give the same bytes."""

from collections.abc import Sequence
from typing import Final

from kotowari.kernel.kana import STRAY_MARK
from kotowari.payouts.zengin.layout import RECORD_LENGTH, data_layout, edi_layout, header_layout
from kotowari.payouts.zengin.problems import header_problems, transfer_problems
from kotowari.payouts.zengin.records import STANDARD, BankProfile, CannotWrite, Header, Trailer, Transfer

_END: Final = "9" + " " * 119
_BLOCK: Final = 500
"""Records that are checked at once, as long as nothing is wrong with any of them."""


def write(header: Header, transfers: Sequence[Transfer], profile: BankProfile = STANDARD) -> list[bytes]:
    """One file per batch that the bank's limits allow, in the order given; no transfers give no file.

    Raises `CannotWrite` with every problem of form or sense; nothing is ever shortened, replaced or left out.
    Dates and destinations are `checks.check`'s to judge, before a run is written.
    """
    problems = header_problems(header, profile)
    lines: list[str] = []
    for start in range(0, len(transfers), _BLOCK):
        block = transfers[start : start + _BLOCK]
        sound = _sound_lines(block, profile)
        if sound is not None:
            lines += sound
            continue
        for index, transfer in enumerate(block, start):
            line = _data_line(transfer, profile)
            if line is None:
                found = transfer_problems(index, transfer, profile)
                assert found, "a transfer that is not written must be told why"
                problems += found
            else:
                lines.append(line)
    if problems:
        raise CannotWrite(problems)
    first = _header_line(header)
    assert header_layout(allow_wo=profile.allow_wo).match(first), "a header without problems must fit its record"
    files = []
    start = 0
    for batch in split(transfers, profile):
        stop = start + len(batch)
        files.append(_file(first, lines[start:stop], batch, profile))
        start = stop
    return files


def split(transfers: Sequence[Transfer], profile: BankProfile = STANDARD) -> list[Sequence[Transfer]]:
    """Which transfers go into which file: as many as the bank takes in one, in the order given."""
    if len(transfers) <= profile.record_limit and sum(t.amount_yen for t in transfers) <= profile.total_limit_yen:
        return [transfers] if transfers else []
    batches = []
    start = total = 0
    for index, transfer in enumerate(transfers):
        is_full = index - start == profile.record_limit or total + transfer.amount_yen > profile.total_limit_yen
        if is_full and index > start:
            batches.append(transfers[start:index])
            start, total = index, 0
        total += transfer.amount_yen
    if start < len(transfers):
        batches.append(transfers[start:])
    return batches


def trailer_of(transfers: Sequence[Transfer]) -> Trailer:
    """The count and total that belong to these transfers."""
    return Trailer(len(transfers), sum(t.amount_yen for t in transfers))


def _file(first: str, lines: list[str], batch: Sequence[Transfer], profile: BankProfile) -> bytes:
    trailer = trailer_of(batch)
    last = f"8{trailer.count:06d}{trailer.total_yen:012d}{'':101}"
    newline = "\r\n" if profile.newline == "crlf" else ""
    return newline.join([first, *lines, last, _END, ""]).encode("cp932")


def _header_line(h: Header) -> str:
    return (
        f"1210{h.client_code}{h.client_name:<40}{h.transfer_on:%m%d}{h.bank_code}{h.bank_name:<15}"
        f"{h.branch_code}{h.branch_name:<15}{h.account_kind:d}{h.account_number}{'':17}"
    )


def _sound_lines(block: Sequence[Transfer], profile: BankProfile) -> list[str] | None:
    """The records of transfers without EDI, or None when any must be looked at by itself: `_data_line` asks the same.

    Written once for every payee of a run: the common case costs one formatting each, and one regular expression for all.
    """
    house, designation = profile.clearing_house, profile.designation
    lines = [
        f"2{t.bank_code}{t.bank_name:<15}{t.branch_code}{t.branch_name:<15}{house}{t.account_kind:d}{t.account_number}"
        f"{t.payee_name:<30}{t.amount_yen:010d}{t.new_code}{t.customer_code_1}{t.customer_code_2}{designation}        "
        for t in block
        if t.edi is None
        and len(t.bank_code) == 4
        and len(t.branch_code) == 3
        and len(t.account_number) == 7
        and len(t.customer_code_1) == 10
        and t.amount_yen > 0
        and t.payee_name[:1] > " "
    ]
    if len(lines) < len(block) or profile.are_names_required:
        return None
    together = "\n".join([*lines, ""])
    is_sound = data_layout(allow_wo=profile.allow_wo).match_lines(together) and STRAY_MARK.search(together) is None
    return lines if is_sound else None


def _data_line(t: Transfer, profile: BankProfile) -> str | None:
    """The record, or None when anything about the transfer is not as it must be."""
    codes = t.customer_code_1 + t.customer_code_2 if t.edi is None else f"{t.edi:<20}"
    mark = " " if t.edi is None else "Y"
    line = (
        f"2{t.bank_code}{t.bank_name:<15}{t.branch_code}{t.branch_name:<15}{profile.clearing_house}"
        f"{t.account_kind:d}{t.account_number}{t.payee_name:<30}{t.amount_yen:010d}{t.new_code}{codes}"
        f"{profile.designation}{mark}       "
    )
    layout = data_layout if t.edi is None else edi_layout
    is_sound = (
        len(line) == RECORD_LENGTH
        and layout(allow_wo=profile.allow_wo).match(line) is not None
        and len(t.bank_code) == 4
        and len(t.branch_code) == 3
        and len(t.account_number) == 7
        and len(t.customer_code_1) == 10
        and t.amount_yen > 0
        and t.payee_name[:1] > " "
        and STRAY_MARK.search(line) is None
        and (not profile.are_names_required or (t.bank_name.strip() != "" and t.branch_name.strip() != ""))
    )
    return line if is_sound else None
