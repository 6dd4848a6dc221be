"""What browser somebody uses, in words that they can check and correct (A008)."""

from functools import lru_cache

from ua_parser import parse

LONGEST_READ = 512


@lru_cache(maxsize=512)
def browser_of(user_agent: str) -> str:
    """`Chrome 140 / Windows 10`, as the browser says of itself; "" for one that says nothing we can read."""
    found = parse(user_agent[:LONGEST_READ])
    parts = [
        " ".join(filter(None, [part.family, part.major])) for part in (found.user_agent, found.os) if part is not None
    ]
    return " / ".join(part for part in parts if part)
