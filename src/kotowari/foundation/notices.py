"""Words from the market to one member: in the site always, by mail when it matters."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model

from kotowari.foundation.mail import queue_mail
from kotowari.foundation.models import Notice
from kotowari.kernel.text import Language, Text


def notify(
    *,
    member_id: UUID,
    kind: str,
    title: Text,
    body: Text,
    url: str = "",
    by_mail: bool = True,
    also_to: Iterable[str] = (),
) -> Notice:
    """Leave a notice for a member and, unless told otherwise, mail it in the member's language.

    `url` is the page of the product where something can be done about it; `also_to` are further addresses of theirs.
    """
    notice = Notice.objects.create(
        member_id=member_id, kind=kind, title_text=title.as_dict(), body_text=body.as_dict(), url=url
    )
    if by_mail:
        member = get_user_model().objects.only("email", "language", "display_name").get(pk=member_id)
        language = cast(Language, member.language)
        greeting = Text("{name} 様", "Dear {name},").format(name=member.display_name).in_language(language)
        link = f"\n\n{settings.BASE_URL}{url}" if url else ""
        foot = Text(
            "このお知らせは、サイト内の「お知らせ」にも同じ内容で載っています。",
            "The same words stand in your notices on the site.",
        ).in_language(language)
        for address in dict.fromkeys([member.email, *also_to]):
            queue_mail(
                to=address,
                subject=title.in_language(language),
                body=f"{greeting}\n\n{body.in_language(language)}{link}\n\n--\n{foot}\n{settings.BASE_URL}/notices/",
            )
    return notice


def unread_count(member_id: UUID) -> int:
    """How many notices a member has not read yet: the number beside the bell."""
    return Notice.objects.filter(member_id=member_id, read_at=None).count()
