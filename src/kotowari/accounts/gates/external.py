"""External accounts: signing in with one, linking and unlinking one; and the link by mail that depends on none."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kotowari.accounts.gates.oneself import ProvedFacts, recently_proved, signed_in, still_member
from kotowari.accounts.gates.remedies import TO_EXTERNAL, TO_SET_PASSWORD, TO_SIGN_IN_LINK
from kotowari.kernel.gates import Action, Blocker
from kotowari.kernel.text import Text


class OfProvider(Protocol):
    """Facts that tell of a provider."""

    @property
    def provider(self) -> str: ...
    @property
    def configured(self) -> bool: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def today(self) -> date: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """A provider by what people call it, whether this installation has its keys, and the day on which it ends."""

    provider: str
    today: date
    configured: bool = True
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts(ProvedFacts):
    """Who would link which external account, and whose it is already."""

    provider: str
    today: date
    configured: bool = True
    ends_on: date | None = None
    is_mine: bool = False
    is_somebody_elses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkFacts(ProvedFacts):
    """One's own external account, and how many other ways open the account."""

    other_ways: int


def provider_there(facts: OfProvider) -> Blocker | None:
    if facts.configured or facts.ends_on is not None:
        return None
    return Blocker(
        code="not_offered",
        reason=Text(
            "{provider}でのログインは、このサイトでは使えません。登録したメールアドレスに届くリンクでログインできます。",
            "Signing in with {provider} is not possible here. A link in a mail to your registered address signs you in.",
        ).format(provider=facts.provider),
        rule="A029",
        resolved_by="you",
        remedy=TO_SIGN_IN_LINK,
        status=404,
    )


def provider_not_over(facts: OfProvider) -> Blocker | None:
    """A provider that dies strands nobody (A029)."""
    if facts.ends_on is None or (facts.today < facts.ends_on and facts.configured):
        return None
    return Blocker(
        code="provider_over",
        reason=Text(
            "{provider}でのログインは{day}に終わりました。登録したメールアドレスに届くリンクでログインし、パスワードを設定できます。",
            "Signing in with {provider} ended on {day}. A link in a mail to your registered address signs you in, and you "
            "can then set a password.",
        ).format(provider=facts.provider, day=_day(facts.ends_on)),
        rule="A029",
        resolved_by="you",
        facts={"ended_on": facts.ends_on},
        remedy=TO_SIGN_IN_LINK,
    )


def not_somebody_elses(facts: LinkFacts) -> Blocker | None:
    return linked_elsewhere(facts.provider) if facts.is_somebody_elses else None


def linked_elsewhere(provider: str) -> Blocker:
    """Told only to whoever has just shown that external account."""
    return Blocker(
        code="linked_elsewhere",
        reason=Text(
            "この{provider}アカウントは、別の会員につながっています。そちらがご自身のアカウントなら、ログインして先に外してください。",
            "This account of {provider} is linked to another member. If that is you, sign in there and unlink it first.",
        ).format(provider=provider),
        rule="A125",
        resolved_by="you",
        remedy=TO_EXTERNAL,
    )


def not_mine_yet(facts: LinkFacts) -> Blocker | None:
    if not facts.is_mine:
        return None
    return Blocker(
        code="linked_already",
        reason=Text(
            "この{provider}アカウントは、すでにつながっています。", "This account of {provider} is linked already."
        ).format(provider=facts.provider),
        rule="A033",
        resolved_by="you",
        remedy=TO_EXTERNAL,
    )


def another_way_left(facts: UnlinkFacts) -> Blocker | None:
    if facts.other_ways > 0:
        return None
    return Blocker(
        code="last_way",
        reason=Text(
            "ログインする方法がこれだけなので、外すとログインできなくなります。先にパスワードを設定するか、パスキーを追加して"
            "ください。",
            "This is the only way in: without it you could not sign in. Set a password or add a passkey first.",
        ),
        rule="A034",
        resolved_by="you",
        remedy=TO_SET_PASSWORD,
    )


def _day(day: date) -> Text:
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B %Y}")


ENTER_EXTERNAL = Action(
    "accounts.external.enter",
    title=Text("外部アカウントでログインする", "Sign in with an external account"),
    no=Text("この外部アカウントではログインできませんでした", "Signing in with this external account did not work"),
    subject="accounts.provider",
    rules=(provider_there, provider_not_over),
)
LINK_EXTERNAL = Action(
    "accounts.external.link",
    title=Text("外部アカウントをつなぐ", "Link an external account"),
    no=Text("外部アカウントをつなげません", "The external account cannot be linked"),
    subject="accounts.provider",
    rules=(
        signed_in,
        still_member,
        recently_proved,
        provider_there,
        provider_not_over,
        not_somebody_elses,
        not_mine_yet,
    ),
)
UNLINK_EXTERNAL = Action(
    "accounts.external.unlink",
    title=Text("外部アカウントを外す", "Unlink the external account"),
    no=Text("外部アカウントを外せません", "The external account cannot be unlinked"),
    subject="socialaccount.socialaccount",
    rules=(signed_in, still_member, recently_proved, another_way_left),
)
ASK_SIGN_IN_LINK = Action(
    "accounts.sign_in_link.ask",
    title=Text("ログインのリンクを送る", "Send the link that signs in"),
    no=Text("リンクを送れません", "The link cannot be sent"),
)
