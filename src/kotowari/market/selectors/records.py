"""What is known of the two sides of the market in numbers: clients' records, and jobs per category."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from kotowari.kernel.text import Text
from kotowari.market.categories import GROUPS
from kotowari.market.models import Category, Job, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRecord:
    """What a client has done in this market so far, from their postings.

    `unanswered` counts proposals that lapsed because nobody said yes or no, but not those that did while the client
    was kept from acting (A185). `answered_percent` is None as long
    as there was nothing to answer, and where it was not asked for.
    """

    jobs_posted: int = 0
    jobs_open: int = 0
    hires_made: int = 0
    answered: int = 0
    unanswered: int = 0

    @property
    def answered_percent(self) -> int | None:
        total = self.answered + self.unanswered
        return self.answered * 100 // total if total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryCount:
    """A category with the number of jobs open in it now."""

    category: Category
    open_jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryGroup:
    """A group of categories, in the order in which they are shown."""

    slug: str
    name: Text
    categories: list[CategoryCount] = field(default_factory=list)

    @property
    def open_jobs(self) -> int:
        return sum(c.open_jobs for c in self.categories)


KEPT_SECONDS = 10
"""How old the numbers beside the categories may be: counting reads every open job, and each list shows them."""

_kept: tuple[float, list[CategoryGroup]] = (0.0, [])


def categories_by_group() -> list[CategoryGroup]:
    """Every category with its open jobs, group by group: two queries, or none within `KEPT_SECONDS`."""
    global _kept
    if settings.TESTING:
        return _counted()
    if _kept[0] < time.monotonic():
        _kept = (time.monotonic() + KEPT_SECONDS, _counted())
    return _kept[1]


def _counted() -> list[CategoryGroup]:
    counts = dict(Job.objects.filter(state="open").values_list("category_id").annotate(n=Count("*")).order_by())
    groups = {slug: CategoryGroup(slug=slug, name=name) for slug, name in GROUPS.items()}
    for category in Category.objects.order_by("position"):
        counted = CategoryCount(category=category, open_jobs=counts.get(category.pk, 0))
        groups[category.group].categories.append(counted)
    return [group for group in groups.values() if group.categories]


def client_records(client_ids: Iterable[UUID], *, with_answers: bool = False) -> dict[UUID, ClientRecord]:
    """The records of these clients: one query, and one more for how they answer proposals."""
    ids = set(client_ids)
    rows = (
        Job.objects.filter(client_id__in=ids)
        .values("client_id")
        .annotate(
            posted=Count("number"), open=Count("number", filter=Q(state="open")), hired=Coalesce(Sum("hires_made"), 0)
        )
        .order_by()
    )
    answers: Counter[tuple[UUID, bool]] = Counter()
    if with_answers:
        decided = Proposal.objects.filter(
            job__client_id__in=ids, state__in=["accepted", "declined", "lapsed"], excused=False
        )
        for client_id, state, n in decided.values_list("job__client_id", "state").annotate(n=Count("*")).order_by():
            answers[client_id, state != "lapsed"] += n
    return {
        row["client_id"]: ClientRecord(
            jobs_posted=row["posted"],
            jobs_open=row["open"],
            hires_made=row["hired"],
            answered=answers[row["client_id"], True],
            unanswered=answers[row["client_id"], False],
        )
        for row in rows
    }
