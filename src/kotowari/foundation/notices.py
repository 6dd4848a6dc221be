"""Words from the market to its members: in the site always, by mail when it matters."""

from collections.abc import Collection, Iterable
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model

from kotowari.foundation.mail import Letter, queue_mail, queue_mails
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
        letter = _letter(_readers([member_id]).get(), title, body, url)
        for address in dict.fromkeys([letter.to, *also_to]):
            queue_mail(to=address, subject=letter.subject, body=letter.body)
    return notice


def notify_many(*, member_ids: Collection[UUID], kind: str, title: Text, body: Text, url: str = "") -> int:
    """The same notice for each of some members, by mail too, in three queries; returns how many there were."""
    readers = list(_readers(member_ids))
    Notice.objects.bulk_create(
        [
            Notice(member_id=reader.pk, kind=kind, title_text=title.as_dict(), body_text=body.as_dict(), url=url)
            for reader in readers
        ]
    )
    queue_mails([_letter(reader, title, body, url) for reader in readers])
    return len(readers)


def unread_count(member_id: UUID) -> int:
    """How many notices a member has not read yet: the number beside the bell."""
    return Notice.objects.filter(member_id=member_id, read_at=None).count()


def _readers(member_ids: Collection[UUID]) -> Any:
    return get_user_model().objects.only("email", "language", "display_name").filter(pk__in=member_ids)


def _letter(member: Any, title: Text, body: Text, url: str) -> Letter:
    language = cast(Language, member.language)
    greeting = Text("{name} 様", "Dear {name},").format(name=member.display_name).in_language(language)
    link = f"\n\n{settings.BASE_URL}{url}" if url else ""
    foot = Text(
        "このお知らせは、サイト内の「お知らせ」にも同じ内容で載っています。",
        "The same words stand in your notices on the site.",
    ).in_language(language)
    return Letter(
        to=member.email,
        subject=title.in_language(language),
        body=f"{greeting}\n\n{body.in_language(language)}{link}\n\n--\n{foot}\n{settings.BASE_URL}/notices/",
    )
