import pytest

from kotowari.foundation.transitions import NotInTable, Transition, TransitionTable
from kotowari.kernel.text import Text

STATES = {
    "asked": Text("確認中", "asked"),
    "agreed": Text("合意", "agreed"),
    "dropped": Text("取下げ", "dropped"),
}
AGREE = Transition("asked", "agree", "agreed", ("client",))
DROP = Transition("asked", "drop", "dropped", ("worker",))
LAPSE = Transition("asked", "lapse", "dropped", ("time",), deadline=Text("7日後", "after 7 days"))


def table(*transitions: Transition, **more: object) -> TransitionTable:
    return TransitionTable("test.ask", STATES, ("asked",), transitions, **more)  # type: ignore[arg-type]


def test_a_change_in_the_table_gives_the_next_state() -> None:
    asks = table(AGREE, DROP, LAPSE)
    assert asks.require("asked", "agree") == "agreed"
    assert asks.may("asked", "drop")
    assert asks.final == {"agreed", "dropped"}
    assert asks.events_from("asked") == ("agree", "drop", "lapse")
    assert asks.sources_of("lapse") == ("asked",)
    assert [t.event for t in asks.default_outcomes("asked")] == ["lapse"]


def test_a_change_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(NotInTable, match="no 'agree' from state 'dropped'"):
        table(AGREE, DROP, LAPSE).require("dropped", "agree")


def test_a_table_in_which_a_row_could_wait_for_ever_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="'asked' could wait for ever"):
        table(AGREE, DROP)
    assert table(AGREE, DROP, rests={"asked": "nobody waits for it"}).rests


def test_a_change_by_time_has_a_deadline_and_no_other_has_one() -> None:
    with pytest.raises(ValueError, match="has a deadline"):
        Transition("asked", "lapse", "dropped", ("time",))
    with pytest.raises(ValueError, match="has a deadline"):
        Transition("asked", "drop", "dropped", ("worker",), deadline=Text("7日後", "after 7 days"))


def test_a_table_with_an_unknown_an_unreachable_or_a_doubled_entry_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        table(AGREE, DROP, LAPSE, Transition("asked", "lose", "lost", ("client",)))
    with pytest.raises(ValueError, match="nothing leads to"):
        table(DROP, LAPSE)
    with pytest.raises(ValueError, match="stands twice"):
        table(AGREE, AGREE, DROP, LAPSE)


def test_the_trigger_names_every_pair_and_no_other() -> None:
    sql = table(AGREE, DROP, LAPSE).sql_trigger("test_ask")
    assert sql.count("('asked', 'agreed')") == 1
    assert sql.count("('asked', 'dropped')") == 1
    assert "('agreed'" not in sql
