"""Closings, runs, transfers, and what the bank's statement says of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value

from kotowari.foundation.sealed import sealed_text
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.payouts.models.accounts import BankAccount, Destination
from kotowari.payouts.transitions import BANK_ENTRY, CLOSING, PAYOUT, RUN

KINDS = [("reward", "reward"), ("quick", "quick"), ("expiry", "expiry"), ("refund", "refund")]
"""What is paid out: a worker's reward by a closing, by request, at its time limit; or a client's money that comes back."""

REWARD_KINDS = ("reward", "quick", "expiry")
"""Kinds that take a worker's reward out of its lots."""


class Closing(models.Model):
    """One closing (締め): what was fixed by the end of `closes_on` is gathered and paid on `pays_on`.

    `terms` are the rules of that day, so that a closing that was interrupted goes on as it began; the two
    cursors say which members it has been through.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    closes_on = models.DateField(unique=True)
    pays_on = models.DateField()
    state = models.TextField(choices=CLOSING.choices(), default="gathering")
    terms = models.JSONField()
    rewards_through = models.UUIDField(null=True)
    refunds_through = models.UUIDField(null=True)
    begun_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            CLOSING.constraint(),
            models.CheckConstraint(condition=Q(pays_on__gt=F("closes_on")), name="closing_pays_later"),
            models.CheckConstraint(
                condition=Q(state="gathering", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
                name="closing_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"closing of {self.closes_on}"


class PayoutRun(models.Model):
    """Transfers that go to the bank together, as one 全銀 file or several.

    The bytes are not kept: they hold account numbers. They are made again from the sealed payouts in the order
    of their numbers, and must come out with the digests in `files`
    (`{name, digest, count, total_yen, first_number, last_number}` each). `sender` is what the file says of us.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    closing = models.OneToOneField(Closing, on_delete=models.PROTECT, null=True, related_name="run")
    pays_on = models.DateField()
    state = models.TextField(choices=RUN.choices(), default="ready")
    is_quick = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sender = models.JSONField(null=True)
    files = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            RUN.constraint(),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "dissolved"], handed_over_at__isnull=True, sender__isnull=True)
                | Q(state__in=["handed_over", "done"], handed_over_at__isnull=False, sender__isnull=False),
                name="payout_run_handed_over_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "handed_over"], closed_at__isnull=True)
                | Q(state__in=["done", "dissolved"], closed_at__isnull=False),
                name="payout_run_closed_has_time",
            ),
        ]
        indexes = [models.Index(fields=["pays_on"], condition=Q(closed_at__isnull=True), name="payout_run_open")]

    def __str__(self) -> str:
        return f"run of {self.pays_on}"


class Payout(Destination):
    """One transfer to one member. Amounts in yen; `fee_yen` is all that is taken off, tax included.

    Of it `quick_fee_yen` is for paying at once, the rest for the transfer. `promised_on` is the day by which a quick
    payout has to be there, `late_told_at` when its owner and the operator were told that it will not (A053).

    The destination is a snapshot: while it is not with the bank it follows the member's account, afterwards it
    never changes. Number and holder stand sealed on the account, which is replaced and never changed: load
    `account` with many. `number` stands in the file as customer code 1. `reason` is `{code, ja, en}` of the last hold,
    return or cancellation.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("payouts_payout_number"), function="nextval")
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payouts")
    kind = models.TextField(choices=KINDS)
    method = models.TextField(blank=True)
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, null=True, related_name="payouts")
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, null=True, related_name="payouts")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="payouts")
    gross_yen = models.BigIntegerField()
    fee_yen = models.BigIntegerField()
    fee_tax_yen = models.BigIntegerField()
    quick_fee_yen = models.BigIntegerField(default=0)
    quick_fee_tax_yen = models.BigIntegerField(default=0)
    net_yen = models.BigIntegerField()
    pays_on = models.DateField()
    promised_on = models.DateField(null=True)
    late_told_at = models.DateTimeField(null=True)
    state = models.TextField(choices=PAYOUT.choices(), default="requested")
    lapses_at = models.DateTimeField(null=True)
    reason = models.JSONField(null=True)
    requested_at = models.DateTimeField(default=clock.now)
    settled_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            PAYOUT.constraint(),
            models.UniqueConstraint(fields=["member", "closing", "kind"], name="payout_once_per_closing"),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(kind="quick", state__in=["requested", "held", "in_file"]),
                name="payout_one_quick_at_a_time",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind for kind, _ in KINDS]), name="payout_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="quick", promised_on__isnull=False)
                | ~Q(kind="quick") & Q(promised_on__isnull=True, quick_fee_yen=0),
                name="payout_quick_is_promised",
            ),
            models.CheckConstraint(
                condition=Q(
                    quick_fee_tax_yen__gte=0,
                    quick_fee_yen__gte=F("quick_fee_tax_yen"),
                    fee_yen__gte=F("quick_fee_yen"),
                    fee_tax_yen__gte=F("quick_fee_tax_yen"),
                ),
                name="payout_quick_fee_within_fee",
            ),
            models.CheckConstraint(
                condition=Q(net_yen=F("gross_yen") - F("fee_yen"), net_yen__gt=0)
                & Q(fee_tax_yen__gte=0, fee_yen__gte=F("fee_tax_yen")),
                name="payout_sums_agree",
            ),
            models.CheckConstraint(
                condition=Q(state="held", lapses_at__isnull=False) | ~Q(state="held") & Q(lapses_at__isnull=True),
                name="payout_held_has_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "returned", "cancelled"]) | Q(reason__isnull=False),
                name="payout_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_file", "settled", "returned"]) | Q(run__isnull=False),
                name="payout_with_bank_has_run",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_on__isnull=False), name="payout_settled_has_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["settled", "returned", "cancelled"], closed_at__isnull=False)
                | ~Q(state__in=["settled", "returned", "cancelled"]) & Q(closed_at__isnull=True),
                name="payout_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "-number"], name="payout_of_member"),
            models.Index(fields=["run", "number"], name="payout_of_run"),
            models.Index(fields=["lapses_at"], condition=Q(lapses_at__isnull=False), name="payout_due"),
            models.Index(
                fields=["number"], condition=Q(state="requested", run__isnull=True), name="payout_without_run"
            ),
            models.Index(
                fields=["promised_on"],
                condition=Q(promised_on__isnull=False, closed_at__isnull=True, late_told_at__isnull=True),
                name="payout_promised",
            ),
            models.Index(fields=["net_yen", "pays_on"], condition=Q(state="in_file"), name="payout_with_bank"),
            models.Index(fields=["net_yen", "settled_on"], condition=Q(state="settled"), name="payout_arrived"),
        ]

    def __str__(self) -> str:
        return f"payout {self.number}"

    @property
    def account_number(self) -> str:
        """The account's number, opened."""
        number = self.account.number
        assert number is not None, "the column is not null"
        return number

    @property
    def holder_kana(self) -> str:
        """The holder's name as the bank's file writes it, opened."""
        holder_kana = self.account.holder_kana
        assert holder_kana is not None, "the column is not null"
        return holder_kana

    @property
    def reference(self) -> str:
        """The ten digits that stand for it in the bank's file."""
        return f"{self.number:010d}"

    @property
    def is_of_rewards(self) -> bool:
        """Whether it takes a worker's reward; else it returns a client's money."""
        return self.kind in REWARD_KINDS

    @property
    def transfer_fee_yen(self) -> int:
        """What the transfer costs, without the fee for paying at once."""
        return self.fee_yen - self.quick_fee_yen

    @property
    def why(self) -> Text | None:
        """Why it was held, returned or cancelled, in words."""
        return Text(self.reason["ja"], self.reason["en"]) if self.reason else None


class CarriedOver(models.Model):
    """Why a closing did not pay somebody who had money waiting: `blockers` as `{code, rule, ja, en}` each."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="carried_over")
    kind = models.TextField(choices=KINDS)
    amount_yen = models.BigIntegerField()
    blockers = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "closing", "kind"], name="carried_over_once_per_closing"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="carried_over_positive"),
        ]
        indexes = [models.Index(fields=["member", "-id"], name="carried_over_of_member")]

    def __str__(self) -> str:
        return f"{self.amount_yen} of {self.member_id} carried over"

    @property
    def reasons(self) -> list[Text]:
        """Every reason, in words."""
        return [Text(each["ja"], each["en"]) for each in self.blockers]


class BankEntry(models.Model):
    """A line of the bank's statement about our transfers: money that went out, or came back.

    `key` is the line's identity, so that a statement imported twice is one. An entry that fits nothing stays
    open, with the reason, until staff match it or say what else it was. `journal_id` is the journal that booked it as
    the operator's own money; while it is open again, the last one, which was reversed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.TextField(unique=True)
    direction = models.TextField(choices=[("out", "went out"), ("back", "came back")])
    amount_yen = models.BigIntegerField()
    booked_on = models.DateField()
    name_sealed = models.BinaryField()
    name = sealed_text("bank_entry.name", column="name_sealed")
    state = models.TextField(choices=BANK_ENTRY.choices(), default="open")
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, null=True, related_name="+")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="+")
    journal_id = models.UUIDField(null=True, unique=True)
    note = models.JSONField(null=True)
    seen_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            BANK_ENTRY.constraint(),
            models.CheckConstraint(condition=Q(direction__in=["out", "back"]), name="bank_entry_direction_known"),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="bank_entry_positive"),
            models.CheckConstraint(
                condition=~Q(state="matched") | Q(run__isnull=False) | Q(payout__isnull=False),
                name="bank_entry_matched_to_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(direction="out", journal_id__isnull=False),
                name="bank_entry_booked_by_journal",
            ),
            models.CheckConstraint(
                condition=Q(state="matched") | Q(note__isnull=False), name="bank_entry_unmatched_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="open"), name="bank_entry_open")]

    def __str__(self) -> str:
        return f"{self.direction} {self.amount_yen} on {self.booked_on}"

    @property
    def explanation(self) -> Text | None:
        """Why it was not matched, or what it was instead."""
        return Text.from_dict(self.note) if self.note else None
