from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.payments.transitions import CARD_DISPUTE, CARD_PAYMENT, CARD_REFUND

UNDER_WAY = ("recorded", "sent", "open", "unknown")
"""States of a payment that asking will end."""
REFUND_UNDER_WAY = ("recorded", "sent", "unknown")
CAUSES = [
    ("not_awaiting", "the milestone awaited no money when it was paid"),
    ("escrow_refunded", "the escrow that it had filled goes back"),
]


class CardPayment(models.Model):
    """One payment for a milestone on a card processor's page, recorded before the processor is called.

    `key` is ours and never changes; `reference` and `charge` are the processor's names for the payment and for the
    money. `due_at` is the clock of the present state; `give_up_at` when staff take over what cannot be found out.
    `code` says why a card was declined. `refunded_yen` has gone, or is on its way, back to the card.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    milestone = models.ForeignKey("contracts.Milestone", on_delete=models.PROTECT, related_name="card_payments")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    amount_yen = models.BigIntegerField()
    processor = models.CharField(max_length=20)
    account = models.CharField(max_length=100)
    key = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=200, blank=True)
    charge = models.CharField(max_length=200, blank=True)
    hosted_url = models.TextField(blank=True)
    state = models.TextField(choices=CARD_PAYMENT.choices(), default="recorded")
    code = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    refunded_yen = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            CARD_PAYMENT.constraint(),
            models.UniqueConstraint(
                fields=["milestone"], condition=Q(state__in=UNDER_WAY), name="card_payment_one_under_way"
            ),
            models.UniqueConstraint(
                fields=["processor", "account", "reference"],
                condition=~Q(reference=""),
                name="card_payment_reference_once",
            ),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="card_payment_positive"),
            models.CheckConstraint(
                condition=Q(refunded_yen__gte=0, refunded_yen__lte=F("amount_yen"))
                & (Q(refunded_yen=0) | Q(state__in=["succeeded", "refunded"])),
                name="card_payment_refunds_within",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, due_at__isnull=False, closed_at__isnull=True)
                | Q(state="set_aside", due_at__isnull=False, closed_at__isnull=True)
                | ~Q(state__in=[*UNDER_WAY, "set_aside"]) & Q(due_at__isnull=True, closed_at__isnull=False),
                name="card_payment_waits_with_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="card_payment_due"),
            models.Index(fields=["-id"], name="card_payment_newest"),
        ]

    def __str__(self) -> str:
        return f"card payment of {self.amount_yen}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether asking the processor can still change it by itself."""
        return self.state in UNDER_WAY


class CardRefund(models.Model):
    """Money on its way back to the card of a payment, recorded before the processor is called; once per cause.

    `covered_yen` of it the cardholder has already, by a dispute that was lost: that part does not go again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, related_name="refunds")
    amount_yen = models.BigIntegerField()
    covered_yen = models.BigIntegerField(default=0)
    cause = models.TextField(choices=CAUSES)
    key = models.CharField(max_length=64, unique=True)
    reference = models.CharField(max_length=200, blank=True)
    state = models.TextField(choices=CARD_REFUND.choices(), default="recorded")
    code = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField()
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            CARD_REFUND.constraint(),
            models.UniqueConstraint(fields=["payment", "cause"], name="card_refund_once_per_cause"),
            models.UniqueConstraint(
                fields=["payment", "reference"], condition=~Q(reference=""), name="card_refund_reference_once"
            ),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="card_refund_positive"),
            models.CheckConstraint(
                condition=Q(cause__in=[cause for cause, _ in CAUSES]), name="card_refund_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*REFUND_UNDER_WAY, "set_aside"], due_at__isnull=False, closed_at__isnull=True)
                | Q(state__in=["succeeded", "failed", "replaced"], due_at__isnull=True, closed_at__isnull=False),
                name="card_refund_waits_with_clock",
            ),
            models.CheckConstraint(
                condition=Q(state="replaced", covered_yen=F("amount_yen"))
                | ~Q(state="replaced") & Q(covered_yen__gte=0, covered_yen__lt=F("amount_yen")),
                name="card_refund_covered_within",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="card_refund_due")]

    def __str__(self) -> str:
        return f"card refund of {self.amount_yen}: {self.state}"

    @property
    def goes_yen(self) -> int:
        """What goes back to the card."""
        return self.amount_yen - self.covered_yen


class CardDispute(models.Model):
    """What a cardholder's bank takes back (chargeback), by the processor's own name for it.

    `taken_yen` and `fee_yen` are what the processor has taken for it and not given back, as the books say; `moves`
    counts their journals. `covered_yen` of a loss came back by refunds that the cardholder had already. `due_at`: when
    the processor is asked next. `decide_by`: when the bank should have decided. `payment` is empty while it is nobody's.
    `cards_allowed_at`: since when staff let the client pay by card again, for the reason in `note`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    processor = models.CharField(max_length=20)
    account = models.CharField(max_length=100)
    reference = models.CharField(max_length=200)
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, null=True, related_name="disputes")
    charge = models.CharField(max_length=200, blank=True)
    amount_yen = models.BigIntegerField(default=0)
    taken_yen = models.BigIntegerField(default=0)
    fee_yen = models.BigIntegerField(default=0)
    covered_yen = models.BigIntegerField(default=0)
    moves = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=100, blank=True)
    state = models.TextField(choices=CARD_DISPUTE.choices(), default="heard")
    is_answered = models.BooleanField(default=False)
    evidence_due_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    cards_allowed_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            CARD_DISPUTE.constraint(),
            models.UniqueConstraint(fields=["processor", "account", "reference"], name="card_dispute_once"),
            models.CheckConstraint(
                condition=Q(taken_yen__gte=0, fee_yen__gte=0, covered_yen__gte=0, covered_yen__lte=F("taken_yen"))
                & (Q(state="lost") | Q(covered_yen=0))
                & (Q(state__in=["opened", "lost"]) | Q(taken_yen=0)),
                name="card_dispute_sums",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["heard", "opened"], due_at__isnull=False, closed_at__isnull=True)
                | ~Q(state__in=["heard", "opened"]) & Q(due_at__isnull=True, closed_at__isnull=False),
                name="card_dispute_waits_with_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="opened") | Q(decide_by__isnull=False), name="card_dispute_opened_has_end"
            ),
            models.CheckConstraint(
                condition=Q(cards_allowed_at__isnull=True) | ~Q(note=""), name="card_dispute_allowed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="card_dispute_due"),
            models.Index(fields=["-id"], name="card_dispute_newest"),
            models.Index(fields=["charge"], name="card_dispute_charge"),
        ]

    def __str__(self) -> str:
        return f"card dispute of {self.amount_yen}: {self.state}"

    @property
    def version(self) -> tuple[object, ...]:
        """What changes with every answer that moved anything: one that was asked for before it is overtaken."""
        return self.payment_id, self.state, self.moves

    @property
    def uncovered_yen(self) -> int:
        """What of a loss nothing has covered yet."""
        return self.taken_yen - self.covered_yen


class WebhookEvent(models.Model):
    """A genuine message of a processor, once. It says nothing that we believe: it is a reason to ask."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    processor = models.CharField(max_length=20)
    account = models.CharField(max_length=100)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, null=True, related_name="webhooks")
    refund = models.ForeignKey(CardRefund, on_delete=models.PROTECT, null=True, related_name="webhooks")
    dispute = models.ForeignKey(CardDispute, on_delete=models.PROTECT, null=True, related_name="webhooks")
    heard_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["processor", "account", "event_id"], name="webhook_event_once"),
        ]
        indexes = [models.Index(fields=["-id"], name="webhook_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
