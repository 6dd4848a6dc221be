"""Accounts, balances, journals and lots; written through `ledger_post` alone.

Owners and references are plain ids without foreign keys: the ledger knows nobody above it, and its rows
outlive what they speak of. Between ledger tables, `Posting` has no foreign keys either: a foreign key locks
the row it points at, and every journal points at the same few fee and bank accounts. `Journal` and `Posting`
have no CHECKs: PostgreSQL parses those anew for every statement, which cost a sixth of a journal's time. The
laws that take their place are triggers in the migrations; `docs/subsystems/ledger.md` says them in words.
"""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q

from kotowari.kernel.ids import new_id
from kotowari.ledger.accounts import ACCOUNT_CLASSES, NO_FLOOR_YEN


class TransactionIdField(models.Field):
    """PostgreSQL's 64-bit transaction number (`xid8`), filled in by the database."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django's signature
        return "xid8"

    def from_db_value(self, value: Any, *_: object) -> int | None:
        return None if value is None else int(value)


class CurrentTransaction(Func):
    """The number of the transaction under way; savepoints do not change it."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionIdField()


class JournalKindField(models.TextField):
    """A kind of journal; the database knows the same list as an enum type."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - Django's signature
        return "ledger_journal_kind"


class Account(models.Model):
    """An account; its number decides the order of locks and never leaves the ledger, its code is its name."""

    id = models.BigAutoField(primary_key=True)
    code = models.TextField()
    account_class = models.TextField()
    kind = models.TextField()
    floor_yen = models.BigIntegerField()
    mode = models.TextField()
    owner_kind = models.TextField(null=True)
    owner_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="ledger_account_code_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["asset", "liability", "equity", "income", "expense"]),
                name="ledger_account_kind_known",
            ),
            models.CheckConstraint(condition=Q(floor_yen__in=[0, NO_FLOOR_YEN]), name="ledger_account_floor_known"),
            models.CheckConstraint(
                condition=Q(mode="sync") | Q(mode="rollup", floor_yen=NO_FLOOR_YEN),
                name="ledger_account_floor_needs_lock",
            ),
            models.CheckConstraint(
                condition=Q(owner_kind__isnull=True, owner_id__isnull=True, code=F("account_class"))
                | Q(owner_kind__isnull=False, owner_id__isnull=False),
                name="ledger_account_owner_whole",
            ),
            models.CheckConstraint(
                condition=Q(account_class__in=sorted(ACCOUNT_CLASSES)), name="ledger_account_class_known"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_id"], condition=Q(owner_id__isnull=False), name="ledger_account_by_owner"),
        ]

    def __str__(self) -> str:
        return self.code


class Balance(models.Model):
    """The balance of one account, in yen.

    `sync`: exact; `version` is the number of its last posting. `rollup`: what was rolled up so far, to which
    the account's `RollupTail` is added; `version` counts the postings in it.
    """

    account = models.OneToOneField(
        Account, models.PROTECT, primary_key=True, db_constraint=False, related_name="balance"
    )
    floor_yen = models.BigIntegerField()
    balance_yen = models.BigIntegerField()
    version = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(balance_yen__gte=F("floor_yen")), name="ledger_balance_floor"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.balance_yen}"


class Journal(models.Model):
    """One thing that happened to money, told once and never changed.

    `occurred_at` is when it happened (a bank's value date, say), `posted_at` when the books learned of it.
    `(scope, key)` names the business event: the same event posted again is the same journal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = JournalKindField()
    scope = models.TextField()
    key = models.TextField()
    request_hash = models.BinaryField(max_length=32)
    line_count = models.SmallIntegerField()
    occurred_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()
    contract_id = models.UUIDField(null=True)
    milestone_id = models.UUIDField(null=True)
    payout_id = models.UUIDField(null=True)
    deposit_id = models.UUIDField(null=True)
    reverses_id = models.UUIDField(null=True)
    reason = models.TextField(default="")
    created_xid = TransactionIdField(db_default=CurrentTransaction())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="ledger_journal_key_once"),
            models.UniqueConstraint(
                fields=["reverses_id"], condition=Q(reverses_id__isnull=False), name="ledger_journal_reversed_once"
            ),
        ]
        indexes = [
            BrinIndex(fields=["occurred_at"], name="ledger_journal_by_day"),
            *(
                models.Index(fields=[f"{subject}_id", "id"], condition=Q(**{f"{subject}_id__isnull": False}), name=name)
                for subject, name in (
                    ("contract", "ledger_journal_by_contract"),
                    ("milestone", "ledger_journal_by_milestone"),
                    ("payout", "ledger_journal_by_payout"),
                    ("deposit", "ledger_journal_by_deposit"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Posting(models.Model):
    """One line of a journal: one account changes by an amount in yen.

    On `sync` accounts the postings are numbered 1, 2, 3 … (`account_version`) and carry the balance after
    them; on `rollup` accounts both are empty, since nobody waits in line there.
    """

    pk = models.CompositePrimaryKey("journal_id", "line_no")
    journal = models.ForeignKey(
        Journal, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="postings"
    )
    line_no = models.SmallIntegerField()
    account = models.ForeignKey(
        Account, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="postings"
    )
    amount_yen = models.BigIntegerField()
    balance_after_yen = models.BigIntegerField(null=True)
    account_version = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "account_version"],
                condition=Q(account_version__isnull=False),
                name="ledger_posting_version_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "journal"],
                condition=Q(account_version__isnull=True),
                name="ledger_posting_rollup",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.journal_id}/{self.line_no}: {self.amount_yen}"


class RollupTail(models.Model):
    """What was posted to `rollup` accounts since their last roll-up: appended to, never waited for.

    One row sums the `lines` that one call of `ledger_post` wrote on one account.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    amount_yen = models.BigIntegerField()
    lines = models.BigIntegerField()

    class Meta:
        db_table = "ledger_rollup_tail"

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount_yen}"


class Period(models.Model):
    """The books were closed through this day (Tokyo): nothing may be dated on it or before it any more."""

    closed_through = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField()

    def __str__(self) -> str:
        return f"closed through {self.closed_through}"


class PeriodBalance(models.Model):
    """What a class of accounts stood at when a period ended, in yen: counted once, so that no later look counts it again."""

    pk = models.CompositePrimaryKey("period_id", "account_class")
    period = models.ForeignKey(Period, models.PROTECT, related_name="balances", db_index=False)
    account_class = models.TextField()
    balance_yen = models.BigIntegerField()

    class Meta:
        db_table = "ledger_period_balance"

    def __str__(self) -> str:
        return f"{self.account_class} on {self.period_id}: {self.balance_yen}"


class Lot(models.Model):
    """One reward as it was fixed, and how much of it has not left yet.

    Lots exist because time runs per reward (A041): payouts take the oldest first. A lot whose journal was
    reversed is withdrawn and empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member_id = models.UUIDField()
    milestone_id = models.UUIDField()
    fixed_at = models.DateTimeField()
    amount_yen = models.BigIntegerField()
    remaining_yen = models.BigIntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["milestone_id"], condition=Q(withdrawn_at__isnull=True), name="ledger_lot_once"
            ),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="ledger_lot_positive"),
            models.CheckConstraint(
                condition=Q(remaining_yen__gte=0, remaining_yen__lte=F("amount_yen")), name="ledger_lot_remaining"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(remaining_yen=0), name="ledger_lot_withdrawn_empty"
            ),
        ]
        indexes = [
            models.Index(
                fields=["member_id", "fixed_at", "id"],
                condition=Q(remaining_yen__gt=0),
                name="ledger_lot_open",
            ),
            models.Index(fields=["member_id", "-fixed_at", "-id"], name="ledger_lot_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id}: {self.remaining_yen}/{self.amount_yen}"


class LotUse(models.Model):
    """What a payout took out of a lot (positive), or what came back into it (negative). Never changed."""

    id = models.BigAutoField(primary_key=True)
    payout_id = models.UUIDField(db_index=True)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="uses")
    amount_yen = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_lot_use"
        constraints = [models.CheckConstraint(condition=~Q(amount_yen=0), name="ledger_lot_use_not_zero")]

    def __str__(self) -> str:
        return f"{self.payout_id} {self.lot_id}: {self.amount_yen}"
