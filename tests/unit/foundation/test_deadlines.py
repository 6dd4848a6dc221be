"""Sweeps beside each other: what one of them cannot do stops none of the others."""

import pytest

from kotowari.foundation import deadlines
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, refuse
from kotowari.kernel.text import Text
from kotowari.ledger.gates import POST

NO = Blocker(code="no", reason=Text("まだです。", "Not yet."), rule="P003", resolved_by="time")


def sweeps(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> list[str]:
    """Three sweeps of which the second cannot; what the others did."""
    left, done = {"first": 2, "last": 3}, []

    def working(name: str) -> int:
        if not left[name]:
            return 0
        left[name] -= 1
        done.append(name)
        return 1

    def failing() -> int:
        raise fault

    monkeypatch.setattr(
        deadlines,
        "SWEEPS",
        {"first": lambda: working("first"), "middle": failing, "last": lambda: working("last")},
    )
    return done


def test_a_refused_sweep_waits_for_the_next_round_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    done = sweeps(monkeypatch, refuse(POST, NO))
    assert isinstance(refuse(POST, NO), Refused)
    assert deadlines.run_all_due() == {"first": 2, "last": 3}
    assert sorted(done) == ["first"] * 2 + ["last"] * 3


def test_a_fault_is_raised_once_everything_else_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done = sweeps(monkeypatch, ZeroDivisionError("x"))
    with pytest.raises(ZeroDivisionError):
        deadlines.run_all_due()
    assert sorted(done) == ["first"] * 2 + ["last"] * 3
