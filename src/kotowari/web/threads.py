"""メッセージ: the list of threads, one thread, and writing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.contracts import waits
from kotowari.contracts.selectors import milestones_visible_to
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.market.models import Proposal
from kotowari.market.selectors import away_among, stopped_among
from kotowari.messaging import selectors, services
from kotowari.messaging.gates import SEE_THREAD, SEND_MESSAGE
from kotowari.messaging.models import Thread
from kotowari.web import current, paging
from kotowari.web.contract_drawing import words_of_stop
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, screen


class MessageForm(KotowariForm):
    """One message."""

    body = LongTextField(Text("メッセージ", "Message"), rows=4, max_length=services.BODY_MAX)


@screen(
    "threads",
    path="threads/",
    title=Text("メッセージ", "Messages"),
    actions=[SEE_THREAD],
    parent="my",
    members_only=True,
)
def threads(request: HttpRequest) -> HttpResponse:
    """My conversations, the newest message first."""
    me = current.me()
    page = paging.newest_first(selectors.threads_visible_to(me), request.GET.get("after"))
    others = {_other(each, me) for each in page.rows}
    return render(request, "threads/list.html", {"page": page, "me": me, "away": away_among(others)})


@screen(
    "thread",
    path="threads/<uuid:thread_id>/",
    title=Text("メッセージのやりとり", "Conversation"),
    actions=[SEE_THREAD, SEND_MESSAGE],
    parent="threads",
    members_only=True,
)
def thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """One conversation; opening it marks the other side's words as read."""
    me = current.me()
    found: Thread = subjects.load("messaging.thread", str(thread_id), actor=me)
    selectors.mark_read(me, found)
    return _conversation(request, found, MessageForm())


@screen(
    "proposal.thread",
    path="proposals/<uuid:proposal_id>/thread/",
    title=Text("メッセージを送る", "Send a message"),
    actions=[SEND_MESSAGE],
    parent="threads",
    methods=["GET", "POST"],
    members_only=True,
)
def proposal_thread(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Write about a proposal; the first message opens the conversation."""
    me = current.me()
    proposal = subjects.load("market.proposal", str(proposal_id), actor=me)
    existing = selectors.threads_visible_to(me).filter(proposal=proposal).first()
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form.merging():
            message = services.send_message(
                actor=me, proposal_id=proposal.pk, body=form.cleaned_data["body"], idempotency_key=form.key
            )
            return redirect("thread", thread_id=message.thread_id)
    if existing is not None and request.method == "GET":
        return redirect("thread", thread_id=existing.pk)
    if existing is not None:
        return _conversation(request, existing, form)
    context = {
        "proposal": proposal,
        "thread": None,
        "said": [],
        "form": form,
        "can_send": explain(SEND_MESSAGE, me, proposal),
        "me": me,
        **_other_side(proposal, me),
    }
    return render(request, "threads/detail.html", context, status=form.status)


def _conversation(request: HttpRequest, found: Thread, form: MessageForm) -> HttpResponse:
    me = current.me()
    context = {
        "proposal": found.proposal,
        "thread": found,
        "said": selectors.messages_of(found),
        "form": form,
        "can_send": explain(SEND_MESSAGE, me, found.proposal),
        "me": me,
        **_other_side(found.proposal, me),
    }
    return render(request, "threads/detail.html", context, status=form.status)


def _other(thread: Thread, me: Member) -> UUID:
    return thread.worker_id if thread.client_id == me.pk else thread.client_id


def _other_side(proposal: Proposal, me: Member) -> dict[str, Any]:
    """Whom one writes to, until when they are away (A112), and the clocks between both that stand still (A185)."""
    other = proposal.job.client if proposal.worker_id == me.pk else proposal.worker
    return {"other": other, "away": away_among([other.pk]).get(other.pk), "stops": _stops(proposal, me)}


def _stops(proposal: Proposal, me: Member) -> list[tuple[Text, datetime]]:
    """What stands still between the two sides of a proposal, in neutral words, and until when as things stand."""
    milestones = list(milestones_visible_to(me).filter(contract__proposal=proposal, deadline_at__isnull=False))
    found = waits.stopped_among(milestones)
    stops = [
        (words_of_stop(mine=waits.awaited_by(m) == me.pk), found[m.pk].due_at) for m in milestones if m.pk in found
    ]
    for running in stopped_among([proposal]).values():
        stops.append((words_of_stop(mine=proposal.job.client_id == me.pk), running.due_at))
    return stops
