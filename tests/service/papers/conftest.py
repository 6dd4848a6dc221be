import pytest
from tests.conftest import MovableClock
from tests.service.payouts.market import Market


@pytest.fixture(autouse=True)
def _clock(clock: MovableClock) -> None:
    """Every paper is made at a moment that stands still."""


@pytest.fixture
def market(clock: MovableClock) -> Market:
    return Market(clock)
