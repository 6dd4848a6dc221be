"""Every action has its allowed and its refused twin, which differ in exactly one fact."""

import importlib
import pkgutil
from dataclasses import replace

import pytest
import tests.twins
from tests.twins import Twin

from kotowari.kernel.gates import ACTIONS, Action, decide
from kotowari.kernel.text import use_language

MODULES = [importlib.import_module(f"tests.twins.{m.name}") for m in pkgutil.iter_modules(tests.twins.__path__)]
TWINS: list[Twin] = [twin for module in MODULES for twin in module.TWINS]
REFUSALS = [(twin, code, *change) for twin in TWINS for code, change in twin.refused.items()]


@pytest.mark.parametrize("twin", TWINS, ids=lambda t: t.action.name)
def test_the_right_facts_are_let_through(twin: Twin) -> None:
    decision = decide(twin.action, twin.allowed)
    assert decision.allowed, [b.code for b in decision.blockers]


@pytest.mark.parametrize(
    ("twin", "code", "field", "value"), REFUSALS, ids=[f"{t.action.name}.{code}" for t, code, *_ in REFUSALS]
)
def test_one_changed_fact_refuses_with_its_reason(twin: Twin, code: str, field: str, value: object) -> None:
    decision = decide(twin.action, replace(twin.allowed, **{field: value}))
    found = {b.code: b for b in decision.blockers}
    full = f"{twin.action.name}.{code}"
    assert full in found, f"{sorted(found)} instead of {full}"
    blocker = found[full]
    for language in ("ja", "en"):
        with use_language(language):
            said = blocker.as_json()
            assert said["reason"]
            assert "{" not in said["reason"]
    assert blocker.remedy or blocker.clears_at or blocker.resolved_by in ("operator", "counterparty"), (
        "a refusal must show a way on, a clock, or on whom it waits"
    )


def test_every_action_with_rules_has_a_twin() -> None:
    missing = {name for name, action in ACTIONS.items() if action.rules} - {t.action.name for t in TWINS}
    assert not missing


def _rules_that_refused(action: Action) -> set[int]:
    hit = set()
    for twin in TWINS:
        if twin.action.name != action.name:
            continue
        for field, value in twin.refused.values():
            facts = replace(twin.allowed, **{field: value})
            hit |= {n for n, rule in enumerate(action.rules) if rule(facts) is not None}
    return hit


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_rule_of_an_action_is_seen_to_refuse(name: str) -> None:
    action = ACTIONS[name]
    unseen = set(range(len(action.rules))) - _rules_that_refused(action)
    assert not unseen, f"rules {sorted(unseen)} of {name} never refused"
