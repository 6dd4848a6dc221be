"""Mail: promised in the transaction, sent after it, kept in a table meanwhile."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from kotowari.foundation.models import MailboxMessage, OutgoingMail
from kotowari.kernel import clock

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in the words of its reader."""

    to: str
    subject: str
    body: str


def queue_mail(*, to: str, subject: str, body: str) -> OutgoingMail:
    """Promise a mail in the running transaction; line breaks cannot slip into the subject."""
    return OutgoingMail.objects.create(to=to, subject=_one_line(subject), body=body)


def queue_mails(letters: Sequence[Letter]) -> None:
    """Promise many mails in the running transaction, in one statement."""
    OutgoingMail.objects.bulk_create(
        [OutgoingMail(to=letter.to, subject=_one_line(letter.subject), body=letter.body) for letter in letters]
    )


def _one_line(subject: str) -> str:
    return " ".join(subject.split())


def send_waiting(limit: int = 500) -> int:
    """Send mails that are due; returns how many went out. Safe to run side by side."""
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            mail = (
                OutgoingMail.objects.select_for_update(skip_locked=True)
                .filter(state=OutgoingMail.State.QUEUED, try_at__lte=clock.now())
                .order_by("try_at", "id")
                .first()
            )
            if mail is None:
                break
            sent += _send(mail)
    return sent


def _send(mail: OutgoingMail) -> int:
    try:
        with transaction.atomic():
            EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
    except Exception as error:  # the mail server's trouble is not the member's
        mail.attempts += 1
        mail.last_error = f"{type(error).__name__}: {error}"[:1000]
        mail.try_at = clock.now() + timedelta(minutes=min(2**mail.attempts, 24 * 60))
        if mail.attempts >= MAX_ATTEMPTS:
            mail.state = OutgoingMail.State.GIVEN_UP
            logger.error("mail %s was given up after %d tries", mail.id, mail.attempts)
    else:
        mail.state = OutgoingMail.State.SENT
    mail.save()
    return int(mail.state == OutgoingMail.State.SENT)


class MailboxBackend(BaseEmailBackend):
    """Keeps every mail in the demo's mailbox instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for recipient in message.recipients():
                MailboxMessage.objects.create(
                    to=recipient, subject=str(message.subject), body=str(message.body), sent_at=clock.now()
                )
        return len(email_messages)
