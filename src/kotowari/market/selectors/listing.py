"""Lists of jobs: found by words and facts, each as a card with all that the list shows of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from kotowari.foundation.actors import Actor
from kotowari.kernel.text import Text
from kotowari.market.categories import GROUPS
from kotowari.market.models import Category, Job, Proposal
from kotowari.market.search.find import newest
from kotowari.market.search.vector import Filters
from kotowari.market.selectors.facts import own_proposals
from kotowari.market.selectors.rows import job_rows, role_of

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRecord:
    """What a client has done in this market so far, from their postings.

    `unanswered` counts proposals that lapsed because nobody said yes or no. `answered_percent` is None as long
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCard:
    """A job as lists show it: the row, its client's record, and what the reader has to do with it."""

    job: Job
    record: ClientRecord
    is_mine: bool = False
    own_proposal_state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """Some jobs, newest first. `reading` says how the words were understood (`search.vector.readings_of`).

    `next_cursor` is None at the end.
    """

    cards: list[JobCard]
    next_cursor: str | None = None
    reading: int = 0


def search_jobs(
    actor: Actor | None,
    *,
    query: str = "",
    category: str = "",
    group: str = "",
    kind: str = "",
    min_yen: int = 0,
    stays_inside: bool = False,
    cursor: str = "",
    limit: int = 20,
) -> JobPage:
    """Open jobs with these words and facts, newest first, `limit` at a time: at most seven queries.

    `category` and `group` are slugs, `min_yen` what the job pays at least at its best, without tax. A cursor
    that is none of ours is read as no cursor.
    """
    filters = Filters(category=category, group=group, kind=kind, min_yen=max(min_yen, 0), stays_inside=stays_inside)
    limit = min(max(limit, 1), LARGEST_PAGE)
    before, reading = _from_cursor(cursor)
    if not query.strip() and not filters.lexemes():
        return _newest_of_all(actor, filters.min_yen, before, limit)
    found = newest(text=query, filters=filters, limit=limit, before=before, reading=reading)
    rows = {job.pk: job for job in job_rows().filter(pk__in=found.ids)} if found.ids else {}
    more = None if found.more_before is None else f"{found.more_before}-{found.reading}"
    jobs = [rows[id] for id in found.ids if id in rows]
    return JobPage(cards=job_cards(actor, jobs), next_cursor=more, reading=found.reading)


def job_cards(actor: Actor | None, jobs: list[Job]) -> list[JobCard]:
    """Cards of these jobs (with `client` and `category` read along), in their order: at most two queries."""
    if not jobs:
        return []
    records = client_records(job.client_id for job in jobs)
    is_member = actor is not None and role_of(actor) == "member"
    own = own_proposals(actor, jobs) if is_member and actor is not None else {}
    return [
        JobCard(
            job=job,
            record=records[job.client_id],
            is_mine=is_member and actor is not None and job.client_id == actor.pk,
            own_proposal_state=own[job.pk].state if job.pk in own else "",
        )
        for job in jobs
    ]


def _newest_of_all(actor: Actor | None, min_yen: int, before: int | None, limit: int) -> JobPage:
    rows = job_rows().filter(state="open").order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    if min_yen > 1:
        rows = rows.filter(budget_max_yen__gte=min_yen)
    jobs = list(rows[: limit + 1])
    more = f"{jobs[limit - 1].number}-0" if len(jobs) > limit else None
    return JobPage(cards=job_cards(actor, jobs[:limit]), next_cursor=more)


def _from_cursor(cursor: str) -> tuple[int | None, int | None]:
    number, _, reading = cursor.partition("-")
    if not (number.isascii() and number.isdigit() and reading.isascii() and reading.isdigit()):
        return None, None
    if len(number) > 18 or len(reading) > 1:
        return None, None
    return int(number), int(reading)


def categories_by_group() -> list[CategoryGroup]:
    """Every category with its open jobs, group by group, in two queries."""
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
        decided = Proposal.objects.filter(job__client_id__in=ids, state__in=["accepted", "declined", "lapsed"])
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
