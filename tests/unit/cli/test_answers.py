import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from kotowari.cli import main as command_line
from kotowari.cli.answers import decision_lines, json_option, show_json, wrong_usage
from kotowari.cli.main import SUBJECTS, Subject, main
from kotowari.kernel import clock
from kotowari.kernel.errors import IdempotencyConflict, InputError, KotowariError, NotVisible, Refused
from kotowari.kernel.gates import Action, Appeal, Blocker, Decision, Remedy
from kotowari.kernel.text import Text, use_language

NOON = datetime(2026, 12, 2, 12, tzinfo=clock.TOKYO)
# Not registered under a name that the product uses.
LEAVE = SimpleNamespace(
    name="tests.leave", title=Text("退会する", "Leave"), no=Text("退会できません", "You cannot leave")
)
BLOCKER = Blocker(
    code="tests.leave.contract_in_progress",
    reason=Text("進行中の契約が1件あります。", "One contract is in progress."),
    rule="A077",
    resolved_by="counterparty",
    facts={"count": 1, "since": NOON},
    remedy=Remedy(Text("契約を終了する", "End the contract"), "/contracts/1/end/"),
    clears_at=NOON,
    appeal=Appeal("/appeals/1/", NOON + timedelta(days=14)),
)


def decision(*blockers: Blocker) -> Decision:
    action: Action = LEAVE  # type: ignore[assignment]
    return Decision(action, blockers, "2026-11-01")


def raising(
    error: Exception | Callable[[], Exception], monkeypatch: pytest.MonkeyPatch, *words: str, language: str = "en"
) -> click.testing.Result:
    """What the command line answers when a command raises this."""

    @click.command()
    @json_option
    def failing(as_json: bool) -> None:
        raise error if isinstance(error, Exception) else error()

    monkeypatch.setattr(command_line, "failing", failing, raising=False)
    monkeypatch.setitem(SUBJECTS, "failing", Subject("kotowari.cli.main:failing", Text("", "")))
    return CliRunner().invoke(main, ["failing", *words], env={"KOTOWARI_LANGUAGE": language})


def test_a_refusal_tells_every_reason_who_resolves_it_how_and_when() -> None:
    with use_language("en"):
        lines = "\n".join(decision_lines(decision(BLOCKER)))
    assert "You cannot leave" in lines
    assert "One contract is in progress.  [A077 tests.leave.contract_in_progress]" in lines
    assert "the other side has to act" in lines
    assert "→ End the contract: /contracts/1/end/" in lines
    assert "2026-12-02 12:00 JST" in lines
    assert "/appeals/1/" in lines


def test_an_allowed_decision_says_so_and_nothing_else() -> None:
    with use_language("ja"):
        assert list(decision_lines(decision())) == ["退会する: できます  [tests.leave, policy 2026-11-01]"]


def test_a_refused_command_ends_with_1_and_its_decision_on_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = raising(Refused(decision(BLOCKER)), monkeypatch, language="ja")
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert "進行中の契約が1件あります。" in answer.stderr


def test_a_refusal_of_a_command_asked_for_json_is_the_refusal_object(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = raising(Refused(decision(BLOCKER)), monkeypatch, "--json")
    assert answer.exit_code == 1
    refusal = json.loads(answer.stderr)
    assert refusal["allowed"] is False
    assert refusal["blockers"][0]["clears_at"] == "2026-12-02T12:00:00+09:00"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (InputError({"price_yen": [Text("1円以上", "at least 1 yen")]}), 2, "price_yen: at least 1 yen"),
        (InputError({"": [Text("空です", "it is empty")]}), 2, "it is empty"),
        (NotVisible("contract", "7"), 1, "There is no contract 7."),
        (IdempotencyConflict("k1"), 1, "k1"),
        (KotowariError("plain words"), 1, "plain words"),
    ],
)
def test_each_error_of_the_product_has_its_status_and_words(
    error: KotowariError, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = raising(error, monkeypatch)
    assert answer.exit_code == status
    assert words in answer.stderr


@pytest.mark.parametrize(
    ("words", "japanese", "english"),
    [
        (["nonsense"], "使い方が正しくありません。", "No such command 'nonsense'"),
        (["clock", "nonsense"], "使い方が正しくありません。", "No such command 'nonsense'"),
        (["--nonsense"], "--nonsense というオプションはありません。", "No such option"),
        (["clock", "advance"], "--days を指定してください。", "Missing option '--days'"),
        (["clock", "advance", "--days", "x"], "--days の値が使えません。", "'x' is not a valid integer"),
        (["clock", "advance", "--days", "0"], "--days の値が使えません。", "0 is not in the range"),
        (["run", "--port", "70000"], "--port の値が使えません。", "70000 is not in the range"),
        (["explain"], "--user と --action を指定してください。", "Give --user and --action"),
        (["quote", "contract"], "--price-yen を指定してください。", "Missing option '--price-yen'"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_would_be_right(words: list[str], japanese: str, english: str) -> None:
    in_japanese = CliRunner().invoke(main, words, env={"KOTOWARI_LANGUAGE": "ja"})
    in_english = CliRunner().invoke(main, words, env={"KOTOWARI_LANGUAGE": "en"})
    assert (in_japanese.exit_code, in_english.exit_code) == (2, 2)
    assert japanese in in_japanese.stderr
    assert english in in_english.stderr
    assert japanese not in in_english.stderr


def test_wrong_usage_found_by_the_command_itself_speaks_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = raising(lambda: wrong_usage(Text("だめ", "not so")), monkeypatch)
    assert answer.exit_code == 2
    assert "not so" in answer.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LC_ALL": "", "LANG": "en_GB.UTF-8"}, "Commands"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "ja_JP.UTF-8"}, "コマンド"),
        ({"LC_ALL": "C.UTF-8"}, "コマンド"),
        ({"LC_ALL": "ja_JP.UTF-8", "KOTOWARI_LANGUAGE": "en"}, "Commands"),
    ],
)
def test_the_reader_is_known_by_the_locale_and_japanese_comes_first(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOTOWARI_LANGUAGE", raising=False)
    assert f"{expected}:" in CliRunner().invoke(main, ["--help"], env=environment).stdout


def test_help_imports_neither_django_nor_any_subject() -> None:
    program = (
        "import sys\nfrom kotowari.cli.main import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'django', 'psycopg'} or m == 'kotowari.cli.run'))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_subject_has_its_help(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.stdout.splitlines()) > 2


def test_json_keeps_japanese_readable_and_moments_in_tokyo_time(capsys: pytest.CaptureFixture[str]) -> None:
    with use_language("ja"):
        show_json({"word": Text("断り", "refusal"), "at": NOON, "on": NOON.date(), "names": ("a", "b")})
    printed = capsys.readouterr().out
    assert "断り" in printed
    assert json.loads(printed) == {
        "word": "断り",
        "at": "2026-12-02T12:00:00+09:00",
        "on": "2026-12-02",
        "names": ["a", "b"],
    }
