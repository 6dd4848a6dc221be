from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.payments.transitions import CANCELLATION, DEPOSIT

LINE_KINDS = [
    ("deposit", "money came in"),
    ("returned", "a transfer of ours came back"),
    ("outgoing", "money went out"),
    ("cancellation", "the bank takes back or corrects an earlier line"),
    ("empty", "no money moved"),
]


class StatementFile(models.Model):
    """A file of the bank that was imported, once; the counts say what it added.

    `imported_by` is nobody when the operator's own command line imported it. `warnings` are what the reader found
    worth a look, as `{line, column, ja, en}` each.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    filename = models.CharField(max_length=200)
    kind = models.CharField(max_length=2)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(default=clock.now)
    line_count = models.PositiveIntegerField()
    known_count = models.PositiveIntegerField(default=0)
    deposit_count = models.PositiveIntegerField(default=0)
    deposit_yen = models.BigIntegerField(default=0)
    matched_count = models.PositiveIntegerField(default=0)
    suspense_count = models.PositiveIntegerField(default=0)
    outgoing_count = models.PositiveIntegerField(default=0)
    returned_count = models.PositiveIntegerField(default=0)
    cancellation_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)

    was_known = False
    """Set on what an import returns when the very same file had been imported before; no column."""

    class Meta:
        indexes = [models.Index(fields=["-id"], name="statement_newest")]

    def __str__(self) -> str:
        return self.filename


class StatementLine(models.Model):
    """One line of an imported file, so that no file adds it again.

    `natural_key` is the same in every file of its kind. `pair_key` is the same in a notice (01) and in a statement
    (03); a line that says again what one of the other kind said is its `twin` and has no effect of its own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="lines")
    natural_key = models.CharField(max_length=64, unique=True)
    pair_key = models.CharField(max_length=64)
    type_code = models.CharField(max_length=2)
    line = models.PositiveIntegerField()
    kind = models.TextField(choices=LINE_KINDS)
    amount_yen = models.BigIntegerField()
    booked_on = models.DateField()
    twin = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="seconded")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k for k, _ in LINE_KINDS]), name="statement_line_kind_known"),
            models.CheckConstraint(condition=Q(amount_yen__gte=0), name="statement_line_not_negative"),
        ]
        indexes = [
            models.Index(fields=["pair_key"], name="statement_line_pair"),
            models.Index(fields=["booked_on"], name="statement_line_booked"),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of {self.statement_id}"


class StatementBalance(models.Model):
    """What the bank itself says lay in the account at the end of a day, with what it says lay there before.

    Only a statement (03) tells it, and not every bank's; a notice (01) never does. Statements of days overlap and may
    be imported in any order: the newest day counts, of one day the statement imported last.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="balances")
    from_on = models.DateField()
    to_on = models.DateField()
    opening_yen = models.BigIntegerField()
    closing_yen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_on__lte=F("to_on")), name="statement_balance_days_in_order"),
        ]
        indexes = [models.Index(fields=["-to_on", "-id"], name="statement_balance_newest")]

    def __str__(self) -> str:
        return f"{self.closing_yen} at the end of {self.to_on}"


class Deposit(models.Model):
    """Money that came in with one line of a bank's file.

    `remaining_yen` lies in its suspense account. `reference` is the number found with it; `milestone` is the one it
    names, or that staff put it to; `is_certain` when the number stood as seven digits before the name, or staff said
    so: only then its client is told. While it waits, `reason` says why, `waits_for` on whom and `decide_by` until when.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="deposits")
    natural_key = models.CharField(max_length=64, unique=True)
    pair_key = models.CharField(max_length=64)
    line = models.PositiveIntegerField()
    amount_yen = models.BigIntegerField()
    remaining_yen = models.BigIntegerField()
    booked_on = models.DateField()
    payer_name_sealed = models.BinaryField()
    payer_name = sealed_text("deposit.payer_name", column="payer_name_sealed")
    sending_bank = models.CharField(max_length=15, blank=True)
    sending_branch = models.CharField(max_length=15, blank=True)
    has_cheques = models.BooleanField(default=False)
    reference = models.CharField(max_length=10, blank=True)
    is_certain = models.BooleanField(default=False)
    milestone = models.ForeignKey("contracts.Milestone", on_delete=models.PROTECT, null=True, related_name="deposits")
    state = models.TextField(choices=DEPOSIT.choices(), default="in_suspense")
    reason = models.JSONField(null=True)
    waits_for = models.TextField(choices=[("client", "the client"), ("operator", "the operator")], blank=True)
    decide_by = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    received_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            DEPOSIT.constraint(),
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0, remaining_yen__gte=0, remaining_yen__lte=F("amount_yen")),
                name="deposit_amounts_agree",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_suspense", "to_send_back"], remaining_yen__gt=0, closed_at__isnull=True)
                | ~Q(state__in=["in_suspense", "to_send_back"]) & Q(remaining_yen=0, closed_at__isnull=False),
                name="deposit_open_while_money_is_left",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_suspense", "to_send_back"], reason__isnull=False)
                & Q(waits_for__in=["client", "operator"])
                | ~Q(state__in=["in_suspense", "to_send_back"]) & Q(waits_for=""),
                name="deposit_waits_with_reason_and_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="in_suspense", decide_by__isnull=False)
                | ~Q(state="in_suspense") & Q(decide_by__isnull=True),
                name="deposit_waits_with_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["decide_by"], condition=Q(decide_by__isnull=False), name="deposit_due"),
            models.Index(fields=["id"], condition=Q(state__in=["in_suspense", "to_send_back"]), name="deposit_waiting"),
            models.Index(fields=["pair_key"], name="deposit_pair"),
        ]

    def __str__(self) -> str:
        return f"deposit of {self.amount_yen} on {self.booked_on}"

    @property
    def why(self) -> Text | None:
        """Why it waits, in words."""
        return Text(self.reason["ja"], self.reason["en"]) if self.reason else None

    @property
    def advice(self) -> Text | None:
        """What its sender can do or expect, when the sender is known for certain."""
        return Text.from_dict(self.reason["advice"]) if self.reason and "advice" in self.reason else None

    @property
    def is_waiting(self) -> bool:
        """Whether money of it still lies in suspense."""
        return self.state in ("in_suspense", "to_send_back")


class DepositMatch(models.Model):
    """How much of a deposit went into the escrow of a milestone. `matched_by` is nobody when it matched by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="matches")
    milestone = models.ForeignKey("contracts.Milestone", on_delete=models.PROTECT, related_name="deposit_matches")
    amount_yen = models.BigIntegerField()
    matched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    matched_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deposit", "milestone"], name="deposit_match_once"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="deposit_match_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_yen} of {self.deposit_id} for {self.milestone_id}"


class Cancellation(models.Model):
    """A line by which the bank takes back or corrects an earlier one. It never counts as money received.

    `deposit` is the one it took back, when that was certain and the money still lay in suspense.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="cancellations")
    natural_key = models.CharField(max_length=64, unique=True)
    line = models.PositiveIntegerField()
    amount_yen = models.BigIntegerField()
    booked_on = models.DateField()
    payer_name_sealed = models.BinaryField()
    payer_name = sealed_text("cancellation.payer_name", column="payer_name_sealed")
    state = models.TextField(choices=CANCELLATION.choices(), default="open")
    reason = models.JSONField()
    note = models.TextField(blank=True)
    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, null=True, related_name="cancellation")
    seen_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            CANCELLATION.constraint(),
            models.CheckConstraint(
                condition=Q(state="applied", deposit__isnull=False) | ~Q(state="applied"),
                name="cancellation_applied_to_deposit",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | ~Q(state="open") & Q(closed_at__isnull=False),
                name="cancellation_closed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="cancellation_open")]

    def __str__(self) -> str:
        return f"cancellation of {self.amount_yen} on {self.booked_on}"

    @property
    def why(self) -> Text:
        """What it did, or why it needs a look, in words."""
        return Text(self.reason["ja"], self.reason["en"])
