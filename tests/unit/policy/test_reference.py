"""The reference page says what the program says."""

from pathlib import Path

from kotowari.cli.reference import policy_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "policy.md"


def test_the_policy_page_is_in_step_with_catalogue_and_presets() -> None:
    assert PAGE.read_text(encoding="utf-8") == policy_page(), "run `kotowari reference`"
