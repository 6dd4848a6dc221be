import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_rounds")]

    operations = [
        migrations.CreateModel(
            name="SecurityCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                (
                    "doubtful",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="security_checks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["member", "-id"], name="security_check_of_member")]},
        ),
        migrations.AddField(
            model_name="member",
            name="check_asked_at",
            field=models.DateTimeField(default=kotowari.kernel.clock.now),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["check_asked_at"], name="member_by_check_asked"),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["last_seen_at"], name="device_by_last_seen"),
        ),
    ]
