"""お知らせ: every official word of the market to me, in the site (A122)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.gates import SEE_OWN
from kotowari.foundation.models import Notice
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.text import Text
from kotowari.web import current, paging
from kotowari.web.screens import exists, redirect, render, screen, see


@screen(
    "notices",
    path="notices/",
    title=Text("お知らせ", "Notices"),
    actions=[SEE_OWN],
    parent="my",
    members_only=True,
)
def notices(request: HttpRequest) -> HttpResponse:
    """What the market told me, the newest first; the same words that went out by mail."""
    me = current.me()
    page = paging.newest_first(Notice.objects.filter(member=me), request.GET.get("after"))
    return render(request, "notices.html", {"page": page})


@screen(
    "notice.open",
    path="notices/<uuid:notice_id>/",
    title=Text("お知らせを開く", "Open a notice"),
    actions=[SEE_OWN],
    parent="notices",
    members_only=True,
)
def open_notice(_request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as read and go where something can be done about it."""
    found = Notice.objects.filter(pk=notice_id, member=current.me()).first()
    if found is None:
        raise NotVisible("foundation.notice", notice_id)
    Notice.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=clock.now())
    return see(found.url) if found.url and exists(found.url) else redirect("notices")
