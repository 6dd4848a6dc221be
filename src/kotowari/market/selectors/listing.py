"""Lists of jobs: found by words and facts, each as a card with all that the list shows of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection

from kotowari.foundation.actors import Actor
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.market.pay import Pay, pay_for
from kotowari.market.search.find import newest
from kotowari.market.search.vector import Filters
from kotowari.market.selectors.records import ClientRecord
from kotowari.market.selectors.rows import role_of
from kotowari.pricing import PricingTerms

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCard:
    """A job as lists show it: what it is and pays, its client's record, and what the reader has to do with it.

    `own_proposal_state` is the state of the reader's latest proposal to it, or "".
    """

    id: UUID
    number: int
    title: str
    kind: str
    state: str
    category: str
    category_name: Text
    client_id: UUID
    client_username: str
    client_name: str
    client_kind: str
    pay: Pay
    hires_wanted: int
    hires_made: int
    apply_until: datetime
    due_on: date
    stays_inside: bool
    posted_at: datetime
    record: ClientRecord
    is_mine: bool = False
    own_proposal_state: str = ""

    @property
    def url(self) -> str:
        return f"/jobs/{self.id}/"

    @property
    def apply_until_on(self) -> date:
        """The last day for proposals."""
        return clock.last_day(self.apply_until)

    @property
    def days_left(self) -> int:
        """Days until the last day for proposals; 0 on that day, negative after it."""
        return (self.apply_until_on - clock.today()).days


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
    """Open jobs with these words and facts, newest first, `limit` at a time: at most five queries.

    `category` and `group` are slugs, `min_yen` what the job pays at least at its best, without tax. A cursor
    that is none of ours is read as no cursor.
    """
    filters = Filters(category=category, group=group, kind=kind, min_yen=max(min_yen, 0), stays_inside=stays_inside)
    limit = min(max(limit, 1), LARGEST_PAGE)
    before, reading = _from_cursor(cursor)
    if not query.strip() and not filters.lexemes():
        return _newest_of_all(actor, filters.min_yen, before, limit)
    found = newest(text=query, filters=filters, limit=limit, before=before, reading=reading)
    more = None if found.more_before is None else f"{found.more_before}-{found.reading}"
    return JobPage(cards=job_cards(actor, found.ids), next_cursor=more, reading=found.reading)


def job_cards(actor: Actor | None, ids: Iterable[UUID]) -> list[JobCard]:
    """Cards of these jobs in any state, newest first: one query."""
    wanted = list(ids)
    return _cards(actor, "SELECT * FROM market_job WHERE id = ANY(%s)", [wanted]) if wanted else []


def _newest_of_all(actor: Actor | None, min_yen: int, before: int | None, limit: int) -> JobPage:
    rows = (
        "SELECT * FROM market_job WHERE state = 'open' AND number < %s AND budget_max_yen >= %s"
        " ORDER BY number DESC LIMIT %s"
    )
    cards = _cards(actor, rows, [HIGHEST if before is None else before, min_yen, limit + 1])
    more = f"{cards[limit - 1].number}-0" if len(cards) > limit else None
    return JobPage(cards=cards[:limit], next_cursor=more)


SQL = """
SELECT job.id, job.number, job.title, job.kind, job.state, job.budget_min_yen, job.budget_max_yen,
    job.work_amount, job.work_unit, job.has_withholding, job.hires_wanted, job.hires_made, job.apply_until,
    job.due_on, job.stays_inside, job.posted_at, category.slug, category.name_ja, category.name_en,
    client.id, client.username, client.display_name, client.kind, record.posted, record.open, record.hired,
    {own}
FROM ({rows}) AS job
JOIN market_category AS category ON category.id = job.category_id
CROSS JOIN LATERAL (
    SELECT id, username, display_name, kind FROM {members} WHERE id = job.client_id LIMIT 1
) AS client
CROSS JOIN LATERAL (
    SELECT count(*) AS posted, count(*) FILTER (WHERE state = 'open') AS open, sum(hires_made) AS hired
    FROM market_job WHERE client_id = job.client_id
) AS record
ORDER BY job.number DESC
"""
# Written out, for this is the most visited list: it makes no model instances and reads no column it does not show.
# LATERAL with LIMIT looks up twenty clients by their key, where a plain join may read all members into a hash.
OWN = """(
    SELECT state FROM market_proposal WHERE job_id = job.id AND worker_id = %s ORDER BY id DESC LIMIT 1
)"""
HIGHEST = 2**63 - 1


def _cards(actor: Actor | None, rows: str, values: list[Any]) -> list[JobCard]:
    """The rows as cards, from one query with each client's record and the actor's latest proposal in it."""
    reader = actor.pk if actor is not None and role_of(actor) == "member" else None
    sql = SQL.format(own="NULL" if reader is None else OWN, rows=rows, members=get_user_model()._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql, values if reader is None else [reader, *values])
        found = cursor.fetchall()
    terms = PricingTerms.in_force()
    return [
        JobCard(
            id=id,
            number=number,
            title=title,
            kind=kind,
            state=state,
            category=slug,
            category_name=Text(name_ja, name_en),
            client_id=client_id,
            client_username=username,
            client_name=display_name,
            client_kind=client_kind,
            pay=pay_for(terms, min_yen, max_yen, amount, unit, withholding),
            hires_wanted=hires_wanted,
            hires_made=hires_made,
            apply_until=apply_until,
            due_on=due_on,
            stays_inside=inside,
            posted_at=posted_at,
            record=ClientRecord(jobs_posted=posted, jobs_open=open_now, hires_made=int(hired)),
            is_mine=client_id == reader,
            own_proposal_state=own or "",
        )
        for (
            id, number, title, kind, state, min_yen, max_yen, amount, unit, withholding, hires_wanted, hires_made,
            apply_until, due_on, inside, posted_at, slug, name_ja, name_en, client_id, username, display_name,
            client_kind, posted, open_now, hired, own,
        ) in found
    ]  # fmt: skip


def _from_cursor(cursor: str) -> tuple[int | None, int | None]:
    number, _, reading = cursor.partition("-")
    if not (number.isascii() and number.isdigit() and reading.isascii() and reading.isdigit()):
        return None, None
    if len(number) > 18 or len(reading) > 1:
        return None, None
    return int(number), int(reading)
