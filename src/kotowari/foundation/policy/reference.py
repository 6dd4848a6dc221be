"""The reference page of the policy, made from the catalogue and the presets."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from kotowari.foundation.policy.keys import KEYS, PolicyKey
from kotowari.foundation.policy.loading import Dated, Preset, load_preset, preset_names

INTRODUCTION = """
Every number that an operator may want otherwise, with its rule in `docs/domain/rules.md` or the law it stands for.
`kotowari policy list`, `show` and `diff` give the same, and the values in force with the operator's own changes.

A preset that is not listed for a value has none of its own: nothing was found for it, and the value of the preset
it stands on counts. “Notice” marks values whose change is announced ahead (`policy.change_notice_days`); any other
value may change from the next day.
"""


def policy_page() -> str:
    """The page in Markdown: every key with what may stand there, and what each preset says and why."""
    presets = [load_preset(name) for name in preset_names()]
    lines = [
        "# Policy",
        INTRODUCTION,
        "## Presets",
        "",
        "| Preset | Title | Published | Stands on |",
        "|---|---|---|---|",
    ]
    for preset in presets:
        base = f"`{preset.base}`" if preset.base else ""
        lines.append(f"| `{preset.name}` | {preset.title.ja} / {preset.title.en} | {preset.published_on} | {base} |")
    lines += ["", *(f"- `{preset.name}`: {preset.note.en}" for preset in presets), ""]
    for area, keys in groupby(KEYS.values(), key=lambda key: key.area):
        lines += [f"## {area}", ""]
        for key in keys:
            lines += [*_key(key, presets), ""]
    return "\n".join(lines)


def _key(key: PolicyKey, presets: Sequence[Preset]) -> Iterator[str]:
    marks = [key.kind.type, *([f"in {key.kind.unit}"] if key.kind.unit else [])]
    marks += [key.rule] if key.rule else []
    marks += ["notice"] if key.needs_notice else []
    yield f"### `{key.name}`"
    yield ""
    yield f"{key.title.ja} / {key.title.en} ({', '.join(marks)}). {key.description.en}"
    yield f"May be: {key.kind.right.en}."
    yield ""
    yield "| Preset | Value | From | Source |"
    yield "|---|---|---|---|"
    for preset in presets:
        for dated in preset.own.get(key.name, ()):
            yield _row(key, preset, dated)


def _row(key: PolicyKey, preset: Preset, dated: Dated) -> str:
    shown = key.kind.show(dated.value).en.replace("|", "\\|")
    return f"| `{preset.name}` | {shown} | {dated.effective_on or ''} | {dated.source.en} |"
