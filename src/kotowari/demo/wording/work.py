"""A kind of work as it is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work that is asked for again and again in other words.

    `title`, `need` and `points` have places `{0}`, `{1}` that each of `variants` fills. `yen` is the span of usual
    prices without tax. `amounts` is how much work that is, in `unit`. `withholding` is the kind of pay from which
    income tax is withheld where the client has to. `parts` are the milestones of a larger contract.
    """

    category: str
    title: str
    need: str
    points: tuple[str, ...]
    variants: tuple[tuple[str, ...], ...]
    yen: tuple[int, int]
    unit: str = ""
    amounts: tuple[int, int] = (0, 0)
    withholding: str = ""
    rights: str = "transfer"
    parts: tuple[str, ...] = ("納品",)
    skills: tuple[str, ...] = ()
    hires: int = 1
