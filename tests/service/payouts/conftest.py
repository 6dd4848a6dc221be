"""Workers with rewards, clients with refunds, and a member of staff, made as the product makes them."""

from datetime import date
from typing import Any

import pytest
from tests.service.payouts.market import Market


@pytest.fixture
def market(clock: Any) -> Market:
    """A market on 20 November 2026, ten o'clock in Tokyo."""
    return Market(clock)


@pytest.fixture
def closed(market: Market, db: None) -> Market:
    """The same market just after the closing of 30 November, with one worker who is paid 48,620 yen by it."""
    worker = market.worker("hanako", reward_yen=48_620)
    market.after(date(2026, 11, 30))
    market.close()
    market.hanako = worker
    return market
