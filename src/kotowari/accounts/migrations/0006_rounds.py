import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.accounts.transitions import FORCED_RESET


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_risk_queue"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForcedReset",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("everybody", models.BooleanField()),
                ("reason_text", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a second approval"),
                            ("approved", "Carried out"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("lapses_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incident", "Incident"),
                            ("forced_reset", "Forced Reset"),
                            ("login_change", "Login Change"),
                            ("login_change_reminder", "Login Change Reminder"),
                            ("login_change_withdrawn", "Login Change Withdrawn"),
                        ],
                        max_length=30,
                    ),
                ),
                ("everybody", models.BooleanField()),
                ("started_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("reached", models.UUIDField(null=True)),
                ("handled", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoundMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="signinrecord",
            index=models.Index(
                condition=models.Q(("way", "password"), models.Q(("outcome", "in"), _negated=True)),
                fields=["at"],
                name="sign_in_failure_by_time",
            ),
        ),
        migrations.AddField(
            model_name="forcedreset",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="forcedreset",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(condition=models.Q(("done_at__isnull", True)), fields=["id"], name="round_under_way"),
        ),
        migrations.AddField(
            model_name="forcedreset",
            name="round",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="forced_reset", to="accounts.round"
            ),
        ),
        migrations.AddField(
            model_name="roundmember",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="roundmember",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="chosen", to="accounts.round"
            ),
        ),
        migrations.AddIndex(
            model_name="forcedreset",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["lapses_at"], name="forced_reset_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="forcedreset",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["approved", "declined", "lapsed", "waiting"])),
                name="accounts_forced_reset_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="forcedreset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("everybody", False),
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False), models.Q(("decided_by", models.F("asked_by")), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="forced_reset_of_all_by_two",
            ),
        ),
        migrations.AddIndex(
            model_name="roundmember",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["round", "id"], name="round_member_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundmember",
            constraint=models.UniqueConstraint(fields=("round", "member"), name="round_member_once"),
        ),
        FORCED_RESET.operation("accounts_forcedreset"),
    ]
