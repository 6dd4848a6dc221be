"""Makes the Python environment `.venv` and keeps it in step with requirements.lock.

Runs on a bare Python 3.11 or newer, before anything is installed, so it uses the standard library only.
Does nothing, quickly, when the environment is as it should be.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "made-from"
TOOLS = ROOT / ".kotowari" / "tools"

NO_WAY = """\
Python の仮想環境を作れません。次のどれかを入れてから、もう一度実行してください。
The Python environment cannot be made. Install one of these, then try again:

  sudo apt-get install python3-venv      (Debian, Ubuntu)
  uv                                     (a single program; no root needed)
  virtualenv
"""


class StepFailedError(Exception):
    """One way of making the environment did not work."""


def main() -> int:
    os.chdir(ROOT)
    if is_up_to_date():
        return 0
    with one_at_a_time():
        if is_up_to_date():
            return 0
        started = time.monotonic()
        step(1, "Python の環境を用意しています", f"making the Python environment (Python {sys.version.split()[0]})")
        try:
            make_environment()
        except StepFailedError as problem:
            print(f"\n{problem}", file=sys.stderr)
            return 1
        STAMP.write_text(wanted())
        print(f"      {time.monotonic() - started:.0f} s", flush=True)
    return 0


def is_up_to_date() -> bool:
    """Whether the environment was made from the very files that lie here, and still runs."""
    if not STAMP.exists() or STAMP.read_text() != wanted() or not (VENV / "bin" / "kotowari").exists():
        return False
    return runs([PYTHON, "-c", "import django"])


def wanted() -> str:
    """What the environment is to be made from, as one digest."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (LOCK, ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make_environment() -> None:
    """With uv when there is one (seconds), else with pip. Raises `StepFailedError`."""
    uv = find_uv()
    if uv:
        try:
            with_uv(uv)
            return
        except StepFailedError as problem:
            print(f"uv: {problem}\nuv でうまくいかないので pip を使います / trying pip instead", file=sys.stderr)
    if make_venv_for_pip():
        with_pip()
        return
    uv = install_uv()
    if not uv:
        raise StepFailedError(NO_WAY)
    with_uv(uv)


def with_uv(uv: list[str]) -> None:
    if not environment_runs():
        run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    step(2, "ライブラリを入れています", "installing the locked libraries")
    run_sifting([*uv, "pip", "sync", "--compile-bytecode", "--python", str(PYTHON), "--require-hashes", str(LOCK)])
    step(3, "kotowari を入れています", "installing kotowari itself")
    run([*uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--no-deps", "--no-build-isolation", "-e", "."])


def with_pip() -> None:
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    step(2, "ライブラリを入れています(1〜2分)", "installing the locked libraries (a minute or two)")
    run_counting([*pip, "--progress-bar", "off", "--no-deps", "--require-hashes", "-r", str(LOCK)])
    step(3, "kotowari を入れています", "installing kotowari itself")
    run([*pip, "--quiet", "--no-deps", "--no-build-isolation", "-e", "."])


def make_venv_for_pip() -> bool:
    """An environment with pip inside, by whatever this machine has."""
    if environment_runs() and runs([PYTHON, "-m", "pip", "--version"]):
        return True
    if runs([sys.executable, "-c", "import ensurepip, venv"]):
        ways = [[sys.executable, "-m", "venv", "--clear", str(VENV)]]
    else:
        ways = []
    ways += [[sys.executable, "-m", "virtualenv", "--clear", str(VENV)]]
    if program := shutil.which("virtualenv"):
        ways += [[program, "--clear", "--python", sys.executable, str(VENV)]]
    return any(runs(way) and runs([PYTHON, "-m", "pip", "--version"]) for way in ways)


def environment_runs() -> bool:
    return runs([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def find_uv() -> list[str] | None:
    """The uv of this machine, or one that we put aside earlier."""
    for program in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if program and runs([program, "--version"]):
            return [program]
    return None


def install_uv() -> list[str] | None:
    """Where Python has pip but no venv: put uv into a folder of ours, leaving the system as it is."""
    if not runs([sys.executable, "-m", "pip", "--version"]):
        return None
    print("      uv を用意しています / fetching uv", flush=True)
    target = ["--disable-pip-version-check", "install", "--quiet", "--target", str(TOOLS), "--upgrade", "uv"]
    subprocess.run([sys.executable, "-m", "pip", *target], check=False)  # noqa: S603
    return find_uv()


def step(number: int, japanese: str, english: str) -> None:
    print(f"[{number}/3] {japanese}… / {english}…", flush=True)


def runs(command: Sequence[str | Path]) -> bool:
    """Whether a command exists and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def run(command: list[str]) -> None:
    """Run a command whose output shows. Raises `StepFailedError`."""
    # A company's own certificates lie in the system's store, where uv looks only when told to.
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
    if status != 0:
        raise StepFailedError(f"失敗しました / this failed ({status}): {' '.join(command)}")


def run_sifting(command: list[str]) -> None:
    """Run uv, showing what it fetches but not the list of all it put in. Raises `StepFailedError`."""
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:  # noqa: S603
        for line in process.stderr or ():
            if not line.startswith((" + ", " - ", " ~ ", " Downloaded ")):
                print(f"      {line.rstrip()}", flush=True)
    if process.returncode != 0:
        raise StepFailedError(f"失敗しました / this failed ({process.returncode}): {' '.join(command)}")


def run_counting(command: list[str]) -> None:
    """Run pip, showing how many libraries it has come to. Raises `StepFailedError`."""
    total = sum("==" in line for line in LOCK.read_text().splitlines())
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            if line.startswith("Collecting"):
                done += 1
                tell_progress(done, f"{done}/{total}")
            elif line.startswith("Installing collected"):
                tell_progress(0, "展開しています / unpacking")
    if sys.stdout.isatty():
        print()
    if process.returncode != 0:
        raise StepFailedError(f"失敗しました / this failed ({process.returncode}): {' '.join(command)}")


def tell_progress(done: int, words: str) -> None:
    """On a terminal one line that changes; elsewhere a line now and then."""
    if sys.stdout.isatty():
        print(f"\r      {words:<40}", end="", flush=True)
    elif done % 25 == 0:
        print(f"      {words}", flush=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two makes at once do not build the same environment twice."""
    folder = ROOT / ".kotowari"
    folder.mkdir(exist_ok=True)
    with (folder / "bootstrap.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        print(f"ファイルを扱えません / {error.strerror}: {error.filename}", file=sys.stderr)
        sys.exit(1)
