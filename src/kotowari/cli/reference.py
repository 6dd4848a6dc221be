"""`kotowari reference`: writes the pages of docs/reference/ that are made from the program itself."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click

from kotowari.cli.answers import CannotGoOn
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text

HEADER = "<!-- Made by `kotowari reference`; do not edit by hand. A test fails when it is out of date. -->\n"
FOLDER = Path("docs/reference")


def gates_page() -> str:
    """Every action: what it is about, its words, the commands behind it, and the reasons it can be refused for."""
    from django.utils.module_loading import autodiscover_modules

    from kotowari.foundation.commands import COMMANDS
    from kotowari.kernel.gates import ACTIONS

    autodiscover_modules("gates", "services")
    import_module("kotowari.config.urls")

    lines = [
        HEADER,
        "# Gates\n",
        "Every action of the product. A refusal names all reasons that hold; each rule below gives one of them.\n",
    ]
    for name, action in sorted(ACTIONS.items()):
        commands = sorted(c for c, a in COMMANDS.items() if a is action)
        lines += [
            f"## `{name}`\n",
            f"{action.title.ja} / {action.title.en}. Refused as 「{action.no.ja}」 / “{action.no.en}”.\n",
            f"- About: {f'a `{action.subject}`' if action.subject else 'the person alone'}",
            f"- Commands: {', '.join(f'`{c}`' for c in commands) or 'none; it is a way of seeing'}",
            f"- Rules asked: {', '.join(f'`{_rule_name(r)}`' for r in action.rules) or 'none; open to everybody'}\n",
        ]
    return "\n".join(lines)


def states_page() -> str:
    """Every transition table: states, who moves, and what time does."""
    from kotowari.foundation.transitions import TransitionTable

    tables: list[TransitionTable] = []
    for room in (
        "ledger",
        "accounts",
        "incidents",
        "enforcement",
        "market",
        "contracts",
        "payments",
        "payouts",
        "support",
    ):
        module = import_module(f"kotowari.{room}.transitions")
        tables += [v for v in vars(module).values() if isinstance(v, TransitionTable)]
    lines = [HEADER, "# States\n", "A change that is not in its table is refused by the database as well.\n"]
    for table in sorted(tables, key=lambda t: t.name):
        lines += [f"## `{table.name}`\n", "| From | Event | To | Who | When nobody acts |", "|---|---|---|---|---|"]
        for t in table.transitions:
            source, target = (f"{s} ({table.states[s].ja})" for s in (t.source, t.target))
            clock = f"{t.deadline.ja} / {t.deadline.en} (`{t.policy or t.until}`)" if t.deadline else ""
            lines.append(f"| {source} | {t.event} | {target} | {', '.join(t.who)} | {clock} |")
        lines += ["", *(f"- `{s}` may rest: {why}" for s, why in table.rests.items()), ""]
    return "\n".join(lines)


def screens_page() -> str:
    """Every page with the way to it; the register is found by name, as the rooms at the top do not import each other."""
    import_module("kotowari.config.urls")
    listed: str = import_module("kotowari.web.screens").as_markdown()
    return "\n".join([HEADER, "# Screens\n", listed])


def events_page() -> str:
    """Every event: its sentence, its fields, and which of them are a person's own."""
    from dataclasses import fields

    from kotowari.foundation.outbox import EVENTS, PERSONAL, SENTENCES

    lines = [HEADER, "# Events\n", "| Event | Says | Fields | Personal |", "|---|---|---|---|"]
    for name, cls in sorted(EVENTS.items()):
        told = ", ".join(f.name for f in fields(cls))
        own = ", ".join(sorted(PERSONAL[name])) or "–"
        lines.append(f"| `{name}` | {SENTENCES[name].ja} / {SENTENCES[name].en} | {told} | {own} |")
    return "\n".join([*lines, ""])


def policy_page() -> str:
    """Every policy value: what may stand there, and what each preset says and why."""
    from kotowari.foundation.policy import reference as policy_reference

    return HEADER + "\n" + policy_reference.policy_page()


PAGES: dict[str, Callable[[], str]] = {
    "gates": gates_page,
    "states": states_page,
    "events": events_page,
    "screens": screens_page,
    "policy": policy_page,
}


def out_of_date(folder: Path) -> list[str]:
    """The pages whose file is not what the program says now."""
    return [
        name
        for name, page in PAGES.items()
        if not (folder / f"{name}.md").exists() or (folder / f"{name}.md").read_text() != page()
    ]


@click.command()
@click.option("--check", is_flag=True, help="書かずに確かめる / only tell whether the pages are in step.")
@with_django
def reference(check: bool) -> None:
    """docs/reference を作る / write the reference pages made from the program."""
    if check:
        stale = out_of_date(FOLDER)
        if stale:
            names = ", ".join(stale)
            raise CannotGoOn(
                Text(f"古いページ: {names}。kotowari reference を実行してください。", f"Out of date: {names}.")
            )
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / f"{name}.md").write_text(page())
        click.echo(f"{FOLDER / name}.md")


def _rule_name(rule: Callable[..., object]) -> str:
    name = getattr(rule, "__qualname__", repr(rule))
    return name.split(".")[0].strip("_") if "<locals>" in name else name.strip("_")
