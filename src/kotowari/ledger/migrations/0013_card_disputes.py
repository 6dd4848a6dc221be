"""Card money that the cardholder's bank takes back: four kinds of journals more, and the accounts they move."""

from django.db import migrations, models

KINDS = """
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_dispute_opened';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_dispute_won';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_dispute_lost';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_dispute_covered';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0012_own_money"),
    ]

    operations = [
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="account",
            name="ledger_account_class_known",
        ),
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
                            "card_disputed",
                            "card_held",
                            "card_refund",
                            "dormant",
                            "escrow",
                            "expense:bank_fees",
                            "expense:card_disputes",
                            "expense:card_fees",
                            "fee:income",
                            "fee:quick",
                            "fee:transfer",
                            "income:forfeited",
                            "income:interest",
                            "operator:funds",
                            "payout_in_flight",
                            "psp:fake:clearing",
                            "psp:stripe:clearing",
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
