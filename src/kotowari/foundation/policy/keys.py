"""What an operator may want otherwise: every policy value by name."""

import difflib
from dataclasses import dataclass

from kotowari.foundation.policy.kinds import Kind
from kotowari.kernel.errors import InputError
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True)
class PolicyKey:
    """One value that decides how the product behaves.

    `rule` is the number in docs/domain/rules.md, or the law, that the value stands for. `needs_notice` marks what
    people rely on (money, terms, deadlines): a change of it is announced ahead (A189).
    """

    name: str
    kind: Kind
    title: Text
    description: Text
    rule: str = ""
    needs_notice: bool = False

    @property
    def area(self) -> str:
        """The first part of the name: the room that reads it."""
        return self.name.split(".")[0]


KEYS: dict[str, PolicyKey] = {}
"""Every key, by name, in the order of the catalogue."""


def define(
    name: str, kind: Kind, title: Text, description: Text, *, rule: str = "", needs_notice: bool = False
) -> PolicyKey:
    """Add a key to the catalogue. Every preset that has no base must then give it a value."""
    if name in KEYS:
        raise ValueError(f"policy key {name} is defined twice")
    KEYS[name] = PolicyKey(name, kind, title, description, rule, needs_notice)
    return KEYS[name]


def key_named(name: str, *, field: str = "key") -> PolicyKey:
    """The key of this name. Raises `InputError` with the names that come close."""
    found = KEYS.get(name)
    if found is not None:
        return found
    close = difflib.get_close_matches(name, KEYS, n=3, cutoff=0.5)
    hint = Text("近い名前:{close}", "close to it: {close}").format(close=", ".join(close))
    if not close:
        hint = Text("一覧は kotowari policy list で見られます", "`kotowari policy list` shows them all")
    text = Text("「{name}」という設定はありません({hint})。", "There is no policy value named {name} ({hint}).")
    raise InputError({field: [text.format(name=name, hint=hint)]})
