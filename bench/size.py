"""How large the data of a measurement is: all of it, or the part that `kotowari bench --part` names."""

import os


def part_of(whole: int) -> int:
    """So many of `whole` as were asked for, at least one in a thousand."""
    return max(int(whole * float(os.environ.get("KOTOWARI_BENCH_PART", "1"))), whole // 1000)


def is_whole() -> bool:
    """Whether all of it was asked for: an aim in minutes says nothing of a part."""
    return float(os.environ.get("KOTOWARI_BENCH_PART", "1")) == 1
