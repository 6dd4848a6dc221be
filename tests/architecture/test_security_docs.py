"""What the security pages claim is tested: every test they name exists, and no requirement is left out."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "docs" / "security"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (met|not applicable|gap) \| (.+) \| (.*) \|$", re.MULTILINE)
NAMED = re.compile(r"`(test_\w+)`")
CHAPTERS = {"2": 13, "6": 47, "7": 19, "10": 36}
"""Of OWASP ASVS 5.0: how many requirements each chapter has that is answered here."""


@cache
def names_of_tests() -> frozenset[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        found |= set(re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    return frozenset(found)


@pytest.mark.parametrize("page", sorted(path.name for path in SECURITY.glob("*.md")))
def test_every_test_that_a_security_page_names_exists(page: str) -> None:
    named = set(NAMED.findall((SECURITY / page).read_text(encoding="utf-8")))
    assert named - names_of_tests() == set()


def test_every_requirement_of_the_answered_chapters_has_one_row() -> None:
    rows = ROW.findall((SECURITY / "asvs.md").read_text(encoding="utf-8"))
    numbers = [number for number, *_ in rows]
    assert len(numbers) == len(set(numbers))
    counts = {chapter: sum(number.split(".")[0] == chapter for number in numbers) for chapter in CHAPTERS}
    assert counts == CHAPTERS


def test_what_is_met_names_its_test_and_what_is_not_says_why() -> None:
    rows = ROW.findall((SECURITY / "asvs.md").read_text(encoding="utf-8"))
    assert {number for number, state, _, tests in rows if state == "met" and not NAMED.search(tests)} == set()
    assert {number for number, state, why, _ in rows if state != "met" and len(why) < 5} == set()


def test_every_finding_of_the_audit_has_its_answer() -> None:
    text = (SECURITY / "audit-answers.md").read_text(encoding="utf-8")
    answered = re.findall(r"^## (\d+) ", text, re.MULTILINE)
    assert [int(number) for number in answered] == list(range(1, 15))
    for part in text.split("\n## ")[1:]:
        assert NAMED.search(part) or "Not applicable:" in part, part.splitlines()[0]
