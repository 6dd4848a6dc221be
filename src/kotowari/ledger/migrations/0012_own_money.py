"""The operator's own money: what it takes out and puts in, fees and interest of the bank, and tax that is paid.

Moves between the bank's two accounts were a kind of journal that nothing ever posted, for the two are one account at
the bank. Its name goes to what such a line is in truth; should any journal have it after all, nothing is changed.
"""

from django.db import migrations, models

KINDS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM ledger_journal WHERE kind = 'own_funds_moved') THEN
        RAISE EXCEPTION 'there are journals of the kind own_funds_moved; they would say something else';
    END IF;
END $$;
ALTER TYPE ledger_journal_kind RENAME VALUE 'own_funds_moved' TO 'own_funds_taken_out';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'bank_fee_paid';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'tax_paid';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'own_funds_put_in';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'interest_received';
"""
KINDS_BACKWARD = "ALTER TYPE ledger_journal_kind RENAME VALUE 'own_funds_taken_out' TO 'own_funds_moved'"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_period_balances")]

    operations = [
        migrations.RunSQL(KINDS, KINDS_BACKWARD),
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
                            "card_held",
                            "card_refund",
                            "dormant",
                            "escrow",
                            "expense:bank_fees",
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
        migrations.RemoveConstraint(model_name="account", name="ledger_account_kind_known"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["asset", "liability", "equity", "income", "expense"])),
                name="ledger_account_kind_known",
            ),
        ),
    ]
