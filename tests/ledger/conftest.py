"""The ledger by itself: its tests make up members and milestones that no room above knows."""

import pytest

from kotowari.ledger import invariants

OWN = ("L1", "L2", "L3", "L4", "L5", "L7", "L8", "L9", "L13", "balances", "chart", "clock", "lots", "periods")
"""The laws that the ledger checks alone; others are registered by the rooms whose rows they compare."""


@pytest.fixture(autouse=True)
def only_its_own_laws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what the rooms above registered, except where the whole product is driven."""
    if request.path.name == "test_sigkill.py":
        return
    assert set(OWN) <= set(invariants.INVARIANTS)
    monkeypatch.setattr(invariants, "INVARIANTS", {name: invariants.INVARIANTS[name] for name in OWN})
