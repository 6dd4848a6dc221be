"""Commands of threads."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.audit import EntryType
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.market.models import Proposal
from kotowari.messaging import events
from kotowari.messaging.gates import SEND_MESSAGE
from kotowari.messaging.models import Message, Thread

BODY_MAX = 5000
SENT = EntryType("messaging.sent", Text("メッセージを送った({length}文字)", "sent a message ({length} characters)"))


@command(SEND_MESSAGE)
def send_message(*, actor: Actor, proposal_id: UUID, body: str) -> Message:
    """Write to the other side of a proposal; the first message opens the thread.

    A message moves no clock: acceptance waits only for an itemised change request (P004).
    """
    proposal = lock(Proposal, proposal_id, "job")
    require(SEND_MESSAGE, actor, proposal)
    assert actor.pk is not None, "the gate lets only the two sides through"
    body = body.strip()
    if not body or len(body) > BODY_MAX:
        raise InputError(
            {
                "body": [
                    Text(
                        "本文を1文字以上{max}文字以内で書いてください(いま{now}文字)。",
                        "Write between 1 and {max} characters, please ({now} now).",
                    ).format(max=BODY_MAX, now=len(body))
                ]
            }
        )
    now = clock.now()
    thread, _ = Thread.objects.update_or_create(
        proposal=proposal,
        defaults={"last_message_at": now},
        create_defaults={
            "client_id": proposal.job.client_id,
            "worker_id": proposal.worker_id,
            "opened_at": now,
            "last_message_at": now,
        },
    )
    message = Message.objects.create(thread=thread, author_id=actor.pk, body=body, sent_at=now)
    audit.record(actor=actor, kind=SENT, subject=message, length=len(body))
    emit(
        events.MessageSent(
            thread_id=thread.pk,
            message_id=message.pk,
            author_id=message.author_id,
            reader_id=thread.worker_id if message.author_id == thread.client_id else thread.client_id,
            job_title=proposal.job.title,
        )
    )
    return message
