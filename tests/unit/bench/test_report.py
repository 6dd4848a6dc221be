"""What `kotowari bench` prints and judges; measuring itself is no test."""

from pathlib import Path

import pytest
from bench.load import BadAnswersError, _left_of
from bench.report import Report, Row, compared

from kotowari.cli import bench
from kotowari.cli.answers import CannotGoOn


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    row = compared("list", "req/s", [100, 10, 90], "bare", [50, 10, 30], aim=2)
    assert (row.measured, row.beside_measured, row.ratio, row.met) == (90, 30, 2, True)


def test_an_aim_lies_above_below_or_strictly_above() -> None:
    assert Row(name="a", measured=30, unit="ms", aim=30, at_most=True).met is True
    assert Row(name="a", measured=31, unit="ms", aim=30, at_most=True).met is False
    assert Row(name="a", measured=5, unit="", ratio=1, aim=1).met is True
    assert Row(name="a", measured=5, unit="", ratio=1, aim=1, strictly=True).met is False
    assert Row(name="a", measured=5, unit="").met is None


def test_a_report_survives_its_file_and_says_what_was_missed() -> None:
    report = Report(title="Pages", rows=[Row(name="list", measured=1, unit="queries", aim=2)], notes=["quiet"])
    again = Report.from_json(report.as_json())
    assert again == report
    assert [row.name for row in again.missed] == ["list"]
    assert "| list | 1 queries |  |  | ≥ 2 | **missed** |" in again.lines()


def test_our_own_client_knows_how_much_of_an_answer_is_still_to_come() -> None:
    assert _left_of("/", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc") == 7
    with pytest.raises(BadAnswersError):
        _left_of("/", b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n")


def test_an_installed_package_says_that_the_measurements_are_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "__file__", str(tmp_path / "site-packages" / "kotowari" / "cli" / "bench.py"))
    with pytest.raises(CannotGoOn, match="bench/"):
        bench.bench_folder()
