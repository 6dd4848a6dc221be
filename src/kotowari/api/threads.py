"""Messages between client and worker."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from kotowari.api.calls import Token, caller, key_of
from kotowari.api.paging import page
from kotowari.api.shapes import MessageShape, NewMessage, ThreadList
from kotowari.foundation import subjects
from kotowari.messaging import selectors, services
from kotowari.messaging.models import Message

router = Router(tags=["threads"])


@router.get("/threads", auth=Token("messages:read"), response=ThreadList, summary="My conversations")
def list_threads(request: HttpRequest, cursor: str = "", limit: int = 20) -> Any:
    found, after = page(selectors.threads_visible_to(caller(request)), cursor, limit)
    items = [
        {
            "id": t.pk,
            "proposal_id": t.proposal_id,
            "job_title": t.proposal.job.title,
            "client": t.client.username,
            "worker": t.worker.username,
            "last_message_at": t.last_message_at,
        }
        for t in found
    ]
    return {"items": items, "next_cursor": after}


@router.get(
    "/threads/{id}/messages", auth=Token("messages:read"), response=list[MessageShape], summary="The newest messages"
)
def list_messages(request: HttpRequest, id: str) -> Any:
    thread = subjects.load("messaging.thread", id, actor=caller(request))
    return [_shape(m) for m in selectors.messages_of(thread)]


@router.post(
    "/threads/{id}/read",
    auth=Token("messages:write"),
    response={204: None},
    summary="Remember that I have seen what the other side wrote; sent again, it changes nothing",
)
def mark_read(request: HttpRequest, id: str) -> Any:
    thread = subjects.load("messaging.thread", id, actor=caller(request))
    selectors.mark_read(caller(request), thread)
    return Status(204, None)


@router.post(
    "/threads/{id}/messages", auth=Token("messages:write"), response={201: MessageShape}, summary="Write in a thread"
)
def write(request: HttpRequest, id: str, body: NewMessage) -> Any:
    thread = subjects.load("messaging.thread", id, actor=caller(request))
    return Status(201, _send(request, thread.proposal_id, body.body))


@router.post(
    "/proposals/{id}/messages",
    auth=Token("messages:write"),
    response={201: MessageShape},
    summary="Write about a proposal; the first message opens its thread",
)
def write_about(request: HttpRequest, id: str, body: NewMessage) -> Any:
    proposal = subjects.load("market.proposal", id, actor=caller(request))
    return Status(201, _send(request, proposal.pk, body.body))


def _send(request: HttpRequest, proposal_id: Any, body: str) -> dict[str, Any]:
    return _shape(
        services.send_message(
            actor=caller(request), proposal_id=proposal_id, body=body, idempotency_key=key_of(request)
        )
    )


def _shape(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "thread_id": message.thread_id,
        "author": message.author.username,
        "body": message.body,
        "sent_at": message.sent_at,
    }
