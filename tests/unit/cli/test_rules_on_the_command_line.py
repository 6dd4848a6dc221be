"""`kotowari policy`, `quote` and `bankdays`, as somebody types them on a machine without a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kotowari.cli.main import main
from kotowari.foundation import policy


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "KOTOWARI_PRESET", "LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KOTOWARI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KOTOWARI_LANGUAGE", "ja")


def kotowari(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def answer(*arguments: str) -> Any:
    result = kotowari(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("preset", [*policy.preset_names(), None])
def test_a_contract_is_quoted_without_a_database(preset: str | None) -> None:
    chosen = ("--preset", preset) if preset else ()
    found = answer("quote", "contract", "--price-yen", "10000", *chosen)
    assert found["preset"] == (preset or "kotowari")
    assert found["client_pays_yen"] == found["worker_receives_yen"] + found["client_fee_yen"] + found["system_fee_yen"]
    assert all(line["rule"] for line in found["lines"])


def test_the_worked_example_of_crowdworks_comes_out_in_words_too() -> None:
    assert (
        answer("quote", "contract", "--price-yen", "１０，０００円", "--preset", "crowdworks")["worker_receives_yen"]
        == 8_580
    )
    said = kotowari("quote", "contract", "--price-yen", "10000", "--preset", "crowdworks").stdout
    assert "8,580円  受注者の報酬" in said
    assert "[crowdworks-2026-11-01]" in said


def test_milestones_are_quoted_each() -> None:
    found = answer(
        *("quote", "contract", "--price-yen", "100000", "--withholding"),
        *("--milestone-yen", "33333", "--milestone-yen", "66667"),
    )
    assert [part["withholding_yen"] for part in found["milestones"]] == [3_403, 6_806]
    for figure, whole in found.items():
        if figure.endswith("_yen"):
            assert sum(part[figure] for part in found["milestones"]) == whole
    wrong = kotowari("quote", "contract", "--price-yen", "100", "--milestone-yen", "99")
    assert wrong.exit_code == 2
    assert "マイルストーンの合計99円が契約金額100円と違います" in wrong.stderr


def test_a_payout_is_quoted_by_the_rules_of_the_day_it_was_fixed() -> None:
    quick = ("quote", "payout", "--amount-yen", "10000", "--preset", "crowdworks", "--method", "quick")
    assert answer(*quick, "--fixed-on", "2020-02-02")["quick_fee_yen"] == 350
    assert answer(*quick, "--fixed-on", "2020-02-03")["quick_fee_yen"] == 500
    assert answer(*quick, "--fixed-on", "2020-02-03", "--on", "2019-01-01")["quick_fee_yen"] == 350
    assert answer(*quick, "--fixed-on", "2020-02-03", "--bank", "0036")["transfer_fee_yen"] == 100


@pytest.mark.rule("A044", "A046")
def test_what_carries_over_says_so_with_its_reason() -> None:
    carried = answer("quote", "payout", "--fixed-on", "2026-11-20", "--amount-yen", "999")
    assert (carried["pays_on"], carried["closes_on"]) == (None, "2026-11-30")
    assert "最低額1,000円に満たない" in carried["reason"]
    said = kotowari("quote", "payout", "--fixed-on", "2026-11-20", "--amount-yen", "999").stdout
    assert "次回以降に繰り延べます。  [A046]" in said
    assert "出金期限 2027-05-19:登録口座へ自動的に支払われます" in said
    paid = kotowari("quote", "payout", "--fixed-on", "2026-11-20", "--amount-yen", "1000").stdout
    assert "支払日 2026-12-15" in paid


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("contract", "--price-yen", "0"), "1円以上で入力してください"),
        (("contract", "--price-yen", "99.5"), "整数で入力してください"),
        (("contract", "--price-yen", "9999999999"), "契約金額は4,999,999,999円以下"),
        (("contract",), "--price-yen"),
        (("contract", "--price-yen", "100", "--preset", "nosuch"), "kotowari, coconala, crowdworks, lancers, shufti"),
        (("payout", "--fixed-on", "2026-02-30", "--amount-yen", "1"), "「2026-02-30」という日付はありません"),
        (("payout", "--fixed-on", "2026-02-28", "--amount-yen", "1", "--bank", "36"), "銀行コードは4桁"),
        (
            ("payout", "--fixed-on", "2026-02-28", "--amount-yen", "1", "--preset", "lancers", "--method", "quick"),
            "standard, carry_over のどれか",
        ),
        (
            ("payout", "--fixed-on", "2026-02-28", "--amount-yen", "1", "--requested-on", "2026-02-27"),
            "2026-02-28",
        ),
    ],
)
def test_wrong_usage_says_what_would_be_right(arguments: tuple[str, ...], told: str) -> None:
    result = kotowari("quote", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_bank_days_print_one_date() -> None:
    assert kotowari("bankdays", "shift", "2026-12-31", "--rule", "previous").stdout == "2026-12-30\n"
    assert kotowari("bankdays", "shift", "2026-12-31", "--rule", "next").stdout == "2027-01-04\n"
    assert kotowari("bankdays", "shift", "2026/11/20", "--rule", "next").stdout == "2026-11-20\n"
    assert kotowari("bankdays", "add", "2026年11月20日", "3").stdout == "2026-11-26\n"
    assert kotowari("bankdays", "add", "20261124", "-1").stdout == "2026-11-20\n"
    closed = kotowari("bankdays", "add", "2026-11-20", "1", "--closed", "2026-11-24", "--closed", "2026-11-25")
    assert closed.stdout == "2026-11-26\n"


def test_bank_days_tell_programs_why_a_day_is_closed() -> None:
    found = answer("bankdays", "shift", "2026-09-22", "--rule", "next")
    assert found == {
        "date": "2026-09-24",
        "asked": "2026-09-22",
        "asked_is_bank_day": False,
        "why_closed": "祝日(国民の休日)",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("shift", "2026-12-31"),
        ("shift", "2026-12-31", "--rule", "nearest"),
        ("add", "2026-12-31", "x"),
        ("add", "32", "1"),
    ],
)
def test_bank_days_refuse_what_they_cannot_count(arguments: tuple[str, ...]) -> None:
    assert kotowari("bankdays", *arguments).exit_code == 2


def test_the_list_shows_every_value_with_its_rule() -> None:
    said = kotowari("policy", "list", "--preset", "kotowari").stdout
    assert all(name in said for name in policy.KEYS)
    assert "payouts.standard_minimum_yen" in said
    assert "1,000円  [A044]" in said
    found = answer("policy", "list")
    assert set(found["values"]) == set(policy.KEYS)
    assert [p["name"] for p in found["presets"] if p["in_force"]] == ["kotowari"]


def test_a_value_is_shown_with_meaning_source_and_what_is_to_come() -> None:
    found = answer(
        "policy", "show", "payouts", "tax.unregistered_credit_permille", "--preset", "crowdworks", "--on", "2026-11-20"
    )
    assert found["values"]["payouts.quick_fee_permille"]["value"] == 50
    assert found["values"]["payouts.quick_fee_permille"]["effective_on"] == "2020-02-03"
    assert found["values"]["payouts.expiry_warning_days"]["origin"] == "base"
    assert "contracts.acceptance_days" not in found["values"]
    assert [turn["effective_on"] for turn in found["coming"]] == ["2028-10-01", "2030-10-01", "2031-10-01"]
    said = kotowari("policy", "show", "payouts.quick_fee_permille", "--preset", "crowdworks").stdout
    assert "payouts.quick_fee_permille = 5%" in said
    assert "出どころ:このプリセット(2020-02-03から)" in said


def test_a_mistyped_name_is_answered_with_those_that_come_close() -> None:
    result = kotowari("policy", "show", "payouts.quick_fee", "--preset", "kotowari")
    assert result.exit_code == 2
    assert "payouts.quick_fee_permille" in result.stderr


def test_presets_are_told_apart() -> None:
    found = answer("policy", "diff", "kotowari", "crowdworks")
    names = {difference["name"] for difference in found["differences"]}
    assert {"fees.system_tiers", "payouts.at_expiry", "payouts.transfer_fees"} <= names
    assert "payouts.closings" not in names
    assert "+ crowdworks: 失効する" in kotowari("policy", "diff", "kotowari", "crowdworks").stdout
    assert kotowari("policy", "diff", "lancers", "lancers").stdout == "違いはありません。\n"
    assert kotowari("policy", "diff", "lancers", "nosuch").exit_code == 2


def test_english_readers_get_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTOWARI_LANGUAGE", "en")
    said = kotowari("quote", "contract", "--price-yen", "10000", "--preset", "lancers").stdout
    assert "¥9,185  The worker receives" in said
    found = answer("policy", "show", "payouts.at_expiry", "--preset", "kotowari")
    assert found["values"]["payouts.at_expiry"]["title"] == "At the time limit"
