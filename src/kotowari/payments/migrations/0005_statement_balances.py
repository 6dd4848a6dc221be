"""What the bank itself says lay in the account."""

import django.db.models.deletion
from django.db import migrations, models

import kotowari.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_card_laws"),
    ]

    operations = [
        migrations.CreateModel(
            name="StatementBalance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_on", models.DateField()),
                ("to_on", models.DateField()),
                ("opening_yen", models.BigIntegerField()),
                ("closing_yen", models.BigIntegerField()),
            ],
        ),
        migrations.AddIndex(
            model_name="statementline",
            index=models.Index(fields=["booked_on"], name="statement_line_booked"),
        ),
        migrations.AddField(
            model_name="statementbalance",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="balances", to="payments.statementfile"
            ),
        ),
        migrations.AddIndex(
            model_name="statementbalance",
            index=models.Index(fields=["-to_on", "-id"], name="statement_balance_newest"),
        ),
        migrations.AddConstraint(
            model_name="statementbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_on__lte", models.F("to_on"))), name="statement_balance_days_in_order"
            ),
        ),
    ]
