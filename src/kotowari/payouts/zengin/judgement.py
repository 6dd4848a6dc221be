"""What a bank would refuse or somebody should look at in a file that was read, told by line and column."""

from collections.abc import Collection, Sequence
from datetime import date

from kotowari.kernel.fixed_records import Findings
from kotowari.kernel.record_layout import RecordLayout
from kotowari.kernel.text import Text
from kotowari.payouts.banks import FICTIONAL_BANKS, BankDirectory
from kotowari.payouts.zengin.checks import (
    Concern,
    destination_concerns,
    header_concerns,
    repeated,
    repeated_concern,
    schedule_concerns,
    transfer_concerns,
)
from kotowari.payouts.zengin.layout import data_layout, header_layout
from kotowari.payouts.zengin.records import AMOUNT_LIMIT_YEN, BankProfile, TransferFile


def judge(
    files: Sequence[TransferFile],
    findings: Findings,
    profile: BankProfile,
    created_on: date,
    directory: BankDirectory | None,
    closed: Collection[date],
) -> None:
    """Every file's date, destinations and amounts; errors and warnings go to the place they are about."""
    header_columns = header_layout(allow_wo=profile.allow_wo)
    data_columns = data_layout(allow_wo=profile.allow_wo)
    samples: set[str] = set()  # told once each, not on every line
    for f in files:
        for concern in (
            *header_concerns(f.header),
            *schedule_concerns(f.header.transfer_on, profile, created_on, closed),
        ):
            _tell(findings, f.line, header_columns, concern)
        for place, t in enumerate(f.transfers, start=1):
            for concern in transfer_concerns(t):
                _tell(findings, f.line + place, data_columns, concern)
            if t.amount_yen == AMOUNT_LIMIT_YEN:
                findings.warn(
                    "amount_at_limit",
                    f.line + place,
                    data_columns.column("amount_yen"),
                    Text("振込金額が欄の最大値です。", "The amount is the most the field can hold."),
                )
            if directory is not None and t.bank_code not in samples:
                for concern in destination_concerns(t.bank_code, t.branch_code, directory):
                    _tell(findings, f.line + place, data_columns, concern)
                samples |= {t.bank_code} & FICTIONAL_BANKS
        for index, earlier in repeated(f.transfers):
            _tell(findings, f.line + index + 1, data_columns, repeated_concern(earlier + 1))


def _tell(findings: Findings, line: int, layout: RecordLayout, concern: Concern) -> None:
    say = findings.error if concern.is_error else findings.warn
    say(concern.code, line, layout.column(concern.field), concern.message, concern.remedy)
