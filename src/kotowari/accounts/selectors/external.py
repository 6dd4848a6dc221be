"""External accounts as their owner may see them, and the facts that gates ask for about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from kotowari.accounts import gates
from kotowari.accounts.external.identity import Identity
from kotowari.accounts.external.providers import Provider, provider
from kotowari.accounts.models import Factor, Member
from kotowari.accounts.selectors.factors import factors_of
from kotowari.accounts.selectors.login_facts import proved_facts
from kotowari.accounts.selectors.login_information import addresses_of, has_password
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """An external account that opens a member's account, for its owner's eyes (A034)."""

    row: SocialAccount
    provider: Provider

    @property
    def email(self) -> str:
        """The address that the provider named when it was linked; may be empty."""
        return str(self.row.extra_data.get("email", ""))


@dataclass(frozen=True, slots=True)
class WaysIn:
    """By what an account can be opened: for its owner's eyes only (A034, A197)."""

    username: str
    addresses: list[str]
    has_password: bool
    external: list[str]


def ways_in(member: Member) -> WaysIn:
    """What opens a member's account now; the primary address first."""
    return WaysIn(
        username=member.username,
        addresses=[row.email for row in addresses_of(member)],
        has_password=has_password(member),
        external=working_names(member),
    )


def linked_accounts(member: Member) -> list[LinkedAccount]:
    """The external accounts of a member, the oldest link first, those whose provider is gone among them."""
    return [LinkedAccount(row, provider(row.provider)) for row in _accounts_of(member)]


def working_names(member: Member) -> list[str]:
    """What people call the providers that sign a member in today (A028)."""
    return list(dict.fromkeys(each.provider.name for each in linked_accounts(member) if each.provider.works))


def owner_of(identity: Identity) -> Member | None:
    """Whom this external account is linked to."""
    row = SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject).select_related("user").first()
    return row.user if row else None


def ways_beside(member: Member, account: SocialAccount) -> int:
    """How many ways open a member's account without this external account."""
    others = [each for each in linked_accounts(member) if each.row.pk != account.pk and each.provider.works]
    passkeys = factors_of(member.pk).filter(kind=Factor.Kind.PASSKEY).count()
    return len(others) + passkeys + int(has_password(member))


def _accounts_of(member: Member) -> QuerySet[SocialAccount]:
    rows: QuerySet[SocialAccount] = SocialAccount.objects.filter(user=member)
    return rows.order_by("pk")


@facts_for(gates.ENTER_EXTERNAL)
def provider_facts(_actor: Any, providers: Sequence[Provider]) -> list[gates.ProviderFacts]:
    """What is known of providers; without a query."""
    return [
        gates.ProviderFacts(provider=p.name, today=clock.today(), configured=p.configured, ends_on=p.ends_on)
        for p in providers
    ]


@facts_for(gates.LINK_EXTERNAL)
def link_facts(actor: Any, wanted: Sequence[Identity | Provider]) -> list[gates.LinkFacts]:
    """About a provider that one would go to, or an external account that one came back with."""
    found = []
    for each in wanted:
        of = provider(each.provider) if isinstance(each, Identity) else each
        owner = owner_of(each) if isinstance(each, Identity) else None
        is_mine = owner is not None and owner.pk == getattr(actor, "pk", None)
        found.append(
            gates.LinkFacts(
                **proved_facts(actor),
                provider=of.name,
                today=clock.today(),
                configured=of.configured,
                ends_on=of.ends_on,
                is_mine=is_mine,
                is_somebody_elses=owner is not None and not is_mine,
            )
        )
    return found


@facts_for(gates.UNLINK_EXTERNAL)
def unlink_facts(actor: Any, accounts: Sequence[SocialAccount]) -> list[gates.UnlinkFacts]:
    """What else opens one's account."""
    mine = isinstance(actor, Member)
    return [
        gates.UnlinkFacts(**proved_facts(actor), other_ways=ways_beside(actor, each) if mine else 0)
        for each in accounts
    ]


@subject("socialaccount.socialaccount")
def _account(actor: Any, id: str) -> SocialAccount:
    row = SocialAccount.objects.filter(pk=int(id), user_id=actor.pk).first()
    if row is None:
        raise NotVisible("socialaccount.socialaccount", id)
    return row
