from django.conf import settings
from django.db import models
from django.db.models import Q

from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.payments.models import StatementBalance
from kotowari.payouts.transitions import BANK_DIFFERENCE

DIFFERENCE_KINDS = [
    ("gap", "the bank's balance is not what its lines add up to"),
    ("run", "transfers recorded as paid that stand in no statement"),
    ("returned", "a transfer recorded as returned that stands in no statement"),
    ("sent_back", "a deposit recorded as sent back that stands in no statement"),
    ("rest", "the books moved the bank's account otherwise"),
]


class OpeningBalance(models.Model):
    """What lay in the operator's account before the books began, as staff read it from the bank. The newest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    as_of = models.DateField()
    amount_yen = models.BigIntegerField()
    note = models.TextField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="opening_balance_says_why")]

    def __str__(self) -> str:
        return f"{self.amount_yen} at the end of {self.as_of}"


class Reconciliation(models.Model):
    """One comparison of the books with the bank, in yen.

    `bank_yen` is what the bank says at the end of `balance.to_on`, `later_yen` what its lines moved since; `books_yen`
    what the books say lies there, the opening balance included. What the three differ by is told apart in
    `unlisted_yen` (in the books, in no statement), `unbooked_yen` (in a statement, not in the books), `gap_yen` (the
    bank's balance beyond its own lines) and `rest_yen` (the remainder, which should be none).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    balance = models.ForeignKey(StatementBalance, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    bank_yen = models.BigIntegerField()
    later_yen = models.BigIntegerField()
    opening_yen = models.BigIntegerField()
    books_yen = models.BigIntegerField()
    unlisted_yen = models.BigIntegerField()
    unbooked_yen = models.BigIntegerField()
    gap_yen = models.BigIntegerField()
    rest_yen = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-id"], name="reconciliation_newest")]

    def __str__(self) -> str:
        return f"bank {self.bank_yen}, books {self.books_yen}"

    @property
    def differs_by_yen(self) -> int:
        """What the books say beyond the bank."""
        return self.books_yen - self.bank_yen - self.later_yen


class BankDifference(models.Model):
    """One thing in which books and bank differ; `key` names it, so that each reconciliation finds it again.

    `amount_yen` is what it moves in the account, money that goes out below zero. Staff have until `decide_by`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=60)
    kind = models.TextField(choices=DIFFERENCE_KINDS)
    subject_id = models.UUIDField(null=True)
    amount_yen = models.BigIntegerField()
    on = models.DateField()
    state = models.TextField(choices=BANK_DIFFERENCE.choices(), default="open")
    seen_at = models.DateTimeField(default=clock.now)
    decide_by = models.DateTimeField()
    note = models.TextField(blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints = [
            BANK_DIFFERENCE.constraint(),
            models.UniqueConstraint(
                fields=["key"], condition=~Q(state="cleared"), name="bank_difference_once_until_cleared"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in DIFFERENCE_KINDS]), name="bank_difference_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="explained") | Q(explained_by__isnull=False) & ~Q(note=""),
                name="bank_difference_explained_says_what",
            ),
            models.CheckConstraint(
                condition=Q(state="cleared", cleared_at__isnull=False)
                | ~Q(state="cleared") & Q(cleared_at__isnull=True),
                name="bank_difference_cleared_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="bank_difference_newest"),
            models.Index(fields=["decide_by"], condition=Q(state="open"), name="bank_difference_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount_yen}"

    @property
    def words(self) -> Text:
        """What it is."""
        return WORDS[self.kind]


WORDS = {
    "gap": Text(
        "銀行の残高が、取り込んだ明細の合計と合わない(取り込んでいない明細があるか、最初の残高が未登録)",
        "The bank's balance is not what the imported lines add up to: a statement is missing, or the opening balance",
    ),
    "run": Text(
        "振込済みと記録した束が、銀行の明細にない", "Transfers recorded as paid that stand in no statement of the bank"
    ),
    "returned": Text(
        "組戻しと記録した振込が、銀行の明細にない", "A transfer recorded as returned that stands in no statement"
    ),
    "sent_back": Text(
        "返送したと記録した入金が、銀行の明細にない", "A deposit recorded as sent back that stands in no statement"
    ),
    "rest": Text(
        "帳簿の銀行口座に、ほかのどれにも当たらない動きがある",
        "The books moved the bank's account in a way that none of the others explains",
    ),
}
