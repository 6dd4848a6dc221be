from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from kotowari.contracts.transitions import CONTRACT, END_REQUEST, MILESTONE
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id


class Contract(models.Model):
    """The agreement of a client and a worker, with the terms and prices it was made under."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.OneToOneField("market.Proposal", on_delete=models.PROTECT, related_name="contract")
    job = models.ForeignKey("market.Job", on_delete=models.PROTECT, related_name="contracts")
    client = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contracts_as_client")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contracts_as_worker")
    title = models.CharField(max_length=100)
    state = models.TextField(choices=CONTRACT.choices(), default="active")
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    inspection_days = models.PositiveSmallIntegerField()
    pricing_terms = models.JSONField()
    policy_version = models.TextField()

    class Meta:
        constraints = [
            CONTRACT.constraint(),
            models.CheckConstraint(condition=~Q(client=F("worker")), name="contract_has_two_sides"),
            models.CheckConstraint(
                condition=Q(state="active", closed_at__isnull=True) | ~Q(state="active") & Q(closed_at__isnull=False),
                name="contract_closed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["client", "-id"]), models.Index(fields=["worker", "-id"])]

    def __str__(self) -> str:
        return self.title


class ContractTerms(models.Model):
    """The written terms as both sides have them: the ten items of the Freelance Act, fixed for ever.

    `items` is a list of `{number, title, value}`; `digest` the SHA-256 of its canonical JSON.
    """

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, primary_key=True, related_name="terms")
    items = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"terms of {self.contract_id}"


class Milestone(models.Model):
    """A part of a contract with its own price, escrow and delivery. All amounts in yen, fixed at the hire.

    `deadline_at` is the clock of the present state: what happens then stands in the transition table. It runs since
    `clock_since`, and is `stopped_for` later than it would be had nobody been kept from acting (ADR 0013).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    due_on = models.DateField()
    state = models.TextField(choices=MILESTONE.choices(), default="awaiting_funding")
    deadline_at = models.DateTimeField(null=True)
    clock_since = models.DateTimeField(default=clock.now, db_default=Now())
    stopped_for = models.DurationField(default=timedelta, db_default=timedelta())
    reference = models.CharField(max_length=10, unique=True)
    price_yen = models.BigIntegerField()
    tax_yen = models.BigIntegerField()
    client_fee_yen = models.BigIntegerField()
    client_fee_tax_yen = models.BigIntegerField()
    system_fee_yen = models.BigIntegerField()
    system_fee_tax_yen = models.BigIntegerField()
    withholding_yen = models.BigIntegerField()
    client_pays_yen = models.BigIntegerField()
    worker_receives_yen = models.BigIntegerField()
    funded_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    accepted_by_clock = models.BooleanField(default=False)

    class Meta:
        ordering = ["contract_id", "position"]
        constraints = [
            MILESTONE.constraint(),
            models.UniqueConstraint(fields=["contract", "position"], name="milestone_position_once"),
            models.CheckConstraint(condition=Q(price_yen__gt=0), name="milestone_price_positive"),
            models.CheckConstraint(condition=Q(worker_receives_yen__gt=0), name="milestone_pays_worker"),
            models.CheckConstraint(
                condition=Q(tax_yen__gte=0, withholding_yen__gte=0)
                & Q(client_fee_tax_yen__gte=0, client_fee_yen__gte=F("client_fee_tax_yen"))
                & Q(system_fee_tax_yen__gte=0, system_fee_yen__gte=F("system_fee_tax_yen")),
                name="milestone_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(client_pays_yen=F("price_yen") + F("tax_yen") + F("client_fee_yen") - F("withholding_yen"))
                & Q(worker_receives_yen=F("price_yen") + F("tax_yen") - F("system_fee_yen") - F("withholding_yen")),
                name="milestone_sums_agree",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "refunded", "cancelled"], deadline_at__isnull=True)
                | ~Q(state__in=["accepted", "refunded", "cancelled"]) & Q(deadline_at__isnull=False),
                name="milestone_waits_with_clock",
            ),
            models.CheckConstraint(condition=Q(stopped_for__gte=timedelta()), name="milestone_stopped_not_negative"),
        ]
        indexes = [
            models.Index(fields=["deadline_at"], condition=Q(deadline_at__isnull=False), name="milestone_due"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One handing-over of work for a milestone; a later one replaces it without erasing it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="deliveries")
    number = models.PositiveSmallIntegerField()
    message = models.TextField()
    links = models.JSONField(default=list)
    delivered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["milestone", "number"], name="delivery_number_once")]

    def __str__(self) -> str:
        return f"delivery {self.number} of {self.milestone_id}"


class ChangeRequest(models.Model):
    """What is to be changed in a delivery, point by point; the only thing that stops the acceptance clock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="change_request")
    items = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"changes to {self.delivery_id}"


class EndRequest(models.Model):
    """One side asks to end a contract early; silence is agreement after `lapses_at`.

    That is `stopped_for` later than it would be had nobody been kept from acting (ADR 0013).
    """

    class Reason(models.TextChoices):
        NO_LONGER_NEEDED = "no_longer_needed"
        CANNOT_DO = "cannot_do"
        NO_CONTACT = "no_contact"
        TERMS_CHANGED = "terms_changed"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="end_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(choices=Reason)
    explanation = models.TextField(blank=True)
    state = models.TextField(choices=END_REQUEST.choices(), default="open")
    asked_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField()
    stopped_for = models.DurationField(default=timedelta, db_default=timedelta())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            END_REQUEST.constraint(),
            models.UniqueConstraint(fields=["contract"], condition=Q(state="open"), name="end_request_one_open"),
            models.CheckConstraint(condition=Q(stopped_for__gte=timedelta()), name="end_request_stopped_not_negative"),
        ]
        indexes = [models.Index(fields=["lapses_at"], condition=Q(state="open"), name="end_request_due")]

    def __str__(self) -> str:
        return f"end of {self.contract_id}: {self.state}"
