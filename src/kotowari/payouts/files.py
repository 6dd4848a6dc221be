"""The bytes of a run's 全銀 files, made from its payouts; and made again, the same to the last bit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.errors import KotowariError
from kotowari.payouts import zengin
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.payouts.sender import Sender

WITH_BANK = ("in_file", "settled", "returned")
"""States of a payout that stands in its run's file."""


@dataclass(frozen=True, slots=True)
class RunFile:
    """One file for the bank, in its encoding, and the payouts that stand in it, in order."""

    name: str
    content: bytes
    payouts: Sequence[Payout]

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def total_yen(self) -> int:
        """What the file asks the bank to transfer."""
        return sum(payout.net_yen for payout in self.payouts)


class FileChanged(KotowariError):  # noqa: N818
    """The file that comes out now is not the one that was handed over: somebody has changed the rows behind it."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} cannot be made again as it was handed over; do not send it to the bank")


def transfer_of(payout: Payout) -> zengin.Transfer:
    """A payout as the file writes it; its number stands as customer code 1."""
    return zengin.Transfer(
        bank_code=payout.bank_code,
        branch_code=payout.branch_code,
        account_kind=AccountKind(payout.account_kind),
        account_number=payout.account_number,
        payee_name=payout.holder_kana,
        amount_yen=payout.net_yen,
        bank_name=payout.bank_kana,
        branch_name=payout.branch_kana,
        customer_code_1=payout.reference,
    )


def draft_files(by: Sender, payouts: Sequence[Payout]) -> list[RunFile]:
    """The files for these payouts in this order, as many as the bank's limits need. Raises `zengin.CannotWrite`."""
    transfers = [transfer_of(payout) for payout in payouts]
    contents = zengin.write(by.header, transfers, by.profile)
    files = []
    start = 0
    for content, batch in zip(contents, zengin.split(transfers, by.profile), strict=True):
        batch_of_payouts = payouts[start : start + len(batch)]
        start += len(batch)
        name = f"sofuri-{by.header.transfer_on:%Y%m%d}-{batch_of_payouts[0].reference}.txt"
        files.append(RunFile(name, content, batch_of_payouts))
    return files


def run_files(run: PayoutRun) -> list[RunFile]:
    """The files of a run that was handed over, byte for byte; none before. Raises `FileChanged`.

    They hold account numbers: whoever shows them has asked the gate `FILE` and left an entry in the audit, as
    `write_run_file` does.
    """
    if run.sender is None:
        return []
    payouts = list(Payout.objects.select_related("account").filter(run=run, state__in=WITH_BANK).order_by("number"))
    files = draft_files(Sender.from_json(run.sender), payouts)
    if [file.digest for file in files] != [known["digest"] for known in run.files]:
        raise FileChanged(run.files[0]["name"])
    return files
