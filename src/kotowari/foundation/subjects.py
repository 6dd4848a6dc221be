"""Finding the row that an action is about from its id, as the person may see it (for explain, API and console)."""

from collections.abc import Callable
from typing import Any

from kotowari.kernel.errors import NotVisible

Loader = Callable[[Any, str], Any]
_loaders: dict[str, Loader] = {}


def subject(kind: str) -> Callable[[Loader], Loader]:
    """Register how rows of this kind are found: `(actor, id) -> row`, raising `NotVisible`."""

    def register(loader: Loader) -> Loader:
        _loaders[kind] = loader
        return loader

    return register


def load(kind: str, id: str, *, actor: Any) -> Any:
    """The row of this kind with this id, if the actor may see it. Raises `NotVisible`."""
    loader = _loaders.get(kind)
    if loader is None:
        raise NotVisible(kind, id)
    try:
        return loader(actor, id)
    except (ValueError, TypeError) as error:
        raise NotVisible(kind, id) from error
