"""As whom the server runs. PostgreSQL refuses to run as root, so root has to step down in one of three ways."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

AccountName = Literal["self", "namespace", "capability", "switch"]


@dataclass(frozen=True, slots=True)
class Account:
    """How to run the server's programs.

    `self`: as the user we are. As root:
    `namespace`: in a user namespace where root is called 1000; files stay root's own, nothing is opened to others.
    `capability`: as another user who keeps only the right to pass through root's folders.
    `switch`: plainly as another user, who must be able to reach the programs and the data folder.
    """

    name: AccountName
    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def command(self, *words: str | Path) -> list[str]:
        return [*self.prefix, *map(str, words)]

    @property
    def popen_identity(self) -> dict[str, int | list[int]]:
        """Arguments for `subprocess` that change the user, where no program does it for us."""
        if self.name != "switch":
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Whether the server will be able to run the program, or pass through the folder, at `path`."""
        answer = subprocess.run(  # noqa: S603
            self.command("/bin/sh", "-c", 'test -x "$1"', "sh", path),
            capture_output=True,
            check=False,
            cwd="/",
            **self.popen_identity,  # type: ignore[call-overload]
        )
        return bool(answer.returncode == 0)


def user_name(uid: int) -> str:
    """The name of a user, or the number when there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def choose(name: AccountName | None = None) -> Account:
    """The account for this process: the first that works here, or the named one (tests name each)."""
    if name == "self" or (name is None and os.geteuid() != 0):
        return Account("self", os.geteuid(), os.getegid())
    lesser = _lesser_user()
    offers = (
        Account(
            "namespace",
            os.geteuid(),
            os.getegid(),
            ("unshare", "--user", "--map-user=1000", "--map-group=1000"),
        ),
        Account(
            "capability",
            lesser.pw_uid,
            lesser.pw_gid,
            (
                "setpriv",
                f"--reuid={lesser.pw_uid}",
                f"--regid={lesser.pw_gid}",
                "--clear-groups",
                "--inh-caps=+dac_override",
                "--ambient-caps=+dac_override",
            ),
        ),
    )
    for account in offers:
        if name in {None, account.name} and _works(account):
            return account
    return Account("switch", lesser.pw_uid, lesser.pw_gid)


def _lesser_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return pwd.struct_passwd(("nobody", "x", 65534, 65534, "", "/", ""))


@cache
def _works(account: Account) -> bool:
    try:
        answer = subprocess.run(  # noqa: S603
            account.command("id", "-u"), capture_output=True, text=True, timeout=20, check=False, cwd="/"
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return answer.returncode == 0 and answer.stdout.strip() not in {"", "0"}
