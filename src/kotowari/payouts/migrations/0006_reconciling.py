"""Comparing the books with the bank: the opening balance, each comparison, and what differs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.payouts.transitions import BANK_DIFFERENCE


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_statement_balances"),
        ("payouts", "0005_sealed_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankDifference",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("gap", "the bank's balance is not what its lines add up to"),
                            ("run", "transfers recorded as paid that stand in no statement"),
                            ("returned", "a transfer recorded as returned that stands in no statement"),
                            ("sent_back", "a deposit recorded as sent back that stands in no statement"),
                            ("rest", "the books moved the bank's account otherwise"),
                        ]
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                ("amount_yen", models.BigIntegerField()),
                ("on", models.DateField()),
                (
                    "state",
                    models.TextField(
                        choices=[("open", "To be looked at"), ("explained", "Explained"), ("cleared", "Cleared")],
                        default="open",
                    ),
                ),
                ("seen_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("decide_by", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("explained_at", models.DateTimeField(null=True)),
                ("cleared_at", models.DateTimeField(null=True)),
                ("reminded_on", models.DateField(null=True)),
                (
                    "explained_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-id"], name="bank_difference_newest"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["decide_by"], name="bank_difference_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["cleared", "explained", "open"])),
                        name="payouts_bankdifference_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cleared"), _negated=True),
                        fields=("key",),
                        name="bank_difference_once_until_cleared",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["gap", "run", "returned", "sent_back", "rest"])),
                        name="bank_difference_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "explained"), _negated=True),
                            models.Q(("explained_by__isnull", False), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="bank_difference_explained_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cleared_at__isnull", False), ("state", "cleared")),
                            models.Q(models.Q(("state", "cleared"), _negated=True), ("cleared_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="bank_difference_cleared_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningBalance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("as_of", models.DateField()),
                ("amount_yen", models.BigIntegerField()),
                ("note", models.TextField()),
                ("told_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="opening_balance_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("bank_yen", models.BigIntegerField()),
                ("later_yen", models.BigIntegerField()),
                ("opening_yen", models.BigIntegerField()),
                ("books_yen", models.BigIntegerField()),
                ("unlisted_yen", models.BigIntegerField()),
                ("unbooked_yen", models.BigIntegerField()),
                ("gap_yen", models.BigIntegerField()),
                ("rest_yen", models.BigIntegerField()),
                (
                    "balance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.statementbalance"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["-id"], name="reconciliation_newest")],
            },
        ),
        BANK_DIFFERENCE.operation("payouts_bankdifference"),
    ]
