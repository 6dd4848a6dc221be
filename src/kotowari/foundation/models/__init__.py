"""The tables everybody stands on."""

from kotowari.foundation.models.audit import AuditEntry
from kotowari.foundation.models.backoff import Backoff
from kotowari.foundation.models.demo import DemoClock, MailboxMessage
from kotowari.foundation.models.idempotency import IdempotencyKey
from kotowari.foundation.models.mail import OutgoingMail
from kotowari.foundation.models.notice import Notice
from kotowari.foundation.models.outbox import OutboxEvent
from kotowari.foundation.models.policy import PolicyOverride
from kotowari.foundation.models.ratelimit import RateWindow

__all__ = [
    "AuditEntry",
    "Backoff",
    "DemoClock",
    "IdempotencyKey",
    "MailboxMessage",
    "Notice",
    "OutboxEvent",
    "OutgoingMail",
    "PolicyOverride",
    "RateWindow",
]
