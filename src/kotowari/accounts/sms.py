"""The port through which text messages leave: one call, `send`, of whatever service the operator has."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from kotowari.foundation.models import MailboxMessage
from kotowari.kernel import clock


class Sender(Protocol):
    """What `KOTOWARI_SMS_BACKEND` names, by its dotted path: a class without arguments that can do this."""

    def send(self, to: str, words: str) -> None:
        """Hand one message over: `to` with its country code (+819012345678). Raises when it was not taken."""


class NotSetUp(RuntimeError):  # noqa: N818
    """The operator has no service for text messages."""


class MailboxSender:
    """Keeps every message in the demo's mailbox instead of sending it."""

    def send(self, to: str, words: str) -> None:
        MailboxMessage.objects.create(channel="sms", to=to, subject="", body=words, sent_at=clock.now())


def sender() -> Sender:
    """The service in use. Raises `NotSetUp`."""
    if not is_offered():
        raise NotSetUp("KOTOWARI_SMS_BACKEND names no service for text messages")
    chosen: Sender = import_string(settings.SMS_BACKEND)()
    return chosen


def is_offered() -> bool:
    """Whether text messages can be sent at all."""
    return bool(settings.SMS_BACKEND)
