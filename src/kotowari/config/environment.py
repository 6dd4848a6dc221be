"""What the surroundings say: folders, secrets and the database address, read once."""

import os
import secrets
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict


def data_dir() -> Path:
    """The folder of everything this installation keeps on disk: `KOTOWARI_DATA`, else `.kotowari` here."""
    return Path(os.environ.get("KOTOWARI_DATA", ".kotowari")).resolve()


def secret(name: str) -> str:
    """A secret from the environment variable `KOTOWARI_<NAME>`, else one made once and kept, owner-only, on disk."""
    given = os.environ.get(f"KOTOWARI_{name.upper()}")
    if given:
        return given
    path = data_dir() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def database(url: str) -> dict[str, Any]:
    """Django's settings for one PostgreSQL address; sockets are given as `?host=/folder`.

    Server-side preparation stays off: a generic plan walks the primary key on searches.
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
        "OPTIONS": {"prepare_threshold": None, "application_name": "kotowari"},
    }


def is_on(name: str) -> bool:
    """Whether the environment variable says yes (`1`, `true`, `yes`, `on`)."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
