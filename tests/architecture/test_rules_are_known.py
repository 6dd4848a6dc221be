"""The project explains itself: every rule that is named can be read, and nothing points at one machine."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = ROOT / "docs" / "domain" / "rules.md"
FROM_THE_SOURCES = [f"A{n:03}" for n in range(1, 200)]
CONTRADICTIONS = [f"K-{n}" for n in range(1, 28)]
NAMED = re.compile(r"(?<![#\w])[AP]\d{3}(?!\w)")
DEFINED = re.compile(r"^- \*\*([AP]\d{3}|K-\d+)\*\* (\S.*)$", re.MULTILINE)
NOT_TEXT_OF_OURS = {".pyc", ".csv", ".svg"}
# Put together here, so that this file does not contain what it looks for.
MACHINE = ["/" + "work/", "/" + "tmp/", "/" + "root/", "/" + "Users/"]
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "proxy." + "golang.org",
    "crates" + ".io",
]


def tracked_files() -> list[Path]:
    """What belongs to the project; in an unpacked archive without git, what lies in its own folders."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "docs", "bench", "deploy")
        listed = [str(p.relative_to(ROOT)) for folder in folders for p in (ROOT / folder).rglob("*")]
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The text of a file; a picture or a font has none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def defined() -> Counter[str]:
    """How often each number stands on the page of rules with a sentence of its own."""
    return Counter(number for number, _ in DEFINED.findall(RULES.read_text(encoding="utf-8")))


def test_every_rule_and_every_settled_contradiction_stands_once_with_its_sentence() -> None:
    counts = defined()
    assert {number for number, count in counts.items() if count > 1} == set()
    assert [n for n in counts if n.startswith("A")] == FROM_THE_SOURCES
    assert [n for n in counts if n.startswith("K")] == CONTRADICTIONS
    ours = [n for n in counts if n.startswith("P")]
    assert ours == [f"P{n:03}" for n in range(1, len(ours) + 1)]


def test_every_rule_is_one_sentence() -> None:
    for number, sentence in DEFINED.findall(RULES.read_text(encoding="utf-8")):
        assert sentence.endswith("."), f"{number} does not end"
        assert ". " not in sentence, f"{number} is more than one sentence"
        assert len(sentence) >= 25, f"{number} says too little"


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_code_and_tests_name_only_rules_that_can_be_read(folder: str) -> None:
    known = defined()
    unknown = {
        f"{path.relative_to(ROOT)}: {number}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in NOT_TEXT_OF_OURS and path != Path(__file__)
        for number in NAMED.findall(text_of(path))
        if number not in known
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("text", "found"), [('rule="A077"', ["A077"]), ("A900,", ["A900"]), ("P001", ["P001"]), ("#A123 BA123 A1234", [])]
)
def test_a_number_is_recognised_where_it_stands_alone(text: str, found: list[str]) -> None:
    assert NAMED.findall(text) == found


def test_no_file_points_at_one_machine_or_at_a_package_registry() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {words}"
        for path in tracked_files()
        for text in [text_of(path)]
        for words in (*MACHINE, *REGISTRIES)
        if words in text
    }
    assert found == set()
