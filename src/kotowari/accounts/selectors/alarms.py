"""What the record of sign-ins says of passwords tried across many accounts; set-based, however many there are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from kotowari.accounts.models import SignInRecord

NETWORKS_NAMED = 20
OPENED_NAMED = 200


@dataclass(frozen=True, slots=True)
class Network:
    """One network, coarse as it is kept: how many tries failed from there, and how many logins they touched."""

    network: str
    failures: int
    touched: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that was opened from such a network; `knows_device` when it knew the device before."""

    member_id: UUID
    network: str
    knows_device: bool


def failures_since(since: datetime) -> int:
    """Failed tries at passwords after a moment."""
    return _failures().filter(at__gt=since).count()


def networks_with(since: datetime, *, more_than: int) -> list[Network]:
    """Networks from which more than so many different accounts, and logins that nobody has, were tried in vain.

    A login that nobody has leaves no trace of what was typed, so each such try counts as one.
    """
    rows = (
        _failures()
        .filter(at__gt=since)
        .order_by()
        .values("network")
        .annotate(
            failures=Count("id"),
            touched=Count("member", distinct=True) + Count("id", filter=Q(member__isnull=True)),
        )
        .filter(touched__gt=more_than)
        .order_by("-touched", "network")[:NETWORKS_NAMED]
    )
    return [Network(row["network"], row["failures"], row["touched"]) for row in rows]


def usual_failures(before: datetime, *, days: int, window: timedelta) -> int:
    """How many tries fail in as long a time on the days before; of a market that is younger, since it began."""
    told = (
        _failures()
        .filter(at__gt=before - timedelta(days=days), at__lte=before)
        .aggregate(n=Count("id"), first=Min("at"))
    )
    if not told["n"]:
        return 0
    share: float = min(window / max(before - told["first"], window), 1)
    return round(int(told["n"]) * share)


def opened_from(networks: list[str], since: datetime) -> list[Opened]:
    """Accounts that were opened from these networks after a moment, each once."""
    rows = (
        SignInRecord.objects.filter(at__gt=since, outcome="in", network__in=networks, member__isnull=False)
        .order_by("member", "id")
        .distinct("member")
        .annotate(known_since=F("device__first_seen_at"))
    )
    return [
        Opened(row["member"], row["network"], row["known_since"] is not None and row["known_since"] < since)
        for row in rows.values("member", "network", "known_since")[:OPENED_NAMED]
    ]


def _failures() -> QuerySet[SignInRecord]:
    return SignInRecord.objects.filter(~Q(outcome="in"), way="password")
