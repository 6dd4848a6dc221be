"""`kotowari policy`: the operator's numbers, where each comes from, and how presets differ."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import click

from kotowari.cli.answers import json_option, say, show_json
from kotowari.cli.embedded import EmbeddedDatabase
from kotowari.cli.surroundings import database, django_ready
from kotowari.cli.typed import DAY
from kotowari.foundation import policy as rules
from kotowari.kernel import clock
from kotowari.kernel.text import Text

F = TypeVar("F", bound=Callable[..., Any])

ORIGINS = {
    "preset": Text("このプリセット", "this preset"),
    "base": Text("土台のプリセット(この型では見つからなかった値)", "the base preset (nothing was found for this one)"),
    "operator": Text("運営の変更", "the operator's change"),
}


def preset_option(command: F) -> F:
    """`--preset`: a preset by itself instead of the rules in force; needs no database."""
    return click.option(
        "--preset", help="規則の型(kotowari, crowdworks, …)。省くと有効な規則 / else the rules in force."
    )(command)


def on_option(command: F) -> F:
    """`--on`: the day whose rules count."""
    return click.option("--on", type=DAY, help="この日の規則(省くと今日) / the rules of this day (today).")(command)


@contextmanager
def rules_around(preset: str | None, *, quiet: bool) -> Iterator[None]:
    """What reading the rules needs: for a preset nothing; else the database with the operator's changes, if any."""
    if preset is not None:
        rules.load_preset(preset)
        yield
    elif os.environ.get("DATABASE_URL") or EmbeddedDatabase().cluster.folder.exists():
        with database(), django_ready():
            yield
    else:
        if not quiet:
            say(
                Text(
                    "データベースがまだないため、プリセットそのものの値で答えます。",
                    "There is no database yet: the answer is the preset's own.",
                )
            )
        yield


@click.group()
def policy() -> None:
    """運営の数値と規則 / the operator's numbers and rules."""


@policy.command(name="list")
@preset_option
@on_option
@json_option
def list_values(preset: str | None, on: date | None, as_json: bool) -> None:
    """値を1行ずつ、規則の番号とともに / every value in one line, with its rule."""
    with rules_around(preset, quiet=as_json):
        found = rules.values(preset=preset, on=on)
    if as_json:
        presets = [_preset(name) for name in rules.preset_names()]
        show_json({**_head(found), "presets": presets, "values": {n: _brief(e) for n, e in found.entries.items()}})
        return
    click.echo(found.version)
    width = max(len(name) for name in found)
    for name, entry in found.entries.items():
        rule = f"  [{entry.key.rule}]" if entry.key.rule else ""
        click.echo(f"{name:<{width}}  {entry.key.kind.show(entry.value)}{rule}")


@policy.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@preset_option
@on_option
@json_option
def show(names: tuple[str, ...], preset: str | None, on: date | None, as_json: bool) -> None:
    """値の出どころと意味 / values with meaning and source; NAME is a value or an area such as `payouts`."""
    with rules_around(preset, quiet=as_json):
        found = rules.values(preset=preset, on=on)
        turns = rules.coming(preset=preset, on=on)
    chosen = _chosen(found, names)
    coming = [turn for turn in turns if turn.after.key.name in chosen]
    if as_json:
        loaded = rules.load_preset(found.preset)
        show_json(
            {
                **_head(found),
                "title": loaded.title,
                "note": loaded.note,
                "values": {name: _full(entry) for name, entry in chosen.items()},
                "coming": [
                    {"name": t.after.key.name, "effective_on": t.on, "from": _said(t.before), "to": _said(t.after)}
                    for t in coming
                ],
            }
        )
        return
    click.echo(f"{found.version}  {rules.load_preset(found.preset).title}")
    for entry in chosen.values():
        click.echo(f"\n{entry.key.name} = {entry.key.kind.show(entry.value)}")
        for line in _explained(entry):
            click.echo(f"    {line}")
        for turn in (t for t in coming if t.after.key is entry.key):
            words = Text("{on}から {after}", "from {on}: {after}")
            click.echo(f"    {words.format(on=turn.on, after=turn.after.key.kind.show(turn.after.value))}")


@policy.command()
@click.argument("first", metavar="PRESET")
@click.argument("second", metavar="PRESET")
@on_option
@json_option
def diff(first: str, second: str, on: date | None, as_json: bool) -> None:
    """2つの型の違い / what two presets say differently."""
    one, other = rules.values(preset=first, on=on), rules.values(preset=second, on=on)
    differing = [(one.entries[name], other.entries[name]) for name in one if one[name] != other[name]]
    if as_json:
        show_json(
            {
                "from": one.version,
                "to": other.version,
                "on": one.on,
                "differences": [
                    {"name": a.key.name, "title": a.key.title, "rule": a.key.rule, "from": _said(a), "to": _said(b)}
                    for a, b in differing
                ],
            }
        )
        return
    if not differing:
        click.echo(str(Text("違いはありません。", "There is no difference.")))
    for a, b in differing:
        click.echo(f"{a.key.name}  {a.key.title}")
        click.echo(f"  - {first}: {a.key.kind.show(a.value)}")
        click.echo(f"  + {second}: {b.key.kind.show(b.value)}  ({b.source})")


def _chosen(found: rules.PolicyValues, names: tuple[str, ...]) -> dict[str, rules.Entry]:
    if not names:
        return dict(found.entries)
    chosen: dict[str, rules.Entry] = {}
    for name in names:
        area = {n: e for n, e in found.entries.items() if e.key.area == name}
        chosen |= area or {name: found.entries[rules.key_named(name, field="name").name]}
    return chosen


def _head(found: rules.PolicyValues) -> dict[str, Any]:
    return {"preset": found.preset, "version": found.version, "on": found.on, "today": clock.today()}


def _preset(name: str) -> dict[str, Any]:
    found = rules.load_preset(name)
    return {
        "name": name,
        "title": found.title,
        "note": found.note,
        "published_on": found.published_on,
        "base": found.base,
        "in_force": name == rules.preset_in_force(),
    }


def _said(entry: rules.Entry) -> dict[str, Any]:
    kind = entry.key.kind
    return {"value": kind.as_json(entry.value), "words": kind.show(entry.value), "source": entry.source}


def _brief(entry: rules.Entry) -> dict[str, Any]:
    key = entry.key
    return {
        "value": key.kind.as_json(entry.value),
        "words": key.kind.show(entry.value),
        "type": key.kind.type,
        "unit": key.kind.unit,
        "rule": key.rule,
        "title": key.title,
    }


def _full(entry: rules.Entry) -> dict[str, Any]:
    return {
        **_brief(entry),
        "description": entry.key.description,
        "right": entry.key.kind.right,
        "needs_notice": entry.key.needs_notice,
        "origin": entry.origin,
        "source": entry.source,
        "effective_on": entry.effective_on,
    }


def _explained(entry: rules.Entry) -> Iterator[str]:
    key = entry.key
    yield f"{key.title}{f'  [{key.rule}]' if key.rule else ''}"
    yield str(key.description)
    yield str(Text("使える値:{right}", "may be: {right}").format(right=key.kind.right))
    since = Text("({on}から)", " (since {on})").format(on=entry.effective_on) if entry.effective_on else Text("", "")
    origin = Text("出どころ:{origin}{since}:{source}", "from {origin}{since}: {source}")
    yield str(origin.format(since=since, origin=ORIGINS[entry.origin], source=entry.source))
