"""What a time limit does to rewards, and the fee of a quick payout: accounts and kinds of journals."""

from django.db import migrations, models

CLASSES = """
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'reward_dormant';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'reward_revived';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'reward_forfeited';
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_writer")]

    operations = [
        migrations.RunSQL(CLASSES, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="account", name="ledger_account_class_known"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account_class__in",
                        [
                            "available",
                            "bank:deposits",
                            "bank:payouts",
                            "dormant",
                            "escrow",
                            "fee:income",
                            "fee:quick",
                            "fee:transfer",
                            "income:forfeited",
                            "payout_in_flight",
                            "refund_due",
                            "suspense",
                            "tax:consumption",
                        ],
                    )
                ),
                name="ledger_account_class_known",
            ),
        ),
    ]
