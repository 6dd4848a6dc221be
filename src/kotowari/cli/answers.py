"""How the command line answers: plain words or JSON, refusals with their reasons, wrong usage with what is right."""

import difflib
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import click

from kotowari.kernel import clock
from kotowari.kernel.errors import IdempotencyConflict, InputError, KotowariError, NotVisible, Refused
from kotowari.kernel.gates import Blocker, Decision
from kotowari.kernel.text import Text

F = TypeVar("F", bound=Callable[..., Any])

DONE, REFUSED, WRONG_USAGE = 0, 1, 2

_RESOLVED_BY = {
    "you": Text("本人が解決できます", "the member can resolve it"),
    "counterparty": Text("相手方の対応を待ちます", "the other side has to act"),
    "operator": Text("運営の対応を待ちます", "the operator has to act"),
    "time": Text("時間がたてば解けます", "time resolves it"),
}


class CannotGoOn(KotowariError):  # noqa: N818 - an answer that says what to do, like a refusal
    """Something around the command is not as it needs to be; `text` says what, and what to do (exit status 1)."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(f"{text.ja}\n{text.en}")


def json_option(command: F) -> F:
    """`--json` for a reading command; its parameter is `as_json`."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
        ctx.meta["as_json"] = value
        return value

    return click.option(
        "--json", "as_json", is_flag=True, callback=remember, help="JSON で出力 / print JSON instead of words."
    )(command)


def show_json(value: Any) -> None:
    """Print a value as JSON: dates as ISO (moments in Tokyo's time), texts in the reader's language."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def say(text: Text) -> None:
    """Tell the person at the terminal, in both languages, what is going on (on standard error)."""
    click.echo(text.ja, err=True)
    click.secho(f"  {text.en}", err=True, dim=True)


def decision_lines(decision: Decision) -> Iterable[str]:
    """A decision in words: every reason, who can resolve it, how and when."""
    title = decision.action.title if decision.allowed else decision.action.no
    mark = Text("できます", "allowed") if decision.allowed else Text("できません", "not possible now")
    yield f"{title}: {mark}  [{decision.action.name}, policy {decision.policy_version}]"
    for blocker in decision.blockers:
        yield f"- {blocker.reason}  [{blocker.rule} {blocker.code}]"
        yield from (f"    {detail}" for detail in _details(blocker))


def _details(blocker: Blocker) -> Iterable[str]:
    yield str(_RESOLVED_BY[blocker.resolved_by])
    if blocker.remedy:
        yield f"→ {blocker.remedy.label}: {blocker.remedy.url}"
    if blocker.clears_at:
        yield str(Text("{at} に解けます", "clears at {at}").format(at=_moment(blocker.clears_at)))
    if blocker.appeal:
        words = Text("異議申立て: {url}({at} まで)", "appeal: {url} (until {at})")
        yield str(words.format(url=blocker.appeal.url, at=_moment(blocker.appeal.until)))


class _Answer(click.ClickException):
    """An error whose lines are printed as they are, with an exit status."""

    def __init__(self, lines: str, exit_code: int) -> None:
        super().__init__(lines)
        self.exit_code = exit_code  # type: ignore[misc]  # click's own way to choose the status

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


def as_click_error(error: KotowariError, *, as_json: bool) -> click.ClickException:
    """The exit status and words for whatever the product says no with."""
    if isinstance(error, Refused):
        if as_json:
            return _Answer(json.dumps(error.decision.as_json(), ensure_ascii=False, indent=2), REFUSED)
        return _Answer("\n".join(decision_lines(error.decision)), REFUSED)
    if isinstance(error, InputError):
        lines = [f"{field}: {text}" if field else str(text) for field, texts in error.fields.items() for text in texts]
        return _Answer("\n".join(lines), WRONG_USAGE)
    if isinstance(error, NotVisible):
        words = Text("{kind} に {id} は見つかりません。", "There is no {kind} {id}.")
        return _Answer(str(words.format(kind=error.kind, id=error.id)), REFUSED)
    if isinstance(error, IdempotencyConflict):
        words = Text(
            "同じキー {key} は別の依頼に使われています。何も行っていません。",
            "The key {key} was used for another request; nothing was done.",
        )
        return _Answer(str(words.format(key=error.key)), REFUSED)
    return _Answer(str(error), REFUSED)


def in_our_words(error: click.UsageError) -> click.UsageError:
    """The same usage error, told first in the reader's language."""
    if isinstance(error, _WrongUsage):
        return error
    name = getattr(error, "param_hint", None) or _name_of(getattr(error, "param", None))
    if isinstance(error, click.NoSuchOption):
        words = f"{error.option_name} というオプションはありません。"
    elif isinstance(error, click.MissingParameter):
        words = f"{name} を指定してください。"
    elif isinstance(error, click.BadParameter):
        words = f"{name} の値が使えません。"
    else:
        words = "使い方が正しくありません。"
    return _WrongUsage(str(Text(f"{words}\n{error.format_message()}", error.format_message())), error.ctx)


class _WrongUsage(click.UsageError):
    """A usage error whose message is already in the reader's language."""


def wrong_usage(text: Text) -> click.UsageError:
    """To be raised when what was typed cannot be used (exit status 2)."""
    return _WrongUsage(str(text), click.get_current_context(silent=True))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known names most like a mistyped one, for "did you mean"."""
    names = sorted(known)
    return ", ".join(difflib.get_close_matches(name, names, n=5, cutoff=0.4) or names[:8])


def _name_of(param: click.Parameter | None) -> str:
    if param is None:
        return "引数"
    return param.opts[0] if isinstance(param, click.Option) else param.human_readable_name


def _moment(moment: datetime) -> str:
    return clock.tokyo(moment).strftime("%Y-%m-%d %H:%M JST")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.tokyo(value).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Text, UUID)):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    as_path = getattr(value, "__fspath__", None)
    if as_path is not None:
        return str(as_path())
    raise TypeError(f"{type(value).__name__} has no JSON form")
