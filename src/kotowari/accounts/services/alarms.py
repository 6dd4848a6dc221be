"""The alarm for passwords that are tried across many accounts (credential stuffing)."""

from datetime import datetime, timedelta
from typing import Any

from kotowari.accounts import gates, mails
from kotowari.accounts.models import RiskCase
from kotowari.accounts.selectors import alarms
from kotowari.accounts.services.risks import raise_risk
from kotowari.accounts.services.staff import tell_staff
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel import clock
from kotowari.kernel.gates import require

KIND = "credential_stuffing"


@command(gates.RAISE_RISK)
def watch_sign_ins(*, actor: Actor) -> int:
    """Look at the failures of the last minutes; bring them before staff when they touch too many accounts.

    Two questions in quiet times, a few more in an attack, however many tries there are. While a case is open it is
    looked at once per window. Returns how many cases were raised or counted on. Raises `Refused` for anybody but the
    market itself.
    """
    require(gates.RAISE_RISK, actor)
    window = timedelta(minutes=policy.value("accounts.alarm_window_minutes"))
    now = clock.now()
    since = now - window
    case = RiskCase.objects.filter(kind=KIND, member__isnull=True, state="open").first()
    if case is not None and case.last_at > since:
        return 0
    networks = alarms.networks_with(since, more_than=policy.value("accounts.alarm_network_logins"))
    failures = alarms.failures_since(since)
    usual, is_unusual = _compared(failures, since, window)
    if not networks and not is_unusual:
        return 0
    opened = alarms.opened_from([n.network for n in networks], since)
    facts: dict[str, Any] = {
        "since": since.isoformat(),
        "until": now.isoformat(),
        "failures": failures,
        "usual": usual,
        "networks": [{"network": n.network, "failures": n.failures, "touched": n.touched} for n in networks],
        "opened": [{"member": str(o.member_id), "network": o.network, "knows_device": o.knows_device} for o in opened],
    }
    raised = raise_risk(actor=actor, kind=KIND, member_id=None, facts=_with_before(case, facts))
    if case is None:
        title, body = mails.passwords_tried(failures, len(networks), len(opened))
        tell_staff(kind="accounts.alarm", title=title, body=body, url=f"/console/risks/{raised.pk}/")
    return 1


def _compared(failures: int, since: datetime, window: timedelta) -> tuple[int | None, bool]:
    """The usual number for as long a time, asked only where it matters, and whether this one lies far above it."""
    if failures <= policy.value("accounts.alarm_overall_failures"):
        return None, False
    usual = alarms.usual_failures(since, days=policy.value("accounts.alarm_usual_days"), window=window)
    return usual, failures > usual * policy.value("accounts.alarm_usual_factor")


def _with_before(case: RiskCase | None, facts: dict[str, Any]) -> dict[str, Any]:
    """What an open case named before stays named: the attack goes on, the accounts it opened stay open."""
    if case is None:
        return facts
    networks = {each["network"]: each for each in [*case.facts["networks"], *facts["networks"]]}
    opened = {each["member"]: each for each in [*facts["opened"], *case.facts["opened"]]}
    return {
        **facts,
        "since": case.facts["since"],
        "networks": list(networks.values())[-alarms.NETWORKS_NAMED :],
        "opened": list(opened.values())[: alarms.OPENED_NAMED],
    }
