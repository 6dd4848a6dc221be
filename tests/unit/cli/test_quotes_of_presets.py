"""`kotowari quote` as typed, for all five presets, at the edges of what the marketplaces publish.

The figures are worked by hand from the published rules that the sources of the presets name: CrowdWorks' guide to
fees (marginal tiers of the price with tax, tax on top of the fee, fractions cut off), Lancers' and Coconala's rates
with tax, シュフティ's flat rate, the two formulas of the income tax law, and the tables of pay dates and transfer fees.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kotowari.cli.main import main
from kotowari.foundation import policy

FIXED = "2026-11-20"


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "KOTOWARI_PRESET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KOTOWARI_DATA", str(tmp_path / "data"))


def quoted(what: str, preset: str, *more: str) -> Any:
    result = CliRunner().invoke(main, ["quote", what, "--preset", preset, *more, "--json"])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["preset"] == preset
    return found


def contract(preset: str, price_yen: int, *more: str) -> Any:
    return quoted("contract", preset, "--price-yen", str(price_yen), *more)


def payout(preset: str, amount_yen: int, *more: str, fixed_on: str = FIXED) -> Any:
    return quoted("payout", preset, "--fixed-on", fixed_on, "--amount-yen", str(amount_yen), *more)


# preset, price, tax, fee of the client, fee of the worker, the client pays, the worker receives
CONTRACTS = [
    ("crowdworks", 10_000, 1_000, 0, 2_420, 11_000, 8_580),
    ("crowdworks", 90_909, 9_090, 0, 21_998, 99_999, 78_001),  # 99,999 with tax: a yen below the first edge
    ("crowdworks", 90_910, 9_091, 0, 22_000, 100_001, 78_001),  # 10 % of the one yen above is cut off
    ("crowdworks", 181_818, 18_181, 0, 32_998, 199_999, 167_001),
    ("crowdworks", 181_819, 18_181, 0, 33_000, 200_000, 167_000),
    ("crowdworks", 181_838, 18_183, 0, 33_001, 200_021, 167_020),  # 5 % of 21 yen is one
    ("crowdworks", 300_000, 30_000, 0, 40_150, 330_000, 289_850),
    ("lancers", 10_000, 1_000, 605, 1_815, 11_605, 9_185),
    ("lancers", 9_999, 999, 604, 1_814, 11_602, 9_184),
    ("coconala", 10_000, 1_000, 605, 2_420, 11_605, 8_580),
    ("coconala", 9_999, 999, 604, 2_419, 11_602, 8_579),
    ("shufti", 10_000, 1_000, 0, 1_100, 11_000, 9_900),
    ("shufti", 9_999, 999, 0, 1_099, 10_998, 9_899),
    ("kotowari", 10_000, 1_000, 0, 1_100, 11_000, 9_900),
    ("kotowari", 1, 0, 0, 0, 1, 1),
]


@pytest.mark.parametrize(("preset", "price", "tax", "client_fee", "fee", "pays", "receives"), CONTRACTS)
def test_a_contract_comes_to_what_the_marketplace_says(
    preset: str, price: int, tax: int, client_fee: int, fee: int, pays: int, receives: int
) -> None:
    found = contract(preset, price)
    assert (found["tax_yen"], found["client_fee_yen"], found["system_fee_yen"]) == (tax, client_fee, fee)
    assert (found["client_pays_yen"], found["worker_receives_yen"]) == (pays, receives)
    assert found["system_fee_tax_yen"] <= found["system_fee_yen"]


def test_a_task_of_crowdworks_pays_a_fifth_of_everything() -> None:
    assert contract("crowdworks", 300_000, "--kind", "task")["system_fee_yen"] == 72_600


def test_the_tax_in_each_fee_is_a_tenth_of_what_is_left() -> None:
    assert contract("crowdworks", 10_000)["system_fee_tax_yen"] == 220
    both = contract("coconala", 10_000)
    assert (both["system_fee_tax_yen"], both["client_fee_tax_yen"]) == (220, 55)


@pytest.mark.parametrize("preset", policy.preset_names())
@pytest.mark.parametrize(
    ("price", "withheld"),
    [
        (9, 0),
        (10, 1),
        (33_333, 3_403),
        (1_000_000, 102_100),
        (1_000_004, 102_100),
        (1_000_005, 102_101),
        (1_500_000, 204_200),
    ],
)
def test_withheld_tax_doubles_its_rate_above_a_million_and_leaves_both_sides(
    preset: str, price: int, withheld: int
) -> None:
    with_it, without = contract(preset, price, "--withholding"), contract(preset, price)
    assert with_it["withholding_yen"] == withheld
    for side in ("client_pays_yen", "worker_receives_yen"):
        assert without[side] - with_it[side] == withheld


# preset, fixed on, closes on, pays on
DAYS = [
    ("crowdworks", "2026-12-15", "2026-12-15", "2026-12-30"),  # 31 December is no bank day
    ("crowdworks", "2026-12-16", "2026-12-31", "2027-01-15"),
    ("lancers", "2026-10-31", "2026-10-31", "2026-11-13"),  # the 15th is a Sunday
    ("lancers", "2026-10-15", "2026-10-15", "2026-10-30"),
    ("kotowari", "2027-02-15", "2027-02-15", "2027-02-26"),
    ("kotowari", "2027-12-15", "2027-12-15", "2027-12-30"),
    ("coconala", "2026-12-15", "2026-12-15", "2026-12-21"),  # the 20th is a Sunday
    ("coconala", "2026-12-16", "2026-12-31", "2027-01-05"),
    ("coconala", "2027-04-30", "2027-04-30", "2027-05-06"),  # three holidays in a row
]


@pytest.mark.rule("A046")
@pytest.mark.parametrize(("preset", "fixed_on", "closes_on", "pays_on"), DAYS)
def test_a_payout_falls_on_the_day_the_marketplace_says(
    preset: str, fixed_on: str, closes_on: str, pays_on: str
) -> None:
    found = payout(preset, 10_000, fixed_on=fixed_on)
    assert (found["closes_on"], found["pays_on"]) == (closes_on, pays_on)


@pytest.mark.rule("A046")
def test_shufti_pays_within_four_bank_days_and_never_at_new_year() -> None:
    assert payout("shufti", 605, fixed_on="2026-12-25")["pays_on"] == "2027-01-04"


# preset, method, bank, amount, whether it is paid, fee
PAID = [
    ("crowdworks", "standard", "0001", 999, False, 0),
    ("crowdworks", "standard", "0001", 1_000, True, 500),
    ("crowdworks", "standard", "0036", 1_000, True, 100),
    ("crowdworks", "threshold", "0001", 49_999, False, 0),
    ("crowdworks", "threshold", "0001", 50_000, True, 500),
    ("crowdworks", "carry_over", "0001", 5_000_000, False, 0),
    ("lancers", "standard", "0001", 999, False, 0),
    ("lancers", "standard", "0001", 1_000, True, 500),
    ("lancers", "standard", "0036", 1_000, True, 100),
    ("coconala", "standard", "0001", 160, False, 0),
    ("coconala", "standard", "0001", 161, True, 160),
    ("coconala", "standard", "0001", 2_999, True, 160),
    ("coconala", "standard", "0001", 3_000, True, 0),
    ("shufti", "standard", "0001", 604, False, 0),
    ("shufti", "standard", "0001", 605, True, 0),
    ("kotowari", "standard", "0001", 999, False, 0),
    ("kotowari", "standard", "0001", 1_000, True, 0),
    ("kotowari", "threshold", "0036", 49_999, False, 0),
]


@pytest.mark.rule("A044", "A047", "A048", "A052")
@pytest.mark.parametrize(("preset", "method", "bank", "amount", "is_paid", "fee"), PAID)
def test_minimum_and_transfer_fee_change_at_the_yen_the_marketplace_says(
    preset: str, method: str, bank: str, amount: int, is_paid: bool, fee: int
) -> None:
    found = payout(preset, amount, "--method", method, "--bank", bank)
    assert (found["pays_on"] is not None) is is_paid
    assert (found["reason"] is None) is is_paid
    if is_paid:
        assert (found["transfer_fee_yen"], found["net_yen"]) == (fee, amount - fee)


@pytest.mark.rule("A053", "A054", "A055")
@pytest.mark.parametrize(
    ("preset", "on", "amount", "quick_fee", "transfer_fee"),
    [
        ("kotowari", FIXED, 519, None, None),
        ("kotowari", FIXED, 520, 18, 0),
        ("kotowari", FIXED, 10_000, 350, 0),
        ("crowdworks", "2020-02-02", 10_000, 350, 500),
        ("crowdworks", "2020-02-03", 10_000, 500, 500),
        ("crowdworks", FIXED, 529, None, None),
    ],
)
def test_a_quick_payout_takes_its_share_from_its_minimum_on(
    preset: str, on: str, amount: int, quick_fee: int | None, transfer_fee: int | None
) -> None:
    found = payout(preset, amount, "--method", "quick", fixed_on=on)
    if quick_fee is None:
        assert found["pays_on"] is None
        assert found["reason"]
        return
    assert (found["quick_fee_yen"], found["transfer_fee_yen"]) == (quick_fee, transfer_fee)
    assert found["net_yen"] == amount - quick_fee - (transfer_fee or 0)


@pytest.mark.rule("A041", "A043")
@pytest.mark.parametrize(
    ("preset", "days", "outcome"),
    [
        ("kotowari", 180, "paid_out"),
        ("crowdworks", 180, "forfeited"),
        ("lancers", 180, "paid_out"),
        ("coconala", 120, "paid_out"),
        ("shufti", 180, "paid_out"),
    ],
)
def test_the_time_limit_and_what_comes_then(preset: str, days: int, outcome: str) -> None:
    for fixed_on in (FIXED, "2027-12-31", "2028-02-29"):
        found = payout(preset, 999, fixed_on=fixed_on)
        assert date.fromisoformat(found["expires_on"]) - date.fromisoformat(fixed_on) == timedelta(days=days)
        assert found["at_expiry"] == outcome
