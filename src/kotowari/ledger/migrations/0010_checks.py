"""Runs of the checks, what each law answered, and the alarms; a run and an alarm move as their tables say."""

import django.db.models.deletion
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.ledger.transitions import CHECK_ALARM, CHECK_RUN


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0009_seals"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckAlarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField()),
                ("title", models.JSONField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("open", "Not looked at"),
                            ("acknowledged", "Being looked into"),
                            ("mended", "Mended"),
                        ],
                        default="open",
                    ),
                ),
                ("wrong", models.BigIntegerField()),
                ("violations", models.JSONField(default=list)),
                ("raised_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("told_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by_id", models.UUIDField(null=True)),
                ("acknowledged_by_name", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("mended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "ledger_check_alarm",
                "indexes": [
                    models.Index(fields=["-id"], name="ledger_alarm_newest"),
                    models.Index(fields=["name", "-mended_at"], name="ledger_alarm_by_name"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["acknowledged", "mended", "open"])),
                        name="ledger_check_alarm_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "mended"), _negated=True),
                        fields=("name",),
                        name="ledger_alarm_once_until_mended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mended_at__isnull", False), ("state", "mended")),
                            models.Q(models.Q(("state", "mended"), _negated=True), ("mended_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="ledger_alarm_mended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "acknowledged"), _negated=True),
                            models.Q(("acknowledged_at__isnull", False), models.Q(("note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ledger_alarm_acknowledged_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting to begin"),
                            ("running", "Under way"),
                            ("complete", "Complete"),
                            ("interrupted", "Interrupted"),
                        ],
                        default="waiting",
                    ),
                ),
                ("for_day", models.DateField(null=True)),
                ("asked_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("asked_by_name", models.TextField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("laws", models.PositiveIntegerField(default=0)),
                ("broken", models.PositiveIntegerField(default=0)),
                ("head_number", models.BigIntegerField(null=True)),
                ("head_digest", models.BinaryField(max_length=32, null=True)),
            ],
            options={
                "db_table": "ledger_check_run",
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="ledger_check_waiting"),
                    models.Index(
                        condition=models.Q(("state", "complete")), fields=["-ended_at"], name="ledger_check_complete"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["complete", "interrupted", "running", "waiting"])),
                        name="ledger_check_run_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("for_day__isnull", False), models.Q(("state", "interrupted"), _negated=True)
                        ),
                        fields=("for_day",),
                        name="ledger_check_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("state",), name="ledger_check_one_runs"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begun_at__isnull", True), ("ended_at__isnull", True), ("state", "waiting")),
                            models.Q(("begun_at__isnull", False), ("ended_at__isnull", True), ("state", "running")),
                            models.Q(
                                ("begun_at__isnull", False),
                                ("ended_at__isnull", False),
                                ("state__in", ["complete", "interrupted"]),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_check_times",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckResult",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("checked", models.BigIntegerField()),
                ("wrong", models.BigIntegerField()),
                ("violations", models.JSONField(default=list)),
                ("milliseconds", models.PositiveIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="ledger.checkrun"
                    ),
                ),
            ],
            options={
                "db_table": "ledger_check_result",
                "constraints": [models.UniqueConstraint(fields=("run", "name"), name="ledger_check_result_once")],
            },
        ),
        CHECK_RUN.operation("ledger_check_run"),
        CHECK_ALARM.operation("ledger_check_alarm"),
    ]
