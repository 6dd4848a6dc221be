"""Posting a job, closing it, and what time does to it."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.market import entries, events, postings
from kotowari.market.gates import CLOSE_JOB, LAPSE_JOB, POST_JOB
from kotowari.market.models import Category, Job
from kotowari.market.postings import Posting
from kotowari.market.search import vector
from kotowari.market.services import proposals
from kotowari.market.transitions import JOB


@command(POST_JOB)
def post_job(*, actor: Actor, posting: Posting) -> Job:
    """Show a job to everybody, open for proposals until the end of its last day. Raises `InputError`."""
    require(POST_JOB, actor)
    assert actor.pk is not None, "only members come through the gate"
    categories = {category.slug: category for category in Category.objects.all()}
    columns: dict[str, Any] = postings.read(posting, categories=frozenset(categories))
    columns["category"] = categories[columns["category"]]
    job = Job(client_id=actor.pk, number=_next_number(), **columns)
    job.search = index_words(job)
    job.save(force_insert=True)
    audit.record(actor=actor, kind=entries.JOB_POSTED, subject=job, title=job.title)
    emit(events.JobPosted(job_id=job.pk, client_id=job.client_id, title=job.title))
    return job


@command(CLOSE_JOB)
def close_job(*, actor: Actor, job_id: UUID) -> Job:
    """End a posting for good (A085). Whoever still waits for an answer is told no, and why."""
    job = lock(Job, job_id, "category", "client")
    require(CLOSE_JOB, actor, job)
    job.state = JOB.require(job.state, "close")
    job.closed_at = clock.now()
    job.save(update_fields=["state", "closed_at"])
    waiting = proposals.decline_waiting(actor=actor, job=job, reason="job_closed")
    audit.record(actor=actor, kind=entries.JOB_CLOSED, subject=job, title=job.title, waiting=waiting)
    emit(events.JobClosed(job_id=job.pk, client_id=job.client_id, title=job.title))
    return job


@command(LAPSE_JOB)
def lapse_job(*, actor: Actor, job_id: UUID) -> Job:
    """Close applications when their deadline has passed; what was sent in time stays to be decided on."""
    job = lock(Job, job_id, "category", "client")
    require(LAPSE_JOB, actor, job)
    job.state = JOB.require(job.state, "lapse")
    job.closed_at = job.apply_until
    job.save(update_fields=["state", "closed_at"])
    sent = job.proposals.filter(state="sent")
    audit.record(actor=actor, kind=entries.JOB_LAPSED, subject=job, title=job.title)
    emit(
        events.JobLapsed(
            job_id=job.pk,
            client_id=job.client_id,
            title=job.title,
            waiting=sent.count(),
            answer_until=sent.aggregate(last=Max("lapses_at"))["last"],
        )
    )
    return job


def index_words(job: Job) -> str:
    """What stands in the search index for a job (with `category` read along)."""
    return vector.document(
        number=job.number,
        title=job.title,
        description=job.description,
        category=job.category.slug,
        group=job.category.group,
        kind=job.kind,
        pay_yen=job.budget_max_yen,
        stays_inside=job.stays_inside,
    )


def rebuild_index(at_once: int = 500) -> int:
    """Write the index words of every open job anew, after the dictionary or the table of spellings has changed.

    Returns how many jobs there were; can be stopped and started again at any point.
    """
    done, last = 0, 0
    while True:
        rows = Job.objects.filter(state="open", number__gt=last).select_related("category").order_by("number")
        jobs = list(rows.defer("search")[:at_once])
        if not jobs:
            return done
        for job in jobs:
            Job.objects.filter(pk=job.pk).update(search=index_words(job))
        done, last = done + len(jobs), jobs[-1].number


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('market_job_number')")
        (number,) = cursor.fetchone()
    return int(number)
