"""Money that comes by card: six kinds of journals more, and the accounts they move."""

from django.db import migrations

KINDS = """
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_received';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_matched';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_refund_requested';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_refunded';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_refund_failed';
ALTER TYPE ledger_journal_kind ADD VALUE IF NOT EXISTS 'card_paid_out';
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_time_limits")]
    operations = [migrations.RunSQL(KINDS, migrations.RunSQL.noop)]
