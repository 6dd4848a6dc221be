"""`kotowari bench`: how fast it is, beside floors measured in the same run."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kotowari.cli.answers import REFUSED, CannotGoOn, say
from kotowari.cli.embedded import EmbeddedDatabase
from kotowari.kernel.text import Text

NAMES = ("pages", "settlement", "search", "sign_in", "zengin", "closing", "verify")
ON_DEMAND = ("ledger_random", "doubled")
"""What takes long and is asked for by name only."""
NOT_MEASURED = frozenset({"KOTOWARI_TESTING", "KOTOWARI_DEMO"})
"""What makes a process behave otherwise than in production."""


@click.command()
@click.argument("names", metavar="[NAME]…", nargs=-1, type=click.Choice((*NAMES, *ON_DEMAND)))
@click.option(
    "--part",
    type=click.FloatRange(0.001, 1),
    default=1.0,
    show_default=True,
    help="100万件の測定を、この割合の件数で行う / measure the millions with this part of their number.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="表をこのファイルにも書く / write the tables here too.",
)
def bench(names: tuple[str, ...], part: float, report: Path | None) -> None:
    """性能測定 / the benchmarks: each on data of its own, thrown away afterwards.

    All but ledger_random and doubled, which take long and are run by their names. `--part 0.05` makes do with 50,000 of a million.

    Uses a PostgreSQL of its own with durable settings in a temporary folder, or scratch databases on the server
    of DATABASE_URL. Exit status 1 when an aim was missed.
    """
    folder = bench_folder()
    sys.path.insert(0, str(folder.parent))
    from bench.report import Report  # type: ignore[import-not-found,unused-ignore]

    found: list[Report] = []
    with tempfile.TemporaryDirectory(prefix="kotowari-bench-") as temporary, _postgres(Path(temporary)) as url:
        for name in names or NAMES:
            say(Text(f"測っています: {name}", f"Measuring: {name}"))
            told = Path(temporary) / f"{name}.json"
            command = [sys.executable, "-m", "bench", name, str(told)]
            around = {name: value for name, value in os.environ.items() if name not in NOT_MEASURED}
            around |= {"DATABASE_URL": url, "KOTOWARI_DATA": str(Path(temporary) / "data")}
            around["KOTOWARI_BENCH_PART"] = str(part)
            if subprocess.run(command, cwd=folder.parent, env=around, check=False).returncode:  # noqa: S603
                raise CannotGoOn(Text(f"{name} を測れませんでした。", f"{name} could not be measured; see above."))
            found.append(Report.from_json(told.read_text()))
            click.echo("\n".join(["", *found[-1].lines(), ""]))
    if report is not None:
        report.write_text("\n".join(line for each in found for line in [*each.lines(), ""]))
    missed = sum(len(each.missed) for each in found)
    if missed:
        say(Text(f"目標に届かないもの: {missed} 件", f"Aims missed: {missed}"))
        raise click.exceptions.Exit(REFUSED)
    say(Text("目標はすべて達成しました。", "Every aim was met."))


def bench_folder() -> Path:
    """The measurements, which come with the project's sources and not with an installed package."""
    for root in (Path.cwd(), *Path(__file__).resolve().parents):
        if (root / "bench" / "report.py").is_file():
            return root / "bench"
    raise CannotGoOn(
        Text(
            "測定のプログラム(bench/)がここにありません。プロジェクトのソースのフォルダーで実行してください。",
            "There are no measurements (bench/) here: they come with the project's sources, not with the installed "
            "package. Run this in the folder of the sources.",
        )
    )


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """The server to measure on: that of `DATABASE_URL`, else one of our own that forgets nothing on a crash."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with EmbeddedDatabase(folder / "postgres", say=say).in_use() as url:
        yield url
