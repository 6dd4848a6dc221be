"""Consumption tax on a paper: for each rate once, of the sum of what bears it, never line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kotowari.kernel.money import portion


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """An amount with its tax inside. `tax_yen` is what was agreed of it as tax when the contract was made."""

    permille: int
    total_yen: int
    tax_yen: int


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What bears one rate on a paper: all of it with tax, and the tax inside."""

    permille: int
    total_yen: int
    tax_yen: int

    @property
    def base_yen(self) -> int:
        """Without tax."""
        return self.total_yen - self.tax_yen


def taxes_by_rate(lines: Iterable[TaxedLine]) -> tuple[RateTotal, ...]:
    """The totals of each rate, the lowest rate first.

    The law takes any rounding of the exact tax, made once per paper and rate. What was agreed stands, as long as it
    is such a rounding; else (parts of a contract that was rounded as a whole) the exact tax is rounded down.
    """
    sums: dict[int, tuple[int, int]] = {}
    for line in lines:
        total_yen, agreed_yen = sums.get(line.permille, (0, 0))
        sums[line.permille] = (total_yen + line.total_yen, agreed_yen + line.tax_yen)
    return tuple(
        RateTotal(permille, total_yen, tax_on_paper(total_yen, permille, agreed_yen))
        for permille, (total_yen, agreed_yen) in sorted(sums.items())
    )


def tax_on_paper(total_yen: int, permille: int, agreed_yen: int) -> int:
    """The tax inside an amount, rounded once; the agreed one if the law could have come to it."""
    down = portion(total_yen, permille, 1000 + permille)
    up = portion(total_yen, permille, 1000 + permille, "up")
    return agreed_yen if agreed_yen in (down, up) else down


def as_json(taxes: Sequence[RateTotal]) -> list[dict[str, int]]:
    """For the column of a paper."""
    return [{"permille": t.permille, "total_yen": t.total_yen, "tax_yen": t.tax_yen} for t in taxes]
