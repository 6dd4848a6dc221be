"""What can keep the database from running, in words that say what to do."""

import errno
from collections.abc import Callable
from pathlib import Path

from kotowari.kernel.errors import KotowariError
from kotowari.kernel.text import Text

Say = Callable[[Text], None]
"""Where the launcher tells what it is doing when that takes longer than a moment."""


class DatabaseProblem(KotowariError):  # noqa: N818 - an answer that says what to do, like a refusal
    """The database that Kotowari brings along cannot be used now.

    `code` names the kind (`no_binaries`, `disk_full`, `not_writable`, `not_ours`, `in_use`, `major_mismatch`,
    `wrong_kind`, `socket_taken`, `no_memory`, `unreachable`, `did_not_start`, `did_not_stop`); `text` says what
    is wrong and what to do.
    """

    def __init__(self, code: str, text: Text) -> None:
        self.code = code
        self.text = text
        super().__init__(f"{text.ja}\n{text.en}")


def disk_full(folder: Path, free_mb: int | None = None) -> DatabaseProblem:
    left = "" if free_mb is None else f" ({free_mb} MB)"
    return DatabaseProblem(
        "disk_full",
        Text(
            f"ディスクの空きが足りません{left}: {folder}。空きを作るか、KOTOWARI_DATA で別の場所を指定してください。",
            f"The disk is full{left}: {folder}. Free some space, or choose another folder with KOTOWARI_DATA.",
        ),
    )


def not_writable(folder: Path) -> DatabaseProblem:
    return DatabaseProblem(
        "not_writable",
        Text(
            f"データフォルダに書き込めません: {folder}。権限を直すか、KOTOWARI_DATA で別の場所を指定してください。",
            f"The data folder cannot be written: {folder}. Correct its permissions, "
            "or choose a writable folder with KOTOWARI_DATA.",
        ),
    )


def not_ours(path: Path, owner: str) -> DatabaseProblem:
    return DatabaseProblem(
        "not_ours",
        Text(
            f"{path} の所有者は {owner} です。{owner} として実行するか、"
            "KOTOWARI_DATA で自分のフォルダを指定してください。",
            f"{path} belongs to {owner}. Run as {owner}, or choose a folder of your own with KOTOWARI_DATA.",
        ),
    )


def from_os_error(error: OSError, folder: Path) -> DatabaseProblem:
    """The problem behind a failed file operation in the data folder; re-raises what is none of ours."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(folder)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}:
        return not_writable(folder)
    raise error


def no_binaries(forced: str | None, newest_too_old: str | None) -> DatabaseProblem:
    also_ja = also_en = ""
    if newest_too_old:
        also_ja = f"見つかった PostgreSQL {newest_too_old} は古すぎます。"
        also_en = f" PostgreSQL {newest_too_old} was found, which is too old."
    if forced:
        also_ja += f"KOTOWARI_PG={forced} が設定されています。"
        also_en += f" KOTOWARI_PG={forced} is set, so nothing else was tried."
    return DatabaseProblem(
        "no_binaries",
        Text(
            f"PostgreSQL 15 以降のプログラムが見つかりません。{also_ja}"
            "apt-get install postgresql で入れるか、DATABASE_URL で既存のサーバーを指定してください。",
            f"No PostgreSQL 15 or newer was found on this machine.{also_en} "
            "Install one (apt-get install postgresql) or name a server in DATABASE_URL.",
        ),
    )


def major_mismatch(folder: Path, major: int, found: list[str], forced: str | None) -> DatabaseProblem:
    have = ", ".join(found) or "-"
    forced_ja = f"(KOTOWARI_PG={forced} の設定を外すと見つかるかもしれません。)" if forced else ""
    forced_en = f" (Without KOTOWARI_PG={forced} it may be found.)" if forced else ""
    return DatabaseProblem(
        "major_mismatch",
        Text(
            f"{folder} のデータは PostgreSQL {major} のものですが、この版が見つかりません(あるもの: {have})。"
            f"apt-get install postgresql-{major} などで {major} を入れてください。{forced_ja}",
            f"The data in {folder} was made by PostgreSQL {major}, which is not on this machine "
            f"(found: {have}). Install that version, for example apt-get install postgresql-{major}.{forced_en}",
        ),
    )


def in_use(path: Path, holder: str, waited_seconds: float) -> DatabaseProblem:
    return DatabaseProblem(
        "in_use",
        Text(
            f"別のプロセス({holder})が {path} を使っているため、{waited_seconds:.0f}秒待ちましたが始められません。"
            "そのプロセスが終わってからもう一度実行してください。",
            f"Another process ({holder}) holds {path}; gave up after waiting {waited_seconds:.0f} seconds. "
            "Try again when that process has ended.",
        ),
    )


def unreachable(path: Path, account: str) -> DatabaseProblem:
    return DatabaseProblem(
        "unreachable",
        Text(
            f"root では PostgreSQL を動かせないため {account} として動かしますが、{path} に届きません。"
            "KOTOWARI_DATA=/var/lib/kotowari のように誰でもたどれる場所を指定するか、root 以外で実行してください。",
            f"PostgreSQL does not run as root and is run as {account}, who cannot reach {path}. Choose a folder that "
            "everybody may pass through (KOTOWARI_DATA=/var/lib/kotowari), or run as an ordinary user.",
        ),
    )


_SIGNS: tuple[tuple[str, str], ...] = (
    ("No space left on device", "disk_full"),
    ("Disk quota exceeded", "disk_full"),
    ("Read-only file system", "not_writable"),
    ("Permission denied", "not_writable"),
    ("already exists\n", "in_use"),
    ("could not bind Unix", "socket_taken"),
    ("could not create any Unix-domain sockets", "socket_taken"),
    ("Cannot allocate memory", "no_memory"),
    ("could not map anonymous shared memory", "no_memory"),
    ("could not create shared memory segment", "no_memory"),
)


def from_output(output: str, *, folder: Path, log: Path) -> DatabaseProblem:
    """The problem behind what initdb or the server wrote (in English: it is run with the C locale)."""
    kind = next((kind for sign, kind in _SIGNS if sign in output), "did_not_start")
    if kind == "disk_full":
        return disk_full(folder)
    if kind == "not_writable":
        return not_writable(folder)
    last = "\n".join(output.strip().splitlines()[-12:])
    words = {
        "in_use": Text(
            f"別の PostgreSQL が {folder} を使っています。先にそれを止めてください。",
            f"Another PostgreSQL is running on {folder}. Stop that one first.",
        ),
        "socket_taken": Text(
            "データベースのソケットを作れません。別の PostgreSQL が同じ場所を使っていないか確かめてください。",
            "The database's socket cannot be made. See whether another PostgreSQL uses the same place.",
        ),
        "no_memory": Text(
            "メモリが足りず、データベースを起動できません。",
            "There is not enough memory to start the database.",
        ),
        "did_not_start": Text(
            "データベースを起動できませんでした。",
            "The database could not be started.",
        ),
    }[kind]
    detail = Text("記録: {log}\n{last}", "Its log: {log}\n{last}").format(log=log, last=last)
    return DatabaseProblem(kind, Text(words.ja, f"{words.en} {detail.en}"))
