import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.enforcement.transitions import APPEAL


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0006_rounds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being looked at"),
                            ("upheld", "The decision stands"),
                            ("granted", "Granted"),
                            ("lapsed", "Not decided in time"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("statement_sealed", models.BinaryField()),
                ("evidence_sealed", models.BinaryField()),
                ("made_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("due_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                ("escalated_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, default="")),
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
                    "restriction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeal", to="accounts.restriction"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="appeal_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["granted", "lapsed", "open", "upheld"])),
                        name="enforcement_appeal_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["upheld", "granted"]), _negated=True),
                            models.Q(("decided_by__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="appeal_decided_with_an_answer",
                    ),
                ],
            },
        ),
        APPEAL.operation("enforcement_appeal"),
    ]
