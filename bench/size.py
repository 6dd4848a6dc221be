"""How large the data of a measurement is: all of it, or the part that `kotowari bench --part` names."""

import os


def part_of(whole: int) -> int:
    """So many of `whole` as were asked for, at least one in a thousand."""
    return max(int(whole * float(os.environ.get("KOTOWARI_BENCH_PART", "1"))), whole // 1000)


def described() -> str:
    """How much of the whole was asked for, for the notes of a report."""
    part = float(os.environ.get("KOTOWARI_BENCH_PART", "1"))
    return "the whole size" if part == 1 else f"{part:g} of the whole size"
