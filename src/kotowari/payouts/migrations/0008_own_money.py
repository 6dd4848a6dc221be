"""A line of the statement can be booked as the operator's own money, and what staff said of it taken back."""

from django.db import migrations, models

from kotowari.payouts.transitions import BANK_ENTRY


class Migration(migrations.Migration):
    dependencies = [("payouts", "0007_holder_review"), ("ledger", "0012_own_money")]

    operations = [
        migrations.AddField(model_name="bankentry", name="journal_id", field=models.UUIDField(null=True, unique=True)),
        migrations.AlterField(
            model_name="bankentry",
            name="state",
            field=models.TextField(
                choices=[
                    ("open", "To be looked at"),
                    ("matched", "Matched"),
                    ("booked", "Booked"),
                    ("set_aside", "Not a payout"),
                ],
                default="open",
            ),
        ),
        migrations.RemoveConstraint(model_name="bankentry", name="payouts_bankentry_state_known"),
        migrations.AddConstraint(model_name="bankentry", constraint=BANK_ENTRY.constraint()),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "booked"), _negated=True)
                | models.Q(("direction", "out"), ("journal_id__isnull", False)),
                name="bank_entry_booked_by_journal",
            ),
        ),
        BANK_ENTRY.operation("payouts_bankentry"),
    ]
