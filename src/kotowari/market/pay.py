"""What a job pays, as it reaches the worker: after the fee, with tax, and per hour, letter or piece (A187)."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.market.menus import WORK_UNITS
from kotowari.market.models import Job
from kotowari.pricing import PricingTerms, quote_contract


@dataclass(frozen=True, slots=True)
class Pay:
    """The offered price without tax, and what of it reaches the worker under the fees in force.

    `amount` and `unit` say how much work the client expects; both empty when they did not say.
    """

    price_min_yen: int
    price_max_yen: int
    reaches_min_yen: int
    reaches_max_yen: int
    amount: int | None = None
    unit: str = ""

    @property
    def price(self) -> Text:
        """The price in words: one amount, or from and to."""
        return _span(self.price_min_yen, self.price_max_yen)

    @property
    def reaches(self) -> Text:
        """What reaches the worker, in words."""
        return _span(self.reaches_min_yen, self.reaches_max_yen)

    @property
    def per_unit_yen(self) -> tuple[Decimal, Decimal] | None:
        """What reaches the worker for one unit of work, at least and at most, to a tenth of a yen."""
        if not self.amount:
            return None
        return _tenth(self.reaches_min_yen, self.amount), _tenth(self.reaches_max_yen, self.amount)

    @property
    def per_unit(self) -> Text | None:
        """The same in words: 1文字あたり0.8円."""
        if self.per_unit_yen is None:
            return None
        least, most = (f"{value:,}" for value in self.per_unit_yen)
        sums = Text(f"{least}円", f"¥{least}")
        if least != most:
            sums = Text(f"{least}〜{most}円", f"¥{least}–{most}")
        unit = WORK_UNITS[self.unit]
        return Text("1{unit}あたり{sums}", "{sums} per {unit}").format(
            unit=Text(unit.ja, unit.en.removesuffix("s")), sums=sums
        )


def pay_of(job: Job, terms: PricingTerms) -> Pay:
    """What a job pays under these terms."""
    return pay_for(terms, job.budget_min_yen, job.budget_max_yen, job.work_amount, job.work_unit, job.has_withholding)


def pay_for(terms: PricingTerms, min_yen: int, max_yen: int, amount: int | None, unit: str, withholding: bool) -> Pay:
    """What a price without tax, or a span of prices, comes to under these terms."""
    return Pay(
        price_min_yen=min_yen,
        price_max_yen=max_yen,
        reaches_min_yen=_reaches(min_yen, terms, withholding),
        reaches_max_yen=_reaches(max_yen, terms, withholding),
        amount=amount,
        unit=unit,
    )


@lru_cache(maxsize=10_000)
def _reaches(price_yen: int, terms: PricingTerms, withholding: bool) -> int:
    return quote_contract(price_yen, terms, withholding=withholding).worker_receives_yen


def _span(least_yen: int, most_yen: int) -> Text:
    if least_yen == most_yen:
        return yen(least_yen)
    return Text("{least}〜{most}", "{least}–{most}").format(least=yen(least_yen), most=yen(most_yen))


def _tenth(total_yen: int, amount: int) -> Decimal:
    return (Decimal(total_yen) / amount).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
