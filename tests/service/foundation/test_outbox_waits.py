"""What happened is told to the rooms that wait for it, however long that takes."""

from dataclasses import dataclass

import pytest
from tests.conftest import MovableClock

from kotowari.foundation import outbox
from kotowari.foundation.models import OutboxEvent
from kotowari.kernel.text import Text
from kotowari.ledger import invariants

pytestmark = pytest.mark.django_db
told: list[str] = []
broken = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang(outbox.Event):
    word: str


@pytest.fixture(autouse=True)
def _a_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event of these tests alone, with a listener that fails at first."""
    told.clear()
    for registry in ("EVENTS", "SENTENCES", "PERSONAL", "_names", "_field_names", "_handlers"):
        monkeypatch.setattr(outbox, registry, dict(getattr(outbox, registry)))
    outbox.event("tests.rang", Text("鳴った", "It rang"))(Rang)
    outbox.on(Rang)(_hear)
    monkeypatch.setattr(f"{__name__}.broken", True)


def _hear(e: Rang) -> None:
    if broken:
        raise RuntimeError("not now")
    told.append(e.word)


def tries() -> int:
    return OutboxEvent.objects.get(kind="tests.rang").attempts


def test_an_event_that_fails_is_tried_at_growing_distances_and_never_given_up(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.emit(Rang(word="a"))
    for _ in range(10):
        outbox.deliver_waiting()
    assert tries() == outbox.FREE_ATTEMPTS + 1, "after a few tries at once it waits"
    clock.move(minutes=1)
    outbox.deliver_waiting()
    assert tries() == outbox.FREE_ATTEMPTS + 2
    for _ in range(40):
        clock.move(hours=1)
        outbox.deliver_waiting()
    assert tries() == outbox.FREE_ATTEMPTS + 42
    assert "tests.rang" in invariants.check("L15 events").violations[0]
    monkeypatch.setattr(f"{__name__}.broken", False)
    clock.move(hours=1)
    outbox.deliver_waiting()
    assert told == ["a"]
    assert invariants.check("L15 events").ok


def test_one_that_waits_holds_up_no_other(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.emit(Rang(word="a"))
    for _ in range(5):
        outbox.deliver_waiting()
    monkeypatch.setattr(f"{__name__}.broken", False)
    outbox.emit(Rang(word="b"))
    outbox.deliver_waiting()
    assert told == ["b"]
