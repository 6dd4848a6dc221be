"""What the surroundings say: folders, secrets and the database address, read once."""

import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict


def data_dir() -> Path:
    """The folder of everything this installation keeps on disk: `KOTOWARI_DATA`, else `.kotowari` here."""
    return Path(os.environ.get("KOTOWARI_DATA") or ".kotowari").resolve()


def secret(name: str) -> str:
    """A secret from the variable `KOTOWARI_<NAME>`, else one made once and kept on disk for its owner alone."""
    given = os.environ.get(f"KOTOWARI_{name.upper()}")
    if given:
        return given
    path = data_dir() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside and linked into place, so that nobody ever reads half a secret or two different ones.
        aside = path.with_name(f"{name}.{os.getpid()}")
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return path.read_text()


def database(url: str) -> dict[str, Any]:
    """Django's settings for one PostgreSQL address; sockets are given as `?host=/folder`.

    Server-side preparation stays off: a generic plan walks the primary key on searches. So does just-in-time
    compilation, which costs more than it brings on queries of a few milliseconds.
    """
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "kotowari"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {"prepare_threshold": None, "application_name": "kotowari", "options": "-c jit=off"},
    }


def moment(name: str) -> datetime | None:
    """A moment in ISO form with its offset, or None. Raises `ValueError` that names the variable."""
    given = os.environ.get(name, "").strip()
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise ValueError(f"{name}={given} is no moment; write it like 2026-11-30T21:00:00+09:00") from error
    if found.tzinfo is None:
        raise ValueError(f"{name}={given} has no offset; write it like 2026-11-30T21:00:00+09:00")
    return found


def is_on(name: str) -> bool:
    """Whether the environment variable says yes (`1`, `true`, `yes`, `on`)."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
