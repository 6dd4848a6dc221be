"""States and how they change: one table per kind of row, in Python and in the database alike.

Every app writes its table once, in `transitions.py`. Commands ask it (`require`), migrations install a
trigger made from it (`operation`), so a change that is not in the table is refused by PostgreSQL as well,
whoever tries it. A table in which a state could wait for ever cannot be written: each state that can still
change needs a change made by time, or a sentence saying why nothing has to happen there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.db import models
from django.db.migrations.operations import RunSQL

from kotowari.kernel.errors import KotowariError
from kotowari.kernel.text import Text

Who = Literal["client", "worker", "member", "operator", "time", "system"]
"""Who moves: a party, the operator's staff, the clock, or another command of the product (`system`)."""


class NotInTable(KotowariError):  # noqa: N818 - said to programmers; people meet the gate first
    """A state change that the table does not know. The gate should have refused before."""

    def __init__(self, table: str, state: str, event: str) -> None:
        self.table, self.state, self.event = table, state, event
        super().__init__(f"{table}: no {event!r} from state {state!r}")


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table: from `source`, by `event`, to `target`.

    `deadline` says, for a change made by time, when it falls due: it is the default outcome of `source`.
    `until` names the column that holds that moment, and `policy` the value it was computed from.
    """

    source: str
    event: str
    target: str
    who: tuple[Who, ...]
    deadline: Text | None = None
    until: str = ""
    policy: str = ""

    def __post_init__(self) -> None:
        if not self.who:
            raise ValueError(f"{self.source} --{self.event}-->: nobody may do it")
        if ("time" in self.who) != (self.deadline is not None):
            raise ValueError(f"{self.source} --{self.event}-->: only a change by time has a deadline, always")


@dataclass(frozen=True, slots=True)
class TransitionTable:
    """The states of one kind of row.

    `states` gives every state its word on the screen; `initial` are those a new row may have; `rests` names
    states that can still change but in which nobody is kept waiting, each with the reason.
    """

    name: str
    states: Mapping[str, Text]
    initial: tuple[str, ...]
    transitions: tuple[Transition, ...]
    rests: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = set(self.states)
        used = {*self.initial, *self.rests}
        seen: set[tuple[str, str]] = set()
        if not self.transitions or not self.initial:
            raise ValueError(f"{self.name}: nothing can happen")
        for t in self.transitions:
            used |= {t.source, t.target}
            if (t.source, t.event) in seen:
                raise ValueError(f"{self.name}: {t.event!r} from {t.source!r} stands twice")
            seen.add((t.source, t.event))
        if used - known:
            raise ValueError(f"{self.name}: unknown states {sorted(used - known)}")
        reached = {*self.initial, *(t.target for t in self.transitions)}
        if known - reached:
            raise ValueError(f"{self.name}: nothing leads to {sorted(known - reached)}")
        for state in known - self.final:
            if state not in self.rests and not self.default_outcomes(state):
                raise ValueError(f"{self.name}: {state!r} could wait for ever")

    @property
    def final(self) -> frozenset[str]:
        """States in which nothing happens any more."""
        return frozenset(self.states) - {t.source for t in self.transitions}

    def default_outcomes(self, state: str) -> tuple[Transition, ...]:
        """What time does to a row that is left in this state."""
        return tuple(t for t in self.transitions if t.source == state and t.deadline is not None)

    def events_from(self, state: str) -> tuple[str, ...]:
        """The events that can happen to a row in this state."""
        return tuple(t.event for t in self.transitions if t.source == state)

    def sources_of(self, event: str) -> tuple[str, ...]:
        """The states from which this event can happen."""
        return tuple(t.source for t in self.transitions if t.event == event)

    def may(self, state: str, event: str) -> bool:
        """Whether the event can happen to a row in this state."""
        return event in self.events_from(state)

    def require(self, state: str, event: str) -> str:
        """The state after the event. Raises `NotInTable`."""
        for t in self.transitions:
            if t.source == state and t.event == event:
                return t.target
        raise NotInTable(self.name, state, event)

    def choices(self) -> list[tuple[str, str]]:
        """For the model field, in English: the database and Django's own pages show no more than this."""
        return [(state, text.en) for state, text in self.states.items()]

    def constraint(self, column: str = "state") -> models.CheckConstraint:
        """The CHECK that keeps unknown words out of the column; put it in the model's `Meta.constraints`."""
        return models.CheckConstraint(
            condition=models.Q(**{f"{column}__in": sorted(self.states)}),
            name=f"{self.name.replace('.', '_')}_{column}_known",
        )

    def sql_trigger(self, model: type[models.Model] | str, column: str = "state") -> str:
        """SQL that makes PostgreSQL refuse what is not in the table; `model` is a model or a table name."""
        table, function = _names(model, column)
        pairs = sorted({(t.source, t.target) for t in self.transitions})
        allowed = ",\n        ".join(f"({_quoted(a)}, {_quoted(b)})" for a, b in pairs)
        initial = ", ".join(_quoted(s) for s in sorted(self.initial))
        return f"""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW."{column}" NOT IN ({initial}) THEN
            RAISE EXCEPTION '{self.name}: a new row cannot be %', NEW."{column}"
                USING ERRCODE = 'check_violation', CONSTRAINT = '{function}';
        END IF;
    ELSIF (OLD."{column}", NEW."{column}") NOT IN (
        {allowed}
    ) THEN
        RAISE EXCEPTION '{self.name}: % cannot become %', OLD."{column}", NEW."{column}"
            USING ERRCODE = 'check_violation', CONSTRAINT = '{function}';
    END IF;
    RETURN NEW;
END
$body$;
DROP TRIGGER IF EXISTS {function}_insert ON "{table}";
CREATE TRIGGER {function}_insert BEFORE INSERT ON "{table}"
    FOR EACH ROW EXECUTE FUNCTION {function}();
DROP TRIGGER IF EXISTS {function}_update ON "{table}";
CREATE TRIGGER {function}_update BEFORE UPDATE OF "{column}" ON "{table}"
    FOR EACH ROW WHEN (OLD."{column}" IS DISTINCT FROM NEW."{column}") EXECUTE FUNCTION {function}();
"""

    def sql_drop_trigger(self, model: type[models.Model] | str, column: str = "state") -> str:
        """SQL that takes the triggers away again."""
        table, function = _names(model, column)
        return f"""
DROP TRIGGER IF EXISTS {function}_insert ON "{table}";
DROP TRIGGER IF EXISTS {function}_update ON "{table}";
DROP FUNCTION IF EXISTS {function}();
"""

    def operation(self, model: type[models.Model] | str, column: str = "state") -> RunSQL:
        """The migration operation; a later migration with the same call renews the trigger after a change."""
        return RunSQL(self.sql_trigger(model, column), self.sql_drop_trigger(model, column))


def _names(model: type[models.Model] | str, column: str) -> tuple[str, str]:
    table = model if isinstance(model, str) else model._meta.db_table
    return table, f"{table}_{column}_changes"


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
