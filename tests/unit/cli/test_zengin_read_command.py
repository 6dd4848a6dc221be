import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kotowari.cli.main import main
from kotowari.kernel import clock

UNIT = Path(__file__).parents[1]
TRANSFERS = UNIT / "payouts" / "golden" / "three_transfers_crlf.zengin"
NOTICE = UNIT / "payments" / "golden" / "notice_01.zengin"
STATEMENT = UNIT / "payments" / "golden" / "statement_03.zengin"


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KOTOWARI_LANGUAGE", "ja")
    with clock.frozen(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)):
        yield


def read(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["zengin", "read", *map(str, arguments)], input=stdin)


def test_the_records_of_a_transfer_file_are_printed() -> None:
    result = read(TRANSFERS)
    assert result.exit_code == 0
    assert "ﾔﾏﾀﾞ ﾀﾛｳ" in result.stdout
    assert "48,620円" in result.stdout
    assert "合計 3件 1,298,621円" in result.stdout
    assert "2026-11-30" in result.stdout
    assert "見本用" in result.stderr


@pytest.mark.parametrize(("file", "title"), [(NOTICE, "振込入金通知"), (STATEMENT, "入出金取引明細")])
def test_the_lines_of_a_deposit_file_are_printed(file: Path, title: str) -> None:
    result = read(file)
    assert result.exit_code == 0
    assert title in result.stdout
    assert "0000123ｶ)ｻﾝﾌﾟﾙ" in result.stdout
    assert result.stderr == ""


def test_a_file_may_come_from_standard_input() -> None:
    assert read("-", stdin=NOTICE.read_bytes()).exit_code == 0


def test_json_holds_every_record() -> None:
    shown = json.loads(read(TRANSFERS, "--json").stdout)
    assert (shown["kind"], shown["newline"], shown["errors"]) == ("21", "crlf", [])
    (file,) = shown["files"]
    assert file["header"]["transfer_on"] == "2026-11-30"
    assert [t["amount_yen"] for t in file["transfers"]] == [48_620, 1_250_000, 1]
    assert file["trailer"] == {"count": 3, "total_yen": 1_298_621}


def test_json_of_a_statement_says_what_each_line_is() -> None:
    (account,) = json.loads(read(STATEMENT, "--json").stdout)["statements"]
    first, out, returned = account["entries"]
    assert first["reference"] == {"code": "0000123", "name": "ｶ)ｻﾝﾌﾟﾙ", "is_exact": True}
    assert (out["direction"], out["reference"]) == ("out", None)
    assert returned["is_returned_transfer"] is True
    assert len({entry["natural_key"] for entry in account["entries"]}) == 3


def test_errors_are_told_by_line_and_column_and_nothing_is_half_printed(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.txt"
    damaged.write_bytes(TRANSFERS.read_bytes().replace(b"0000048620", b"000004862X").replace(b"8000003", b"8000004"))
    result = read(damaged)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "2行目90桁目: データの振込金額に「000004862X」があります。" in result.stderr
    assert "データレコードは3件です。" in result.stderr
    shown = json.loads(read(damaged, "--json").stdout)
    assert shown["files"] == []
    assert [(error["line"], error["column"]) for error in shown["errors"]] == [(2, 90), (5, 2)]


def test_lines_without_trailing_spaces_are_told_each(tmp_path: Path) -> None:
    stripped = tmp_path / "stripped.txt"
    stripped.write_bytes(b"\r\n".join(line.rstrip() for line in TRANSFERS.read_bytes().split(b"\r\n")))
    result = read(stripped)
    assert result.exit_code == 1
    assert result.stderr.count("行末の空白が削られた") == 6


def test_an_unknown_bank_is_an_error_unless_nothing_is_looked_up(tmp_path: Path) -> None:
    file = tmp_path / "unknown.txt"
    file.write_bytes(TRANSFERS.read_bytes().replace(b"29997", b"20002"))
    refused = read(file)
    assert refused.exit_code == 1
    assert "4行目2桁目" in refused.stderr
    assert "合計 3件" in refused.stdout
    assert read(file, "--no-directory").exit_code == 0


def test_a_day_of_rest_is_an_error_that_the_day_of_making_may_settle(tmp_path: Path) -> None:
    file = tmp_path / "sunday.txt"
    file.write_bytes(TRANSFERS.read_bytes().replace(b"1130", b"1129", 1))
    assert read(file).exit_code == 1
    assert "日曜日" in read(file).stderr
    assert read(file, "--created-on", "2027-11-10").exit_code == 0
    assert read(TRANSFERS, "--closed", "2026-11-30").exit_code == 1


def test_the_reader_of_english_is_answered_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTOWARI_LANGUAGE", "en")
    result = read(TRANSFERS)
    assert "3 transfers, ¥1,298,621 in all" in result.stdout
    assert "line 2, column 2" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["no-such-file"], [str(TRANSFERS), "--created-on", "yesterday"]])
def test_wrong_usage_is_exit_status_two(arguments: list[str]) -> None:
    assert read(*arguments).exit_code == 2
