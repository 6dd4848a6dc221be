"""The demo's mailbox: every mail and text message the market sent, so that a newcomer can follow a link in one."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup, escape

from kotowari.foundation.models import MailboxMessage
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.gates import READ
from kotowari.web.screens import render, screen

_LINK = re.compile(r"https?://[^\s<>\"']+")
CHANNELS = {"mail": Text("メール", "Mail"), "sms": Text("SMS", "Text message")}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the page shows it."""

    message: MailboxMessage
    words: Markup

    @property
    def channel(self) -> Text:
        return CHANNELS[self.message.channel]


@screen(
    "demo.mailbox",
    path="demo/mailbox/",
    title=Text("デモのメールボックス", "The demo's mailbox"),
    actions=[READ],
    demo_only=True,
)
def mailbox(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, the newest first; `to` leaves only what went to addresses that hold these letters."""
    to = request.GET.get("to", "").strip()[:254]
    rows = MailboxMessage.objects.all()
    if to:
        rows = rows.filter(to__icontains=to)
    page = paging.newest_first(rows, request.GET.get("after"))
    letters = [Letter(message, linked(message.body)) for message in page.rows]
    return render(request, "mailbox.html", {"page": page, "letters": letters, "to": to})


def linked(body: str) -> Markup:
    """Words of a mail as paragraphs, with the links to our own pages made clickable; everything is escaped.

    They lead to this very server, whatever address it is reached by. Links to elsewhere stay words.
    """
    blocks = body.replace("\r\n", "\n").strip().split("\n\n")
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(_line(line) for line in block.strip("\n").split("\n")))
        for block in blocks
    )


def _line(line: str) -> Markup:
    drawn, end = Markup(), 0
    for found in _LINK.finditer(line):
        drawn += escape(line[end : found.start()])
        path = _path_here(found.group())
        link = Markup('<a href="{}">{}</a>').format(path, found.group()) if path else escape(found.group())
        drawn, end = drawn + link, found.end()
    return drawn + escape(line[end:])


def _path_here(link: str) -> str | None:
    """The path of a link that leads to this site; None for any other."""
    base = str(settings.BASE_URL).rstrip("/")
    if link == base:
        return "/"
    return link.removeprefix(base) if link.startswith(f"{base}/") else None
