"""What a bank would refuse although the bytes are right, and what deserves a second look.

One place for the writer, the reader and whoever prepares a payout run, so that the same sentence is shown
before a file is written and after one is read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kotowari.kernel import calendar
from kotowari.kernel.kana import MARKS
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payouts.banks import BankDirectory, is_fictional
from kotowari.payouts.zengin.records import (
    AMOUNT_LIMIT_YEN,
    LARGE_VALUE_YEN,
    BankProfile,
    Header,
    Transfer,
    TransferProblem,
)

PAYEE_BYTES: Final = 30


@dataclass(frozen=True, slots=True)
class Concern:
    """A rule that a date, a destination or a transfer breaks (`is_error`) or brushes against."""

    code: str
    field: str
    is_error: bool
    message: Text
    remedy: Text


def schedule_concerns(
    transfer_on: date, profile: BankProfile, created_on: date, closed: Collection[date] = ()
) -> Iterator[Concern]:
    """Whether banks move money on this day, and whether it lies in the bank's window from `created_on`."""
    day = Text(f"{transfer_on.year}年{transfer_on.month}月{transfer_on.day}日", f"{transfer_on:%-d %B %Y}")
    if reason := calendar.why_closed(transfer_on, closed):
        before = calendar.shift(transfer_on, "previous", closed)
        after = calendar.shift(transfer_on, "next", closed)
        yield Concern(
            "not_a_bank_day",
            "transfer_on",
            True,
            Text("振込指定日の{day}は銀行の休業日です: {reason}。", "{day} is no bank day: {reason}.").format(
                day=day, reason=reason
            ),
            Text(f"{before:%Y-%m-%d}または{after:%Y-%m-%d}", f"{before:%Y-%m-%d} or {after:%Y-%m-%d}"),
        )
        return
    earliest = calendar.add_bank_days(created_on, profile.earliest_bank_days, closed)
    latest = created_on + timedelta(days=profile.latest_days)
    if not earliest <= transfer_on <= latest:
        yield Concern(
            "outside_window",
            "transfer_on",
            False,
            Text(
                "振込指定日の{day}は銀行の受付期間の外です(年のない日付を作成日以降で読んでいます)。",
                "{day} lies outside the bank's window (the file has no year; the next such day is taken).",
            ).format(day=day),
            Text(f"{earliest:%Y-%m-%d}〜{latest:%Y-%m-%d}", f"{earliest:%Y-%m-%d} to {latest:%Y-%m-%d}"),
        )


def destination_concerns(bank_code: str, branch_code: str, directory: BankDirectory) -> Iterator[Concern]:
    """Whether the bank exists and has this branch."""
    if is_fictional(bank_code):
        yield Concern(
            "fictional_bank",
            "bank_code",
            False,
            Text(
                f"銀行番号{bank_code}は見本用で、実在しません。", f"Bank {bank_code} is for samples and does not exist."
            ),
            Text("実際の振込には使えません。", "It cannot be used for a real transfer."),
        )
        return
    bank = directory.bank(bank_code)
    if bank is None:
        yield Concern(
            "unknown_bank",
            "bank_code",
            True,
            Text(
                f"銀行番号{bank_code}は金融機関一覧({directory.updated_on})にありません。",
                f"Bank {bank_code} is not in the directory of {directory.updated_on}.",
            ),
            Text(
                "合併などで変わった可能性があります。口座を確認してください。", "It may have merged; check the account."
            ),
        )
    elif directory.branch(bank_code, branch_code) is None:
        yield Concern(
            "unknown_branch",
            "branch_code",
            True,
            Text(
                f"{bank.display_name}に支店番号{branch_code}はありません({directory.updated_on}時点)。",
                f"{bank.display_name} has no branch {branch_code} (as of {directory.updated_on}).",
            ),
            Text(
                "統廃合などで変わった可能性があります。口座を確認してください。",
                "It may have merged; check the account.",
            ),
        )


def transfer_concerns(transfer: Transfer) -> Iterator[Concern]:
    """Whether one transfer makes sense."""
    amount = transfer.amount_yen
    if not 0 < amount <= AMOUNT_LIMIT_YEN:
        yield Concern(
            "amount",
            "amount_yen",
            True,
            Text("振込金額が{amount}です。", "The amount is {amount}.").format(amount=yen(amount)),
            Text("1円から{most}まで", "¥1 to {most}").format(most=yen(AMOUNT_LIMIT_YEN)),
        )
    elif amount >= LARGE_VALUE_YEN:
        yield Concern(
            "large_value",
            "amount_yen",
            False,
            Text("振込金額が{amount}で、1億円以上です。", "The amount is {amount}, 100 million yen or more.").format(
                amount=yen(amount)
            ),
            Text(
                "大口扱いになるため、銀行の受付時間を確認してください。",
                "It is settled as a large value; check the bank's hours.",
            ),
        )
    if not transfer.payee_name.strip():
        yield Concern(
            "no_payee",
            "payee_name",
            True,
            Text("受取人名が空白です。", "The payee's name is empty."),
            Text("口座名義のカナが必要です。", "The account holder's kana name is needed."),
        )
    elif len(transfer.payee_name) == PAYEE_BYTES and transfer.payee_name[-1] not in MARKS:
        yield Concern(
            "payee_may_be_cut",
            "payee_name",
            False,
            Text("受取人名が30バイトいっぱいです。", "The payee's name fills all 30 bytes."),
            Text("途中で切れていないか確認してください。", "Check that it is not cut short."),
        )


def header_concerns(header: Header) -> Iterator[Concern]:
    """Whether the sender is named."""
    if not header.client_name.strip():
        yield Concern(
            "no_client_name",
            "client_name",
            True,
            Text("委託者名が空白です。", "The client's name is empty."),
            Text("銀行に届け出たカナの名称が必要です。", "The kana name registered with the bank is needed."),
        )


def repeated(transfers: Sequence[Transfer]) -> Iterator[tuple[int, int]]:
    """Places of transfers to the same account for the same amount as an earlier one, with the earlier place."""
    first: dict[tuple[str, str, int, str, int], int] = {}
    for index, t in enumerate(transfers):
        key = (t.bank_code, t.branch_code, t.account_kind, t.account_number, t.amount_yen)
        earlier = first.setdefault(key, index)
        if earlier != index:
            yield index, earlier


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What stands in the way of a run (`errors`) and what somebody should look at (`warnings`)."""

    errors: tuple[TransferProblem, ...]
    warnings: tuple[TransferProblem, ...]


def check(
    header: Header,
    transfers: Sequence[Transfer],
    profile: BankProfile,
    *,
    created_on: date,
    directory: BankDirectory | None = None,
    closed: Collection[date] = (),
) -> CheckResult:
    """Everything about a planned run that is not a matter of bytes, told at once, before anything is written."""
    found: list[tuple[int | None, Concern]] = [(None, c) for c in header_concerns(header)]
    found += [(None, c) for c in schedule_concerns(header.transfer_on, profile, created_on, closed)]
    found += [(None, c) for c in _daily_limit(transfers, profile)]
    for index, transfer in enumerate(transfers):
        found += [(index, c) for c in transfer_concerns(transfer)]
        if directory is not None:
            found += [(index, c) for c in destination_concerns(transfer.bank_code, transfer.branch_code, directory)]
    found += [(index, repeated_concern(earlier + 1)) for index, earlier in repeated(transfers)]
    errors = tuple(_problem(index, c) for index, c in found if c.is_error)
    return CheckResult(errors, tuple(_problem(index, c) for index, c in found if not c.is_error))


def repeated_concern(earlier: int) -> Concern:
    """What is said of a transfer that repeats an earlier one."""
    return Concern(
        "repeated",
        "account_number",
        False,
        Text(
            f"{earlier}件目と同じ口座・同じ金額の振込です。",
            f"The same account and amount as transfer {earlier}.",
        ),
        Text("二重でないことを確認してください。", "Make sure that it is not a duplicate."),
    )


def _daily_limit(transfers: Sequence[Transfer], profile: BankProfile) -> Iterator[Concern]:
    total = sum(t.amount_yen for t in transfers)
    if profile.daily_limit_yen is not None and total > profile.daily_limit_yen:
        yield Concern(
            "daily_limit",
            "amount_yen",
            True,
            Text(
                "合計{total}は、1日の上限{limit}を超えます。", "{total} in all is over the daily limit of {limit}."
            ).format(total=yen(total), limit=yen(profile.daily_limit_yen)),
            Text(
                "日を分けるか、銀行に上限の変更を申し込んでください。", "Spread it over days, or have the limit raised."
            ),
        )


def _problem(index: int | None, concern: Concern) -> TransferProblem:
    return TransferProblem(concern.code, index, concern.field, concern.message, concern.remedy)
