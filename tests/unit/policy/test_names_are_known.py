"""Code reads only values that the catalogue has."""

import re
from pathlib import Path

import kotowari
from kotowari.foundation import policy
from kotowari.pricing import PAYOUT_KEYS, PRICING_KEYS

SOURCE = Path(kotowari.__file__).parent
READ = re.compile(r"""policy(?:\.value\(\s*|=)"([a-z_]+\.[a-z_]+)\"""")


def test_every_value_that_is_read_is_in_the_catalogue() -> None:
    read = {
        (str(path.relative_to(SOURCE)), name)
        for path in SOURCE.rglob("*.py")
        for name in READ.findall(path.read_text(encoding="utf-8"))
    }
    assert len(read) > 10, "nothing was found: the pattern no longer fits the code"
    assert {(path, name) for path, name in read if name not in policy.KEYS} == set()
    assert {*PRICING_KEYS, *PAYOUT_KEYS} <= set(policy.KEYS)
