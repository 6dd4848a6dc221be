"""Whether an account is its owner's although its holder is written otherwise: looked at by staff."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.payouts.transitions import HOLDER_REVIEW


class Migration(migrations.Migration):
    dependencies = [
        ("payouts", "0006_reconciling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HolderReview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("finding", models.TextField(choices=[("differs", "differs"), ("trade_name", "trade_name")])),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be looked at"),
                            ("approved", "Taken for its owner's"),
                            ("refused", "Not taken for its owner's"),
                            ("contested", "Contested"),
                            ("upheld", "The refusal stands"),
                            ("overtaken", "Account or name changed"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("due_at", models.DateTimeField()),
                ("reminded_on", models.DateField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("statement_sealed", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holder_reviews",
                        to="payouts.bankaccount",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refused_by",
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
                    models.Index(
                        condition=models.Q(("state__in", ["open", "contested"])),
                        fields=["due_at"],
                        name="holder_review_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["approved", "contested", "open", "overtaken", "refused", "upheld"])
                        ),
                        name="payouts_holderreview_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "overtaken"), _negated=True),
                        fields=("account",),
                        name="holder_review_one_of_an_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "refused", "upheld"]), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="holder_review_decided_with_words",
                    ),
                ],
            },
        ),
        HOLDER_REVIEW.operation("payouts_holderreview"),
    ]
