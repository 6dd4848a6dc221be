"""Text messages: promised inside a command, handed over after it, tried again until they are too late."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kotowari.accounts import sms
from kotowari.accounts.events import TextPromised
from kotowari.accounts.models import Member, TextMessage
from kotowari.foundation import outbox
from kotowari.kernel import clock

ATTEMPTS_MAX = 6
FIRST_PAUSE = timedelta(seconds=10)


def promise_text(member: Member, *, to: str, words: str, until: datetime) -> TextMessage:
    """Promise a text message in the running transaction; after `until` it is not sent any more."""
    row = TextMessage(member=member, until=until)
    row.to, row.words = to, words
    row.save(force_insert=True)
    outbox.emit(TextPromised(text_id=row.pk, member_id=member.pk))
    return row


def send_text(text_id: UUID) -> bool:
    """Hand one message over, if it still waits; whether that is settled now, one way or the other."""
    with transaction.atomic():
        rows = TextMessage.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=text_id, state=TextMessage.State.QUEUED, try_at__lte=clock.now()).first()
        if row is None:
            return False
        _hand_over(row)
        row.save()
        return row.state != TextMessage.State.QUEUED


def _hand_over(row: TextMessage) -> None:
    if clock.now() >= row.until:
        row.state, row.last_error = TextMessage.State.GIVEN_UP, row.last_error or "too late"
    else:
        row.attempts += 1
        try:
            with transaction.atomic():
                sms.sender().send(row.to or "", row.words or "")
            row.state = TextMessage.State.SENT
        except Exception as error:  # the service's trouble is not the member's
            row.last_error = type(error).__name__[:200]
            row.try_at = clock.now() + FIRST_PAUSE * 2 ** (row.attempts - 1)
            if row.attempts >= ATTEMPTS_MAX:
                row.state = TextMessage.State.GIVEN_UP
    if row.state != TextMessage.State.QUEUED:
        row.to = row.words = None
