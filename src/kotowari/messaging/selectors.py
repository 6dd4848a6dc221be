"""Threads as a person may see them, and the facts that gates ask for."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.market.models import Proposal
from kotowari.messaging.gates import SEE_THREAD, SEND_MESSAGE, ThreadFacts
from kotowari.messaging.models import Message, Thread

THREADS_LOOKED_AT = 50


def threads_visible_to(actor: Actor) -> QuerySet[Thread]:
    """The threads of which an actor is a side, the newest message first. Staff read none without a case."""
    rows = Thread.objects.select_related("client", "worker", "proposal__job")
    if isinstance(actor, SystemActor):
        return rows
    last = Message.objects.filter(thread=OuterRef("pk")).order_by("-id").values("body")[:1]
    return (
        rows.filter(Q(client_id=actor.pk) | Q(worker_id=actor.pk))
        .annotate(last_body=Subquery(last))
        .order_by("-last_message_at", "-id")
    )


def messages_of(thread: Thread, limit: int = 200) -> list[Message]:
    """The newest messages of a thread, oldest first."""
    newest = thread.messages.select_related("author").order_by("-id")[:limit]
    return list(reversed(newest))


def sent_lately(actor: Actor, limit: int) -> list[Message]:
    """The newest messages that a member sent, in the threads in which something was written last."""
    threads = threads_visible_to(actor).values_list("pk", flat=True)[:THREADS_LOOKED_AT]
    mine = Message.objects.filter(thread_id__in=list(threads), author_id=actor.pk)
    return list(mine.select_related("thread__client", "thread__worker").order_by("-id")[:limit])


def mark_read(actor: Actor, thread: Thread) -> None:
    """Remember that a side has seen what the other wrote."""
    thread.messages.filter(read_at__isnull=True).exclude(author_id=actor.pk).update(read_at=clock.now())


@subject("messaging.thread")
def _thread(actor: Actor, id: str) -> Thread:
    row = threads_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("messaging.thread", id)
    return row


@facts_for(SEND_MESSAGE)
def proposal_facts(actor: Actor, proposals: Sequence[Proposal]) -> list[ThreadFacts]:
    """Facts of writing about proposals (with `job` read along): no query."""
    return [
        ThreadFacts(
            is_party=actor.pk is not None and actor.pk in (p.job.client_id, p.worker_id),
            job_id=p.job_id,
            proposal_state=p.state,
            decided_at=p.decided_at,
        )
        for p in proposals
    ]


@facts_for(SEE_THREAD)
def thread_facts(actor: Actor, threads: Sequence[Thread]) -> list[ThreadFacts]:
    """Facts of reading threads (with `proposal__job` read along): no query."""
    return list(proposal_facts(actor, [t.proposal for t in threads]))
