"""What became of checking the books: each law with its last answer, the runs, the alarms, the newest seal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Min, QuerySet

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.ledger import invariants
from kotowari.ledger.models import CheckAlarm, CheckResult, CheckRun, Journal, Seal


@dataclass(frozen=True, slots=True)
class Head:
    """A seal, the newest one mostly: who keeps its digest elsewhere can prove later that nothing before it was altered."""

    number: int
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class LawView:
    """One law and its last answer. `since` is when it was first seen as it is now; None when it was never asked."""

    name: str
    title: Text
    result: CheckResult | None
    alarm: CheckAlarm | None
    since: datetime | None


def head() -> Head | None:
    """The newest seal; None while nothing is sealed."""
    return _as_head(Seal.objects.order_by("-number").first())


def seal_numbered(number: int) -> Head | None:
    """The seal of that number, to be compared with what somebody kept outside."""
    return _as_head(Seal.objects.filter(number=number).first())


def _as_head(row: Seal | None) -> Head | None:
    return Head(row.number, bytes(row.digest).hex(), row.sealed_at) if row else None


def last_complete_run() -> CheckRun | None:
    """The newest run that came to its end."""
    return CheckRun.objects.filter(state="complete").order_by("-ended_at").first()


def run_under_way() -> CheckRun | None:
    """The run that waits or is under way."""
    return CheckRun.objects.filter(state__in=["waiting", "running"]).order_by("state", "id").first()


def run(run_id: UUID) -> CheckRun | None:
    """One run."""
    return CheckRun.objects.filter(pk=run_id).first()


def runs() -> QuerySet[CheckRun]:
    """All runs; newest first by their ids."""
    return CheckRun.objects.all()


def alarms_open() -> list[CheckAlarm]:
    """What is broken and not mended, oldest first; there is one per law at most."""
    return list(CheckAlarm.objects.exclude(state="mended").order_by("raised_at", "id"))


def alarm(alarm_id: UUID) -> CheckAlarm | None:
    """An alarm, mended or not."""
    return CheckAlarm.objects.filter(pk=alarm_id).first()


def alarm_locked(alarm_id: UUID) -> CheckAlarm | None:
    """An alarm, locked until the transaction ends."""
    return CheckAlarm.objects.select_for_update().filter(pk=alarm_id).first()


def last_results(run: CheckRun) -> dict[str, CheckResult]:
    """What each law answered in a run, by its name."""
    return {result.name: result for result in CheckResult.objects.filter(run=run)}


def laws(run: CheckRun | None) -> list[LawView]:
    """Every law in the order of the plan with its answer in a run and since when it is so; four queries."""
    answers = last_results(run) if run else {}
    broken = {alarm.name: alarm for alarm in alarms_open()}
    mended = dict(CheckAlarm.objects.values_list("name").annotate(at=Max("mended_at")))
    first_run = CheckRun.objects.filter(state="complete").aggregate(at=Min("ended_at"))["at"]
    found = []
    for name in invariants.in_order():
        alarm, answer = broken.get(name), answers.get(name)
        since = alarm.raised_at if alarm else (mended.get(name) or first_run) if answer else None
        found.append(LawView(name, invariants.INVARIANTS[name].title, answer, alarm, since))
    return found


def checks_overdue_since() -> datetime | None:
    """When the last run came to its end, or the books began if none ever did, if that is longer ago than it may be."""
    last = last_complete_run()
    since = (
        last.ended_at
        if last is not None
        else Journal.objects.order_by("id").values_list("posted_at", flat=True).first()
    )
    limit = timedelta(hours=policy.value("ledger.checks_silent_hours"))
    return since if since is not None and since < clock.now() - limit else None
