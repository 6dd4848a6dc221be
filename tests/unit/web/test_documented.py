"""docs/subsystems/web.md is what others build pages by: its samples compile and its signatures are true."""

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "subsystems" / "web.md").read_text(encoding="utf-8")
KIT = sorted((ROOT / "src" / "kotowari" / "web" / "templates" / "kit").glob("*.html"))
DRAWN_BY_OTHERS = {"refusal_id"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("source", blocks("jinja"))
def test_the_template_samples_compile(source: str) -> None:
    engines["jinja2"].env.from_string(source)


@pytest.mark.parametrize("source", [b for b in blocks("python") if "…" not in b])
def test_the_python_samples_compile(source: str) -> None:
    compile(source, "docs/subsystems/web.md", "exec")


def macros() -> list[tuple[str, tuple[str, ...]]]:
    env = engines["jinja2"].env
    return [
        (name, macro.arguments)
        for path in KIT
        for name, macro in vars(env.get_template(f"kit/{path.name}").module).items()
        if type(macro).__name__ == "Macro" and not name.startswith("_") and name not in DRAWN_BY_OTHERS
    ]


@pytest.mark.parametrize(("name", "arguments"), sorted(set(macros())), ids=lambda v: v if isinstance(v, str) else "")
def test_every_component_is_documented_with_its_true_signature(name: str, arguments: tuple[str, ...]) -> None:
    told = [re.findall(r"(\w+)(?:=[^,]*)?(?:,|$)", a) for a in re.findall(rf"`{name}\(([^)`]*)\)`", PAGE)]
    assert any(tuple(t) == arguments[: len(t)] and len(t) >= len(arguments) - 1 for t in told), (arguments, told)
