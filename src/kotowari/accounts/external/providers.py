"""Which external accounts somebody may sign in with, and which of them come to an end."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from kotowari.foundation import policy
from kotowari.kernel import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider by its id and name; not `configured` means that its keys are not (or no longer) there."""

    id: str
    name: str
    configured: bool = True
    ends_on: date | None = None

    def is_over(self, today: date) -> bool:
        """Whether its day has come."""
        return self.ends_on is not None and today >= self.ends_on

    @property
    def works(self) -> bool:
        """Whether it signs somebody in today."""
        return self.configured and not self.is_over(clock.today())


def provider(provider_id: str) -> Provider:
    """The provider of this id, as far as anything is known of it."""
    return _all().get(provider_id) or Provider(id=provider_id, name=provider_id, configured=False)


def offered() -> list[Provider]:
    """Those that sign somebody in today."""
    return [each for each in _all().values() if each.works]


def ending() -> list[Provider]:
    """Those that have come to an end or will, the soonest first: people are told the way on."""
    dated = [(each.ends_on, each) for each in _all().values() if each.ends_on is not None]
    return [each for _, each in sorted(dated, key=lambda pair: (pair[0], pair[1].id))]


def _all() -> dict[str, Provider]:
    ends = {row.provider: row for row in policy.value("accounts.provider_ends")}
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    found = {
        app["provider_id"]: Provider(
            id=app["provider_id"],
            name=app["name"],
            ends_on=ends[app["provider_id"]].ends_on if app["provider_id"] in ends else None,
        )
        for app in apps
    }
    for id, row in ends.items():
        found.setdefault(id, Provider(id=id, name=row.name, configured=False, ends_on=row.ends_on))
    return found
