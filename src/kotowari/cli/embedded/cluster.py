"""A private cluster on disk: where it lies, how it is made, what made it."""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from kotowari.cli.embedded import binaries as programs
from kotowari.cli.embedded import problems
from kotowari.cli.embedded.account import Account, user_name
from kotowari.cli.embedded.binaries import Binaries, Source
from kotowari.cli.embedded.problems import DatabaseProblem
from kotowari.kernel.text import Text

USER = "kotowari"
PORT = 5432
ROOM_FOR_NEW_CLUSTER_MB = 150
LONGEST_SOCKET_PATH = 103
"""Bytes in the path of a unix socket that every platform accepts."""


@dataclass(frozen=True, slots=True)
class Record:
    """What made the cluster and whether it may lose its newest writes; kept beside it as `made-with.json`."""

    major: int
    version: str
    folder: str
    source: Source
    durable: bool

    @classmethod
    def read(cls, path: Path) -> Self | None:
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return None

    def write(self, path: Path) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), indent=1) + "\n")
        fresh.replace(path)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The files of one embedded database, all under `folder`."""

    folder: Path
    durable: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def record(self) -> Path:
        return self.folder / "made-with.json"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def socket_folder(self) -> Path:
        """Inside our own folder, or, where that path is too long or has characters libpq splits at, under /tmp."""
        inside = self.folder / "socket"
        path = str(inside / f".s.PGSQL.{PORT}")
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and re.fullmatch(r"[\w./+-]+", path):
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path("/tmp") / f"kotowari-{os.geteuid()}-{digest}"  # noqa: S108 - its owner and mode are checked

    def postmaster_pid(self) -> int | None:
        """The process id that the server wrote, true or stale."""
        try:
            return int(self.pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def prepare_folder(self) -> None:
        """Make the folder, owner-only. Raises `DatabaseProblem` (`not_writable`, `disk_full`, `not_ours`)."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = self.folder.stat()
            if found.st_uid != os.geteuid():
                raise problems.not_ours(self.folder, user_name(found.st_uid))
            if found.st_mode & 0o066:  # passing through (0711) is what another account may need
                self.folder.chmod(0o700)
        except OSError as error:
            raise problems.from_os_error(error, self.folder) from error

    def binaries(self) -> Binaries:
        """The programs that may run this cluster, or that are to make it."""
        source = programs.forced_source()
        if not self.exists:
            return programs.choose(source)
        record = Record.read(self.record)
        major = int((self.data / "PG_VERSION").read_text())
        return programs.choose_again(
            cluster=self.data,
            major=major,
            recorded=(Path(record.folder), record.source) if record else None,
            source=source,
        )

    def remember(self, binaries: Binaries) -> None:
        Record(binaries.major, binaries.version, str(binaries.folder), binaries.source, self.durable).write(self.record)

    def check_kind(self) -> None:
        """A cluster made for tests is never used for real, nor the other way round."""
        record = Record.read(self.record)
        if self.exists and record and record.durable != self.durable:
            raise DatabaseProblem(
                "wrong_kind",
                Text(
                    f"{self.folder} は{'本番用' if record.durable else 'テスト用'}のデータベースです。"
                    "別の場所を使ってください。",
                    f"{self.folder} holds a database made for {'real use' if record.durable else 'tests'}; "
                    "use another folder.",
                ),
            )

    def make(self, binaries: Binaries, account: Account) -> None:
        """initdb, so that a half-made cluster is never taken for a whole one. Raises `DatabaseProblem`."""
        free_mb = shutil.disk_usage(self.folder).free // 1_000_000
        if free_mb < ROOM_FOR_NEW_CLUSTER_MB:
            raise problems.disk_full(self.folder, free_mb)
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, account.uid, account.gid)
        answer = subprocess.run(  # noqa: S603
            account.command(binaries.initdb, "-D", unfinished, *_initdb_options(binaries, self.durable)),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=server_environment(),
            **account.popen_identity,  # type: ignore[call-overload]
        )
        if answer.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            output = answer.stdout + answer.stderr
            self.log.write_text(output)
            raise problems.from_output(output, folder=self.folder, log=self.log)
        self.remember(binaries)
        unfinished.rename(self.data)

    def hand_over(self, account: Account) -> None:
        """Give the files to the account that runs the server, where they belong to another."""
        owner = self.data.stat().st_uid
        if owner != account.uid:
            if os.geteuid() != 0:
                raise problems.not_ours(self.data, user_name(owner))
            for folder, _, files in os.walk(self.data):
                for path in (folder, *(os.path.join(folder, file) for file in files)):
                    os.chown(path, account.uid, account.gid, follow_symlinks=False)
        self._prepare_socket_folder(account)

    def _prepare_socket_folder(self, account: Account) -> None:
        # Whoever may enter this folder may sign in (trust), so nobody else may.
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        expected = {os.geteuid(), account.uid}
        if folder.is_relative_to(self.folder):
            expected.add(found.st_uid)  # only we could make it there, in whichever way we then stepped down
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in expected:
            raise problems.not_ours(folder, user_name(found.st_uid))
        folder.chmod(0o700)
        os.chown(folder, account.uid, account.gid)

    def may_be_emptied(self) -> bool:
        """Whether this is a test cluster that was not shut down properly: then its files may be torn."""
        return not self.durable and self.exists and self.pid_file.exists()

    def empty(self) -> None:
        shutil.rmtree(self.data)


def server_environment() -> dict[str, str]:
    """Our environment without settings meant for other PostgreSQL clients; messages in English, to be read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _initdb_options(binaries: Binaries, durable: bool) -> list[str]:
    # The same order of text on every machine: by code point, whatever the system's locales are.
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= 17
        else ["--locale=C.UTF-8"]
    )
    return [
        f"--username={USER}",
        "--encoding=UTF8",
        *locale,
        "--lc-messages=C",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
        *(["--data-checksums"] if durable else ["--no-sync"]),
    ]
