"""Policy values that are small tables: fee tiers, transfer fees, closings with their pay dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kotowari.foundation.policy.kinds import Kind, WrongValue, joined
from kotowari.kernel.calendar import DayOfMonth
from kotowari.kernel.money import MAX_YEN, yen
from kotowari.kernel.text import Text

MAX_PERMILLE = 500
"""No fee may take more than half: with every tax on top a worker still receives something."""


@dataclass(frozen=True, slots=True)
class FeeTier:
    """The share taken of the part of an amount that lies above `above_yen` (up to the next tier)."""

    above_yen: int
    permille: int


@dataclass(frozen=True, slots=True)
class TransferFee:
    """What one bank transfer costs the worker: to this bank, below this amount; None means any."""

    fee_yen: int
    bank_code: str | None = None
    below_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """When rewards are gathered (`closes_day`) and when they are paid.

    `"daily"` closings pay a number of bank days later; closings on a day of the month pay on a day of that month
    or of a later one.
    """

    closes_day: DayOfMonth | Literal["daily"]
    pays_months_later: int = 0
    pays_day: DayOfMonth = "end"
    pays_bank_days_later: int = 0


@dataclass(frozen=True, slots=True)
class Tiers(Kind):
    """Marginal fee tiers, from the first yen upwards."""

    type: ClassVar[str] = "tiers"

    @property
    def right(self) -> Text:
        return Text(
            "{ above_yen, permille } の並び(最初の above_yen は0、以降は大きくなる順、permille は0〜500)",
            "rows of { above_yen, permille }: the first above_yen is 0, each next one larger, permille 0 to 500",
        )

    def parse(self, raw: Any) -> tuple[FeeTier, ...]:
        rows = _rows(self, raw, required={"above_yen", "permille"}, longest=10)
        for row in rows:
            _whole(self, row["above_yen"], 0, MAX_YEN)
            _whole(self, row["permille"], 0, MAX_PERMILLE)
        limits = [row["above_yen"] for row in rows]
        if limits[0] != 0 or sorted(set(limits)) != limits:
            raise self.wrong(raw)
        return tuple(FeeTier(**row) for row in rows)

    def as_json(self, value: Sequence[FeeTier]) -> list[dict[str, int]]:
        return [{"above_yen": tier.above_yen, "permille": tier.permille} for tier in value]

    def show(self, value: Sequence[FeeTier]) -> Text:
        if len(value) == 1:
            return Text(f"{value[0].permille / 10:g}%", f"{value[0].permille / 10:g} %")
        return joined([self._tier(tier) for tier in value], "; ")

    @staticmethod
    def _tier(tier: FeeTier) -> Text:
        text = Text("{above}を超える部分 {percent}%", "{percent} % above {above}")
        if tier.above_yen == 0:
            text = Text("最初の部分 {percent}%", "{percent} % of the first part")
        return text.format(above=yen(tier.above_yen), percent=f"{tier.permille / 10:g}")


@dataclass(frozen=True, slots=True)
class TransferFees(Kind):
    """Transfer fees; of several rows the first that fits counts, and the last fits always."""

    type: ClassVar[str] = "transfer_fees"

    @property
    def right(self) -> Text:
        return Text(
            "{ fee_yen, bank_code, below_yen } の並び(条件のある行が先、最後の行は fee_yen だけ。bank_code は4桁)",
            "rows of { fee_yen, bank_code, below_yen }: rows with a condition first, the last with fee_yen only; "
            "bank_code has four digits",
        )

    def parse(self, raw: Any) -> tuple[TransferFee, ...]:
        rows = _rows(self, raw, required={"fee_yen"}, optional={"bank_code", "below_yen"}, longest=20)
        for index, row in enumerate(rows):
            _whole(self, row["fee_yen"], 0, 10_000)
            bank_code, below_yen = row.get("bank_code"), row.get("below_yen")
            if below_yen is not None:
                _whole(self, below_yen, 1, MAX_YEN)
            if bank_code is not None and not (
                isinstance(bank_code, str) and len(bank_code) == 4 and bank_code.isascii() and bank_code.isdigit()
            ):
                raise self.wrong(raw)
            is_last = index == len(rows) - 1
            if is_last != (bank_code is None and below_yen is None):
                raise self.wrong(raw)
        return tuple(TransferFee(**row) for row in rows)

    def as_json(self, value: Sequence[TransferFee]) -> list[dict[str, Any]]:
        return [
            {
                "fee_yen": row.fee_yen,
                **({"bank_code": row.bank_code} if row.bank_code is not None else {}),
                **({"below_yen": row.below_yen} if row.below_yen is not None else {}),
            }
            for row in value
        ]

    def show(self, value: Sequence[TransferFee]) -> Text:
        return joined([self._row(row, only=len(value) == 1) for row in value], "; ")

    @staticmethod
    def _row(row: TransferFee, *, only: bool) -> Text:
        conditions = []
        if row.bank_code is not None:
            conditions.append(Text("銀行{code}", "bank {code}").format(code=row.bank_code))
        if row.below_yen is not None:
            conditions.append(Text("{below}未満", "below {below}").format(below=yen(row.below_yen)))
        if not conditions and only:
            return yen(row.fee_yen)
        where = joined(conditions) if conditions else Text("その他", "otherwise")
        return Text("{where} {fee}", "{where} {fee}").format(where=where, fee=yen(row.fee_yen))


@dataclass(frozen=True, slots=True)
class Closings(Kind):
    """The closings of the regular payout methods."""

    type: ClassVar[str] = "closings"

    @property
    def right(self) -> Text:
        return Text(
            '{ closes_day, pays_months_later, pays_day } の並び(日は1〜28か "end"、支払日は締め日より後)、'
            'または { closes_day = "daily", pays_bank_days_later } の1行(1〜20営業日)',
            'rows of { closes_day, pays_months_later, pays_day } with days 1 to 28 or "end", paying after the closing; '
            'or the one row { closes_day = "daily", pays_bank_days_later } with 1 to 20 bank days',
        )

    def parse(self, raw: Any) -> tuple[Closing, ...]:
        if isinstance(raw, (list, tuple)) and len(raw) == 1 and _is_daily(raw[0]):
            row = _rows(self, raw, required={"closes_day", "pays_bank_days_later"}, longest=1)[0]
            _whole(self, row["pays_bank_days_later"], 1, 20)
            return (Closing(**row),)
        rows = _rows(self, raw, required={"closes_day", "pays_months_later", "pays_day"}, longest=4)
        for row in rows:
            _whole(self, row["pays_months_later"], 0, 2)
            for day in (row["closes_day"], row["pays_day"]):
                if day != "end":
                    _whole(self, day, 1, 28)
            if row["pays_months_later"] == 0 and _order(row["pays_day"]) <= _order(row["closes_day"]):
                raise self.wrong(raw)
        if len({row["closes_day"] for row in rows}) < len(rows):
            raise self.wrong(raw)
        return tuple(Closing(**row) for row in rows)

    def as_json(self, value: Sequence[Closing]) -> list[dict[str, Any]]:
        return [
            {"closes_day": "daily", "pays_bank_days_later": row.pays_bank_days_later}
            if row.closes_day == "daily"
            else {
                "closes_day": row.closes_day,
                "pays_months_later": row.pays_months_later,
                "pays_day": row.pays_day,
            }
            for row in value
        ]

    def show(self, value: Sequence[Closing]) -> Text:
        return joined([self._row(row) for row in value], "; ")

    @staticmethod
    def _row(row: Closing) -> Text:
        if row.closes_day == "daily":
            text = Text("毎日締め、{days}営業日後払い", "closes daily, pays {days} bank days later")
            return text.format(days=row.pays_bank_days_later)
        months = (
            Text("当月", "the same month"),
            Text("翌月", "the next month"),
            Text("翌々月", "the month after next"),
        )
        text = Text("{closes}締め・{month}{pays}払い", "closes on {closes}, pays on {pays} of {month}")
        return text.format(closes=_day(row.closes_day), pays=_day(row.pays_day), month=months[row.pays_months_later])


def _day(day: DayOfMonth) -> Text:
    return Text("末日", "the last day") if day == "end" else Text(f"{day}日", f"day {day}")


def _order(day: DayOfMonth) -> int:
    return 31 if day == "end" else day


def _is_daily(row: Any) -> bool:
    return isinstance(row, dict) and row.get("closes_day") == "daily"


def _rows(
    kind: Kind, raw: Any, *, required: set[str], optional: frozenset[str] | set[str] = frozenset(), longest: int
) -> list[dict[str, Any]]:
    if not isinstance(raw, (list, tuple)) or not 1 <= len(raw) <= longest:
        raise kind.wrong(raw)
    for row in raw:
        if not isinstance(row, dict) or not required <= set(row) <= required | optional:
            raise kind.wrong(raw)
    return [dict(row) for row in raw]


def _whole(kind: Kind, number: Any, minimum: int, maximum: int) -> None:
    if not isinstance(number, int) or isinstance(number, bool) or not minimum <= number <= maximum:
        text = Text("{right}。「{number}」は使えません。", "{right}; {number} cannot stand here.")
        raise WrongValue(text.format(right=kind.right, number=number)) from None
