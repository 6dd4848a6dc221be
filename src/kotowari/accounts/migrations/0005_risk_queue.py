from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_addresses_and_names")]

    operations = [
        migrations.AddField("restriction", "overturned", models.BooleanField(default=False)),
        migrations.AddField("riskcase", "escalated_at", models.DateTimeField(null=True)),
        migrations.AddField("riskcase", "lapses_at", models.DateTimeField(null=True)),
        # Cases from before had their time to be looked at; they end after three times as long.
        migrations.RunSQL(
            "UPDATE accounts_riskcase SET lapses_at = due_at + 2 * (due_at - opened_at)", migrations.RunSQL.noop
        ),
        migrations.AlterField("riskcase", "lapses_at", models.DateTimeField()),
        migrations.AddIndex("riskcase", models.Index(fields=["member", "-id"], name="risk_case_of_member")),
    ]
