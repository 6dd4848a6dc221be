"""A deposit can be the operator's own money, and that can be taken back."""

from django.db import migrations, models

from kotowari.payments.transitions import DEPOSIT


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_statement_balances"), ("ledger", "0012_own_money")]

    operations = [
        migrations.AlterField(
            model_name="deposit",
            name="state",
            field=models.TextField(
                choices=[
                    ("in_suspense", "In suspense"),
                    ("to_send_back", "To be sent back"),
                    ("matched", "Put into escrow"),
                    ("sent_back", "Sent back"),
                    ("taken_back", "Taken back by the bank"),
                    ("from_processor", "From the card processor"),
                    ("own", "The operator's own"),
                ],
                default="in_suspense",
            ),
        ),
        migrations.RemoveConstraint(model_name="deposit", name="payments_deposit_state_known"),
        migrations.AddConstraint(model_name="deposit", constraint=DEPOSIT.constraint()),
        DEPOSIT.operation("payments_deposit"),
    ]
