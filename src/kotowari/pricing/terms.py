"""The values that prices are computed from, taken out of the policy and kept by what was agreed under them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self, cast

from kotowari.foundation import policy
from kotowari.foundation.policy.rows import Closing, FeeTier, TransferFee
from kotowari.kernel.calendar import ShiftRule
from kotowari.kernel.money import Rounding

Base = Literal["without_tax", "with_tax"]
JobKind = Literal["project", "task"]
Method = Literal["standard", "threshold", "carry_over", "quick"]
AtExpiry = Literal["paid_out", "dormant", "forfeited"]

PRICING_KEYS = (
    "fees.system_tiers",
    "fees.task_tiers",
    "fees.client_permille",
    "fees.base",
    "fees.tax",
    "fees.rounding",
    "tax.consumption_permille",
    "tax.withholding_basis_points",
    "tax.withholding_above_yen",
    "tax.withholding_above_basis_points",
    "tax.withholding_base",
)
"""What a contract freezes: `policy.snapshot(PRICING_KEYS)`."""

PAYOUT_KEYS = (
    "payouts.methods",
    "payouts.default_method",
    "payouts.closings",
    "payouts.holiday_shift",
    "payouts.standard_minimum_yen",
    "payouts.threshold_minimum_yen",
    "payouts.quick_offered",
    "payouts.quick_minimum_yen",
    "payouts.quick_fee_permille",
    "payouts.quick_bank_days",
    "payouts.quick_planned_bank_days",
    "payouts.quick_only_with_carry_over",
    "payouts.transfer_fees",
    "payouts.free_transfers_per_closing",
    "payouts.expiry_days",
    "payouts.at_expiry",
    "payouts.at_expiry_without_account",
    "calendar.extra_closed_days",
)
"""What a payout is computed from."""


@dataclass(frozen=True, slots=True)
class PricingTerms:
    """Fees and taxes of one contract, as they were when it was made; later changes of the rules do not reach it."""

    policy_version: str
    kind: JobKind
    tiers: tuple[FeeTier, ...]
    client_permille: int
    base: Base
    fee_tax: Literal["added", "included"]
    rounding: Rounding
    tax_permille: int
    withholding_basis_points: int
    withholding_above_yen: int
    withholding_above_basis_points: int
    withholding_base: Base

    @classmethod
    def from_policy(cls, snapshot: Mapping[str, Any], kind: JobKind = "project") -> Self:
        """From `policy.snapshot(PRICING_KEYS)`; task work has its own system fee."""
        values = policy.from_snapshot(snapshot)
        return cls(
            policy_version=snapshot["version"],
            kind=kind,
            tiers=values["fees.task_tiers" if kind == "task" else "fees.system_tiers"],
            client_permille=values["fees.client_permille"],
            base=values["fees.base"],
            fee_tax=values["fees.tax"],
            rounding=values["fees.rounding"],
            tax_permille=values["tax.consumption_permille"],
            withholding_basis_points=values["tax.withholding_basis_points"],
            withholding_above_yen=values["tax.withholding_above_yen"],
            withholding_above_basis_points=values["tax.withholding_above_basis_points"],
            withholding_base=values["tax.withholding_base"],
        )

    @classmethod
    def in_force(cls, on: date | None = None, kind: JobKind = "project") -> Self:
        """The terms a contract made on a day (today) gets."""
        return cls.from_policy(policy.snapshot(PRICING_KEYS, on), kind)

    @classmethod
    def of_preset(cls, preset: str, on: date | None = None, kind: JobKind = "project") -> Self:
        """The terms of a preset by itself."""
        return cls.from_policy(policy.values(preset=preset, on=on).snapshot(PRICING_KEYS), kind)

    def to_dict(self) -> dict[str, Any]:
        """For a JSON column; `from_dict` reads it back, whatever has become of the catalogue since."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__ if name != "tiers"}
        plain["tiers"] = [{"above_yen": tier.above_yen, "permille": tier.permille} for tier in self.tiers]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Back from a JSON column."""
        return cls(**{**plain, "tiers": tuple(FeeTier(**tier) for tier in plain["tiers"])})


@dataclass(frozen=True, slots=True)
class PayoutTerms:
    """How and when rewards are paid out, as the rules of one day say."""

    policy_version: str
    methods: tuple[Method, ...]
    default_method: Method
    closings: tuple[Closing, ...]
    holiday_shift: ShiftRule
    standard_minimum_yen: int
    threshold_minimum_yen: int
    quick_offered: bool
    quick_minimum_yen: int
    quick_fee_permille: int
    quick_bank_days: int
    quick_only_with_carry_over: bool
    transfer_fees: tuple[TransferFee, ...]
    expiry_days: int
    at_expiry: AtExpiry
    at_expiry_without_account: AtExpiry
    closed_days: frozenset[date]
    # Terms that were kept before these rules came know nothing of them.
    quick_planned_bank_days: int = 1
    free_transfers_per_closing: int = 0

    @classmethod
    def from_policy(cls, snapshot: Mapping[str, Any]) -> Self:
        """From `policy.snapshot(PAYOUT_KEYS)`."""
        values = policy.from_snapshot(snapshot)
        own = {key.removeprefix("payouts."): values[key] for key in PAYOUT_KEYS if key.startswith("payouts.")}
        closed_days = frozenset(values["calendar.extra_closed_days"])
        return cls(policy_version=snapshot["version"], closed_days=closed_days, **own)

    @classmethod
    def in_force(cls, on: date | None = None) -> Self:
        """The terms of a day (today)."""
        return cls.from_policy(policy.snapshot(PAYOUT_KEYS, on))

    @classmethod
    def of_preset(cls, preset: str, on: date | None = None) -> Self:
        """The terms of a preset by itself."""
        return cls.from_policy(policy.values(preset=preset, on=on).snapshot(PAYOUT_KEYS))

    def to_dict(self) -> dict[str, Any]:
        """For a JSON column; `from_dict` reads it back, whatever has become of the catalogue since."""
        tables = ("closings", "transfer_fees")
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in (*tables, "closed_days")}
        plain["methods"] = list(self.methods)
        for name in tables:
            rows = getattr(self, name)
            plain[name] = [{field: getattr(row, field) for field in row.__slots__} for row in rows]
        plain["closed_days"] = [day.isoformat() for day in sorted(self.closed_days)]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Back from a JSON column."""
        parts = dict(plain)
        parts["methods"] = cast(tuple[Method, ...], tuple(plain["methods"]))
        parts["closings"] = tuple(Closing(**row) for row in plain["closings"])
        parts["transfer_fees"] = tuple(TransferFee(**row) for row in plain["transfer_fees"])
        parts["closed_days"] = frozenset(date.fromisoformat(day) for day in plain["closed_days"])
        return cls(**parts)
