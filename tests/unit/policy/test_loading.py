"""A preset file with mistakes: each is told with file, key and what would be right, all at once."""

from pathlib import Path

import pytest

from kotowari.foundation.policy.loading import FOLDER, PresetError, load_preset

HEADER = """
title = { ja = "型", en = "Kind" }
note = { ja = "注", en = "Note" }
published_on = 2026-11-01
base = "kotowari"
"""
SOURCE = 'source = { ja = "出どころ", en = "somewhere" }'


def problems(tmp_path: Path, body: str, header: str = HEADER) -> list[str]:
    """What is wrong with a preset that stands on the default one."""
    (tmp_path / "kotowari.toml").write_bytes((FOLDER / "kotowari.toml").read_bytes())
    (tmp_path / "other.toml").write_text(header + body, encoding="utf-8")
    try:
        load_preset("other", tmp_path)
    except PresetError as wrong:
        return [problem.en for problem in wrong.problems]
    return []


def test_a_preset_that_gives_only_what_differs_loads(tmp_path: Path) -> None:
    assert problems(tmp_path, f'["contracts.acceptance_days"]\nvalue = 5\n{SOURCE}') == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            f'["contracts.acceptance_days"]\nvalue = 99\n{SOURCE}',
            "other.toml: contracts.acceptance_days: 99 cannot stand here: a whole number from 1 to 30 (days).",
        ),
        (
            f'["contracts.acceptance_days"]\nvalue = true\n{SOURCE}',
            "other.toml: contracts.acceptance_days: True cannot stand here",
        ),
        (
            f'["payouts.quick_offered"]\nvalue = 1\n{SOURCE}',
            "other.toml: payouts.quick_offered: 1 cannot stand here: true or false",
        ),
        (
            f'["payouts.at_expiry"]\nvalue = "lost"\n{SOURCE}',
            "lost cannot stand here: one of paid_out, dormant, forfeited",
        ),
        (
            f'["payouts.methods"]\nvalue = ["standard", "standard"]\n{SOURCE}',
            "a list of 1 to 4 different values",
        ),
        (
            f'["calendar.extra_closed_days"]\nvalue = ["2026-02-30"]\n{SOURCE}',
            "2026-02-30 cannot stand here: a date such as 2026-12-29",
        ),
        (
            f'["fees.system_tiers"]\nvalue = [{{ above_yen = 5, permille = 10 }}]\n{SOURCE}',
            "the first above_yen is 0",
        ),
        (
            f'["fees.system_tiers"]\nvalue = [{{ above_yen = 0, permille = 900 }}]\n{SOURCE}',
            "permille 0 to 500; 900 cannot stand here",
        ),
        (
            f'["payouts.transfer_fees"]\nvalue = [{{ fee_yen = 0, below_yen = 500 }}]\n{SOURCE}',
            "the last with fee_yen only",
        ),
        (
            f'["payouts.transfer_fees"]\nvalue = [{{ fee_yen = 1, bank_code = "36" }}, {{ fee_yen = 0 }}]\n{SOURCE}',
            "bank_code has four digits",
        ),
        (
            f'["payouts.closings"]\nvalue = [{{ closes_day = 31, pays_months_later = 1, pays_day = 15 }}]\n{SOURCE}',
            "31 cannot stand here",
        ),
        (
            f'["payouts.closings"]\nvalue = [{{ closes_day = 20, pays_months_later = 0, pays_day = 10 }}]\n{SOURCE}',
            "paying after the closing",
        ),
        (
            f'["payouts.closings"]\nvalue = [{{ closes_day = "daily", pays_bank_days_later = 0 }}]\n{SOURCE}',
            "with 1 to 20 bank days; 0 cannot stand here",
        ),
        (f'["contracts.aceptance_days"]\nvalue = 5\n{SOURCE}', "contracts.aceptance_days: there is no such"),
        ('["contracts.acceptance_days"]\nvalue = 5', "use value and source"),
        ('["contracts.acceptance_days"]\nvalue = 5\nsource = "book"', "source book is not among [sources]"),
        ('["contracts.acceptance_days"]\nvalue = 5\nsource = { ja = "x" }', 'write { ja = "…", en = "…" }'),
        (
            f'[["contracts.acceptance_days"]]\neffective_on = 2027-01-01\nvalue = 5\n{SOURCE}',
            "exactly one value must have no effective_on",
        ),
        (
            f'["contracts.acceptance_days"]\neffective_on = "soon"\nvalue = 5\n{SOURCE}',
            "effective_on must be a date",
        ),
        (
            f'["contracts.acceptance_days"]\nvalue = 20\n{SOURCE}',
            "other.toml: The time to accept (20 days) cannot exceed its longest (14 days).",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_would_be_right(tmp_path: Path, body: str, told: str) -> None:
    found = problems(tmp_path, body)
    assert any(told in problem for problem in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    body = f'["contracts.acceptance_days"]\nvalue = 0\n{SOURCE}\n["fees.tax"]\nvalue = 1\n{SOURCE}\n[nothing]'
    assert len(problems(tmp_path, body)) == 3


def test_a_header_without_its_parts_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, "", header='base = "other"\nsources = 3\n')
    assert {problem.split(":")[1].strip() for problem in found} >= {"title", "note", "published_on", "base", "sources"}


def test_a_preset_without_a_base_must_be_complete(tmp_path: Path) -> None:
    found = problems(tmp_path, "", header=HEADER.replace('base = "kotowari"', ""))
    assert "other.toml: contracts.acceptance_days: there is no value (a whole number from 1 to 30 (days))" in found


def test_what_is_not_toml_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path, "contracts = = 5")[0].startswith("other.toml: this is not TOML")


def test_payment_that_could_pass_the_sixty_days_is_refused(tmp_path: Path) -> None:
    body = f"""
["contracts.acceptance_days_max"]
value = 30
{SOURCE}
"""
    (problem,) = problems(tmp_path, body)
    assert "it could take 61 days, more than 60: let acceptance take at most 29 days" in problem
