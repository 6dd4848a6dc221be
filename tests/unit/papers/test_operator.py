"""Who issues papers, as the environment names them, and what is said before going public."""

import pytest

from kotowari.papers import operator
from kotowari.papers.checks import operator_is_named
from kotowari.papers.operator import ADDRESS, NAME, REGISTRATION, operator_identity

NAMES = (NAME, ADDRESS, REGISTRATION)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_a_demo_has_an_operator_of_its_own() -> None:
    found = operator_identity()
    assert found is not None
    assert found.registration == "T7123456789012"
    assert operator_is_named() == []


def test_outside_of_it_nobody_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator.settings, "TESTING", False)
    monkeypatch.setattr(operator.settings, "DEMO", False)
    assert operator_identity() is None
    assert [each.id for each in operator_is_named()] == ["papers.W001"]


def test_the_environment_names_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " 株式会社みほん ")
    found = operator_identity()
    assert found is not None
    assert (found.name, found.address, found.registration) == ("株式会社みほん", "", "")
    assert [each.id for each in operator_is_named()] == ["papers.W003"]


def test_a_number_that_is_none_is_told_and_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "株式会社みほん")
    monkeypatch.setenv(REGISTRATION, "T12")
    found = operator_identity()
    assert found is not None
    assert found.registration == ""
    assert [each.id for each in operator_is_named()] == ["papers.W002"]
