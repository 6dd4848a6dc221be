"""`kotowari explain`: the very decision that a member sees, with every reason."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import click

from kotowari.cli.answers import decision_lines, json_option, nearest, show_json, wrong_usage
from kotowari.cli.surroundings import with_django
from kotowari.kernel.text import Text


@click.command()
@click.option("--user", required=True, help="ユーザー名・メール・ID / username, e-mail address or id.")
@click.option("--action", required=True, help="例 / such as: contracts.accept_delivery")
@click.option("--subject", default=None, help="対象の ID / the id of what it is about.")
@json_option
@with_django
def explain(user: str, action: str, subject: str | None, as_json: bool) -> None:
    """できる・できないとその理由 / may this member do it now, and if not, every reason why."""
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
