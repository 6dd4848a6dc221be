"""`kotowari explain`: the very decision that a member sees, with every reason; and why money is where it is."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import click

from kotowari.cli.answers import REFUSED, decision_lines, json_option, nearest, show_json, wrong_usage
from kotowari.cli.surroundings import with_django
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text


@click.group(invoke_without_command=True)
@click.option("--user", help="ユーザー名・メール・ID / username, e-mail address or id.")
@click.option("--action", help="例 / such as: contracts.accept_delivery")
@click.option("--subject", default=None, help="対象の ID / the id of what it is about.")
@json_option
@click.pass_context
def explain(context: click.Context, user: str | None, action: str | None, subject: str | None, as_json: bool) -> None:
    """できる・できないとその理由 / may this member do it now, and if not, every reason why; or `explain money`."""
    if context.invoked_subcommand is not None:
        return
    if not user or not action:
        raise wrong_usage(
            Text(
                "--user と --action を指定してください。お金の説明は kotowari explain money です。",
                "Give --user and --action, or ask `kotowari explain money`.",
            )
        )
    _decide(user, action, subject, as_json)


@with_django
def _decide(user: str, action: str, subject: str | None, as_json: bool) -> None:
    from django.utils.module_loading import autodiscover_modules

    from kotowari.foundation import subjects
    from kotowari.kernel import gates

    autodiscover_modules("gates", "selectors", "services")
    asked = gates.ACTIONS.get(action)
    if asked is None:
        raise wrong_usage(
            Text(
                f"操作 {action} はありません。近いもの: {nearest(action, gates.ACTIONS)}",
                f"There is no action {action}. Near it: {nearest(action, gates.ACTIONS)}",
            )
        )
    actor = _member(user)
    if bool(asked.subject) != bool(subject):
        raise wrong_usage(_about(action, asked.subject))
    row = subjects.load(asked.subject, subject, actor=actor) if subject else None
    decision = gates.explain(asked, actor, row)
    if as_json:
        show_json(decision.as_json())
    else:
        click.echo("\n".join(decision_lines(decision)))


@explain.command()
@click.argument("about", required=False)
@json_option
@with_django
def money(about: str | None, as_json: bool) -> None:
    """どのお金がなぜあるか / of every account with money whose it is and why; of one (ABOUT) with its journals as well.

    ABOUT は口座の記号、または会員・出金・入金・マイルストーンの ID / an account's code, or the id of its owner.
    """
    from kotowari.ledger import selectors
    from kotowari.ledger.accounts import ACCOUNT_CLASSES
    from kotowari.ledger.explaining import all_holdings, why_of

    if about is None:
        held = {each.account: each.balance_yen for name in ACCOUNT_CLASSES for each in all_holdings(name)}
    else:
        held = selectors.balances_of(_accounts(about))
    why = why_of(held)
    told = [_told(account, balance_yen, why.get(account)) for account, balance_yen in held.items()]
    journals = [_lines(account) for account in held] if about is not None else []
    unexplained = [row for row in told if row["balance_yen"] and row["words"] is None]
    if as_json:
        show_json([row | {"journals": lines} for row, lines in zip(told, journals, strict=True)] if journals else told)
    else:
        for n, row in enumerate(told):
            click.echo(f"{yen(row['balance_yen'])!s:>16}  {row['account']}  {row['owner']}")
            if row["balance_yen"]:
                rule = f"  [{row['rule']}]" if row["rule"] else ""
                click.echo(f"{'':>16}  {row['words'] or _NOBODY_KNOWS}{rule}")
            for line in journals[n] if journals else ():
                click.echo(f"{'':>16}  {line['on']} {line['words']} {line['amount_yen']:+,}")
        if about is None:
            words = Text("合計 {total}、説明できない口座 {n}", "{total} in all; {n} accounts that nobody can explain")
            click.echo(str(words.format(total=yen(sum(held.values())), n=len(unexplained))))
    if unexplained:
        raise click.exceptions.Exit(REFUSED)


_NOBODY_KNOWS = Text("説明できません", "nobody can explain it")
SHOWN = 50


def _accounts(about: str) -> list[Any]:
    """The accounts that a code or the id or name of their owner stands for."""
    from kotowari.ledger.accounts import parse
    from kotowari.ledger.statements import accounts_of

    with suppress(ValueError):
        return [parse(about)]
    found = None
    with suppress(ValueError):
        found = accounts_of(UUID(about))
    found = found if found is not None else accounts_of(_member(about).pk)
    if not found:
        raise wrong_usage(Text(f"{about} の口座はありません。", f"No account belongs to {about}."))
    return found


def _told(account: Any, balance_yen: int, why: Any) -> dict[str, Any]:
    return {
        "account": account.code,
        "balance_yen": balance_yen,
        "owner": why.owner if why else "",
        "words": str(why.words) if why and balance_yen else None,
        "rule": why.rule if why and balance_yen else "",
        "until": why.until if why and balance_yen else None,
        "url": why.url if why else "",
    }


def _lines(account: Any) -> list[dict[str, Any]]:
    from kotowari.kernel import clock
    from kotowari.ledger.selectors import statement_of

    return [
        {
            "journal_id": str(row.journal_id),
            "on": clock.tokyo(row.occurred_at).date().isoformat(),
            "words": str(row.sentence),
            "amount_yen": row.amount_yen,
            "balance_after_yen": row.balance_after_yen,
        }
        for row in statement_of(account, limit=SHOWN).rows
    ]


def _member(user: str) -> Any:
    from django.db.models import Q

    from kotowari.accounts.models import Member

    wanted = Q(username__iexact=user) | Q(email__iexact=user)
    with suppress(ValueError):  # not an id, then a name or an address
        wanted |= Q(pk=UUID(user))
    found = Member.objects.filter(wanted).first()
    if found is None:
        raise wrong_usage(Text(f"会員 {user} は見つかりません。", f"There is no member {user}."))
    return found


def _about(action: str, kind: str) -> Text:
    if kind:
        return Text(
            f"{action} には --subject に {kind} の ID が要ります。",
            f"{action} needs --subject with the id of a {kind}.",
        )
    return Text(f"{action} に --subject は要りません。", f"{action} takes no --subject.")
