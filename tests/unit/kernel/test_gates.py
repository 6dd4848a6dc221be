"""Gates: one decision for every asker."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from kotowari.kernel import gates
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Action, Blocker, Remedy
from kotowari.kernel.text import Text, use_language

CLEARS = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    pk: int
    open: bool = True
    mine: bool = True


def _open(row: Row) -> Blocker | None:
    if row.open:
        return None
    return Blocker(
        "closed",
        Text("閉じています。", "It is closed."),
        rule="A084",
        resolved_by="time",
        facts={"since": CLEARS},
        remedy=Remedy(Text("待つ", "Wait"), "/wait/"),
        clears_at=CLEARS,
    )


def _mine(row: Row) -> Blocker | None:
    return (
        None
        if row.mine
        else Blocker("not_mine", Text("別の人のです。", "Not yours."), "A181", "counterparty", status=403)
    )


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> Action:
    monkeypatch.setattr(gates, "ACTIONS", dict(gates.ACTIONS))
    monkeypatch.setattr(gates, "_loaders", dict(gates._loaders))
    made = Action(
        "test.row.use", Text("使う", "Use"), Text("使えません", "It cannot be used"), "test.row", (_open, _mine)
    )
    gates.facts_for(made)(lambda _actor, rows: rows)
    return made


def test_all_blockers_are_told_at_once(action: Action) -> None:
    decision = gates.explain(action, None, Row(1, open=False, mine=False))
    assert [b.code for b in decision.blockers] == ["test.row.use.closed", "test.row.use.not_mine"]
    assert decision.status == 403
    assert decision.clears_at is None, "time alone does not make it mine"


def test_the_json_is_the_promised_refusal_object(action: Action) -> None:
    with use_language("en"):
        said = gates.explain(action, None, Row(5, open=False)).as_json()
    assert said == {
        "type": "/problems/test.row.use",
        "title": "It cannot be used",
        "status": 409,
        "action": "test.row.use",
        "subject": "5",
        "allowed": False,
        "policy_version": gates.policy_version(),
        "blockers": [
            {
                "code": "test.row.use.closed",
                "rule": "A084",
                "reason": "It is closed.",
                "facts": {"since": "2026-12-02T00:00:00+09:00"},
                "remedy": {"label": "Wait", "url": "/wait/"},
                "clears_at": "2026-12-02T00:00:00+09:00",
                "resolved_by": "time",
                "decided_by": "rule",
                "appeal": None,
            }
        ],
    }


def test_which_rows_may_is_asked_of_the_same_rules(action: Action) -> None:
    rows = [Row(1), Row(2, open=False), Row(3, mine=False), Row(4)]
    assert gates.allowed_among(action, None, rows) == [rows[0], rows[3]]
    assert [d.allowed for d in gates.decide_many(action, None, rows)] == [True, False, False, True]


def test_require_raises_the_decision_and_lets_the_twin_through(action: Action) -> None:
    with pytest.raises(Refused) as refused:
        gates.require(action, None, Row(1, open=False))
    assert refused.value.decision.blockers[0].rule == "A084"
    assert gates.require(action, None, Row(1)).allowed


def test_an_action_cannot_be_defined_twice(action: Action) -> None:
    with pytest.raises(ValueError, match="twice"):
        Action("test.row.use", Text("", ""), Text("", ""))
