"""The `kotowari` command: finds each subject's module only when it is asked for."""

import os
from importlib import import_module
from typing import Any, NamedTuple

import click

from kotowari.cli.answers import as_click_error, in_our_words
from kotowari.kernel.errors import KotowariError
from kotowari.kernel.text import Language, Text, use_language


class Subject(NamedTuple):
    """Where a command lives (`module:name`) and what it does, so that `--help` needs to import nothing."""

    target: str
    does: Text


SUBJECTS: dict[str, Subject] = {
    "run": Subject(
        "kotowari.cli.run:run",
        Text("データベース・移行・ジョブ・サーバーを一度に起動", "database, migrations, jobs and server in one go"),
    ),
    "serve": Subject("kotowari.cli.serve:serve", Text("サーバーだけを起動", "the web server alone")),
    "work": Subject("kotowari.cli.work:work", Text("ジョブだけを動かす", "the background jobs alone")),
    "gateway": Subject(
        "kotowari.cli.gateway:gateway", Text("デモのカード決済だけを起動", "the demo's card gateway alone")
    ),
    "migrate": Subject("kotowari.cli.migrate:migrate", Text("表を最新にする", "bring the tables up to date")),
    "check": Subject("kotowari.cli.check:check", Text("設定を点検する", "look over the settings")),
    "db": Subject("kotowari.cli.db:db", Text("内蔵データベース", "the database that comes along")),
    "keys": Subject("kotowari.cli.keys:keys", Text("個人情報の暗号鍵", "the keys of personal data")),
    "clock": Subject("kotowari.cli.clock:clock", Text("デモの時計", "the demo's clock")),
    "demo": Subject("kotowari.cli.demo:demo", Text("デモの市場", "the demo's market")),
    "staff": Subject("kotowari.cli.staff:staff", Text("運営の担当者", "who works for the operator")),
    "explain": Subject("kotowari.cli.explain:explain", Text("できる・できないとその理由", "may they, and why not")),
    "policy": Subject("kotowari.cli.policy:policy", Text("運営の数値と規則", "the operator's numbers and rules")),
    "quote": Subject(
        "kotowari.cli.quote:quote", Text("手数料と受取額の試算", "prices, fees and payouts, line by line")
    ),
    "bankdays": Subject("kotowari.cli.bankdays:bankdays", Text("銀行営業日", "bank days")),
    "zengin": Subject("kotowari.cli.zengin:zengin", Text("全銀ファイル", "全銀 bank files")),
    "bank": Subject("kotowari.cli.bank:bank", Text("入出金明細の取込", "bank statements")),
    "payouts": Subject("kotowari.cli.payouts:payouts", Text("締め・振込・組戻し", "closings, payouts and returns")),
    "verify": Subject(
        "kotowari.cli.verify:verify", Text("帳簿の不変条件を確かめる", "check every invariant of the ledger")
    ),
    "reference": Subject(
        "kotowari.cli.reference:reference", Text("docs/reference を作る", "write the reference pages of docs/")
    ),
    "bench": Subject("kotowari.cli.bench:bench", Text("性能測定", "the benchmarks")),
}


class Kotowari(click.Group):
    """A group whose commands are imported when called and whose refusals become exit statuses."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(SUBJECTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        subject = SUBJECTS.get(cmd_name)
        if subject is None:
            return None
        module, _, name = subject.target.partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{subject.target} is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section(str(Text("コマンド", "Commands"))):
            formatter.write_dl([(name, str(subject.does)) for name, subject in SUBJECTS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        with use_language(_reader()):
            return super().main(*args, **kwargs)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise in_our_words(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise in_our_words(error) from error
        except KotowariError as error:
            raise as_click_error(error, as_json=ctx.meta.get("as_json", False)) from error


def _reader() -> Language:
    """Whoever reads the terminal: `KOTOWARI_LANGUAGE`, else what the locale clearly says, else Japanese."""
    asked = os.environ.get("KOTOWARI_LANGUAGE", "")
    if asked not in {"ja", "en"}:
        asked = (os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "")[:2]
    return "en" if asked == "en" else "ja"


@click.group(cls=Kotowari, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kotowari")
def main() -> None:
    """Kotowari(ことわり): 断る理由をいつも示すクラウドソーシング市場 / a market whose every no has its reason.

    終了コード / exit status: 0 done, 1 refused, 2 wrong usage.
    """


if __name__ == "__main__":
    main()
