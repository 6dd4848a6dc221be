"""The accounts of card payments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_cards"),
    ]

    operations = [
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
                            "card_held",
                            "card_refund",
                            "dormant",
                            "escrow",
                            "expense:card_fees",
                            "fee:income",
                            "fee:quick",
                            "fee:transfer",
                            "income:forfeited",
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
