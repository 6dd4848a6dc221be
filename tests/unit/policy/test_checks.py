"""Values that must agree with one another."""

import pytest

from kotowari.foundation import policy
from kotowari.foundation.policy.checks import conflicts
from kotowari.kernel.text import use_language


@pytest.mark.rule("A027")
def test_a_password_beside_a_second_factor_need_not_be_longer_than_one_alone() -> None:
    values = {name: policy.value(name) for name in policy.KEYS}
    assert conflicts(values) == []
    assert conflicts({**values, "accounts.password_min_length_with_factor": 15}) == []
    (text,) = conflicts({**values, "accounts.password_min_length_with_factor": 16})
    with use_language("en"):
        assert "need not be longer" in str(text)
