"""The database that Kotowari brings along: used by any number of processes, stopped by the last one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kotowari.cli.embedded import account as accounts
from kotowari.cli.embedded import problems, server
from kotowari.cli.embedded.account import AccountName
from kotowari.cli.embedded.cluster import PORT, USER, Cluster, Record
from kotowari.cli.embedded.locks import FileLock, exclusive
from kotowari.cli.embedded.problems import DatabaseProblem, Say
from kotowari.config import environment
from kotowari.kernel.text import Text


def _quiet(_: Text) -> None:
    return


@dataclass(frozen=True, slots=True)
class Status:
    """What `kotowari db status` shows."""

    running: bool
    kept: bool
    folder: Path
    version: str | None
    source: str | None
    programs: Path | None
    pid: int | None
    url: str


class EmbeddedDatabase:
    """One private PostgreSQL cluster in a folder of ours, reached through a unix socket only.

    `durable=False` is for tests: faster, and thrown away when it was not shut down properly.
    `account` names the way in which root steps down (see `Account`); normally the first that works.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        durable: bool = True,
        name: str = "kotowari",
        account: AccountName | None = None,
        lock_seconds: float = 120,
        say: Say = _quiet,
    ) -> None:
        self.cluster = Cluster((folder or environment.data_dir() / "postgres").absolute(), durable)
        self.name = name
        self._account = account
        self._lock_seconds = lock_seconds
        self._say = say
        self._use: FileLock | None = None

    @property
    def url(self) -> str:
        """The address for `DATABASE_URL`."""
        return f"postgresql://{USER}@/{self.name}?host={quote(str(self.cluster.socket_folder))}&port={PORT}"

    @property
    def use_descriptor(self) -> int | None:
        """The file descriptor that says "in use": a child process that inherits it keeps the database running."""
        return self._use.descriptor if self._use else None

    def start(self) -> bool:
        """Start the server and keep it running until `stop()`; whether it was started by this call.

        Raises `DatabaseProblem`.
        """
        with self._alone():
            started = self._ensure_running()
            self._kept_mark.touch()
            return started

    def stop(self, *, even_if_used: bool = False) -> bool:
        """Stop the server; whether it ran. Raises `DatabaseProblem` (`in_use` while another process uses it)."""
        if not self.cluster.folder.exists():
            return False
        with self._alone():
            users = self._users_lock()
            try:
                if not users.take() and not even_if_used and server.ask(self.cluster) != "absent":
                    raise DatabaseProblem(
                        "in_use",
                        Text(
                            "他の kotowari プロセスが使っています。先に止めるか、--force を付けてください。",
                            "Other kotowari processes use it. Stop them first, or add --force.",
                        ),
                    )
            finally:
                users.close()
            return self._stop()

    def acquire(self) -> bool:
        """Use the database from now on, starting it if need be; whether it was started by this call.

        Raises `DatabaseProblem`.
        """
        with self._alone():
            self._use = self._use or self._users_lock()
            self._use.take(shared=True)
            try:
                return self._ensure_running()
            except BaseException:
                self._use.close()
                self._use = None
                raise

    def release(self) -> None:
        """Use it no longer. The last user stops it, unless it was started to stay (`start`)."""
        if self._use is None:
            return
        with self._alone():
            self._use.close()
            self._use = None
            users = self._users_lock()
            try:
                if users.take() and not self._kept_mark.exists():
                    self._stop()
            finally:
                users.close()

    def recreate_database(self) -> None:
        """Throw away everything in the database, for good; it must be in use by us."""
        server.drop_database(self.cluster, self.name)
        server.ensure_database(self.cluster, self.name)

    @contextmanager
    def in_use(self) -> Iterator[str]:
        """Use it inside the block; gives its address."""
        self.acquire()
        try:
            yield self.url
        finally:
            self.release()

    def status(self) -> Status:
        """How it stands, without changing anything."""
        record = Record.read(self.cluster.record)
        running = server.ask(self.cluster) != "absent"
        return Status(
            running=running,
            kept=running and self._kept_mark.exists(),
            folder=self.cluster.folder,
            version=record.version if record else None,
            source=record.source if record else None,
            programs=Path(record.folder) if record else None,
            pid=self.cluster.postmaster_pid() if running else None,
            url=self.url,
        )

    @property
    def _kept_mark(self) -> Path:
        return self.cluster.folder / "kept"

    def _users_lock(self) -> FileLock:
        return FileLock(self.cluster.folder / "users.lock")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts and stops; file trouble becomes a `DatabaseProblem`."""
        self.cluster.prepare_folder()
        try:
            with exclusive(self.cluster.folder / "lock", seconds=self._lock_seconds, say=self._say):
                yield
        except OSError as error:
            raise problems.from_os_error(error, self.cluster.folder) from error

    def _ensure_running(self) -> bool:
        cluster = self.cluster
        cluster.check_kind()
        lock = server.server_lock(cluster)
        try:
            if server.wait_until_gone(cluster, lock, say=self._say) == "ready":
                server.ensure_database(cluster, self.name)
                return False
            self._kept_mark.unlink(missing_ok=True)
            self._launch(lock)
        finally:
            # The server has inherited the lock and keeps it.
            lock.close()
        server.ensure_database(cluster, self.name)
        return True

    def _launch(self, lock: FileLock) -> None:
        cluster = self.cluster
        if cluster.may_be_emptied():
            cluster.empty()
        binaries = cluster.binaries()
        account = accounts.choose(self._account)
        if account.name == "switch":
            for path in (binaries.postgres, cluster.folder.parent):
                if not account.can_reach(path):
                    raise problems.unreachable(path, accounts.user_name(account.uid))
            # This user has to pass through; what lies inside stays closed to everybody else.
            cluster.folder.chmod(0o711)
        if not cluster.exists:
            self._say(
                Text(
                    f"データベースを作っています(PostgreSQL {binaries.version})…",
                    f"Making the database (PostgreSQL {binaries.version})…",
                )
            )
            cluster.make(binaries, account)
        cluster.hand_over(account)
        cluster.remember(binaries)
        server.start(cluster, binaries, account, lock, say=self._say)

    def _stop(self) -> bool:
        lock = server.server_lock(self.cluster)
        try:
            ran = server.stop(self.cluster, lock)
        finally:
            lock.close()
        self._kept_mark.unlink(missing_ok=True)
        return ran
