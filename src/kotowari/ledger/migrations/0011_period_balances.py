"""What each class of accounts stood at when a period ended, and finding journals by their day."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

WRITTEN_ONCE = """
CREATE TRIGGER ledger_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_period_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0010_checks")]
    operations = [
        migrations.CreateModel(
            name="PeriodBalance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "period_id", "account_class", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="ledger.period",
                    ),
                ),
                ("account_class", models.TextField()),
                ("balance_yen", models.BigIntegerField()),
            ],
            options={"db_table": "ledger_period_balance"},
        ),
        migrations.AddIndex(
            model_name="journal",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["occurred_at"], name="ledger_journal_by_day"),
        ),
        migrations.RunSQL(WRITTEN_ONCE, "DROP TRIGGER ledger_written_once ON ledger_period_balance"),
    ]
