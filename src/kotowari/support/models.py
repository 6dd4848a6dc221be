from django.conf import settings
from django.db import models
from django.db.models import Q

from kotowari.accounts.names import folded
from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.support.topics import TOPICS
from kotowari.support.transitions import TICKET, WAITING_FOR_US


class Ticket(models.Model):
    """One question to the operator and the conversation about it.

    `email` is where answers go: the address that the customer says is registered. `member` is whose address it
    is, when it is a member's; before signing in that is told to nobody, and it opens nothing by itself. What the
    form knew by itself (message code, browser, page, article) stands beside it (A008).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=9, unique=True)
    state = models.CharField(max_length=10, choices=TICKET.choices(), default="open")
    topic = models.CharField(max_length=20)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tickets")
    is_signed_in = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=[("ja", "日本語"), ("en", "English")], default="ja")
    email_sealed = models.BinaryField()
    email_index = models.BinaryField(max_length=32)
    login_sealed = models.BinaryField(null=True)
    code = models.CharField(max_length=200, blank=True, default="")
    browser = models.CharField(max_length=200, blank=True, default="")
    came_from = models.CharField(max_length=200, blank=True, default="")
    article = models.CharField(max_length=50, blank=True, default="")
    tried = models.JSONField(default=list)
    result = models.CharField(max_length=20, blank=True, default="")
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopen_until = models.DateTimeField(null=True)

    email = sealed_text("support.ticket.email", column="email_sealed", index="email_index", normalise=folded)
    login = sealed_text("support.ticket.login", column="login_sealed")

    class Meta:
        constraints = [
            TICKET.constraint(),
            models.CheckConstraint(condition=Q(topic__in=sorted(TOPICS)), name="ticket_topic_known"),
            models.CheckConstraint(
                condition=Q(state__in=WAITING_FOR_US, due_at__isnull=False)
                | (~Q(state__in=WAITING_FOR_US) & Q(due_at__isnull=True)),
                name="ticket_waiting_for_us_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(state="answered", closes_at__isnull=False)
                | (~Q(state="answered") & Q(closes_at__isnull=True)),
                name="ticket_answered_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, reopen_until__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True, reopen_until__isnull=True)),
                name="ticket_closed_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=WAITING_FOR_US), name="ticket_due"),
            models.Index(fields=["closes_at"], condition=Q(state="answered"), name="ticket_closing"),
            models.Index(fields=["member", "-id"], name="ticket_by_member"),
            models.Index(fields=["email_index"], name="ticket_by_email"),
            models.Index(
                fields=["first_answered_at"], condition=Q(first_answered_at__isnull=False), name="ticket_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.number}"

    @property
    def waits_for_us(self) -> bool:
        """Whether the operator owes an answer."""
        return self.state in WAITING_FOR_US


class TicketMessage(models.Model):
    """What was said between customer and operator; never changed. Staff's own notes stand in `StaffNote`."""

    class Side(models.TextChoices):
        CUSTOMER = "customer"
        OPERATOR = "operator"

    class Way(models.TextChoices):
        """How its author was known: by the form alone, by a link sent to the address, or signed in."""

        FORM = "form"
        LINK = "link"
        SIGNED_IN = "signed_in"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side)
    way = models.CharField(max_length=10, choices=Way)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    body_sealed = models.BinaryField()
    written_at = models.DateTimeField(default=clock.now)

    body = sealed_text("support.message.body", column="body_sealed")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side="customer") | Q(side="operator", author__isnull=False, way="signed_in"),
                name="ticket_answer_has_its_author",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="ticketmessage_in_order")]

    def __str__(self) -> str:
        return f"{self.side} at {self.written_at:%Y-%m-%d %H:%M}"


class StaffNote(models.Model):
    """What staff tell each other about a ticket. A table of its own: no selector for customers reads it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="staff_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body_sealed = models.BinaryField()
    written_at = models.DateTimeField(default=clock.now)

    body = sealed_text("support.note.body", column="body_sealed")

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="staffnote_in_order")]

    def __str__(self) -> str:
        return f"note of {self.author_id} at {self.written_at:%Y-%m-%d %H:%M}"
