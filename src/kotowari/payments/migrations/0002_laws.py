from django.db import migrations

from kotowari.payments.transitions import CANCELLATION, DEPOSIT

WRITTEN_ONCE = """
CREATE TRIGGER statement_lines_stay BEFORE UPDATE OR DELETE ON payments_statementline
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER deposit_matches_stay BEFORE UPDATE OR DELETE ON payments_depositmatch
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER deposits_stay BEFORE DELETE ON payments_deposit
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER deposits_are_as_the_bank_said BEFORE UPDATE ON payments_deposit
    FOR EACH ROW WHEN (
        (OLD.statement_id, OLD.natural_key, OLD.amount_yen, OLD.booked_on)
        IS DISTINCT FROM (NEW.statement_id, NEW.natural_key, NEW.amount_yen, NEW.booked_on)
    ) EXECUTE FUNCTION foundation_refuse_change();
"""
BACKWARD = """
DROP TRIGGER deposits_are_as_the_bank_said ON payments_deposit;
DROP TRIGGER deposits_stay ON payments_deposit;
DROP TRIGGER deposit_matches_stay ON payments_depositmatch;
DROP TRIGGER statement_lines_stay ON payments_statementline;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("foundation", "0002_append_only_audit")]
    operations = [
        DEPOSIT.operation("payments_deposit"),
        CANCELLATION.operation("payments_cancellation"),
        migrations.RunSQL(WRITTEN_ONCE, BACKWARD),
    ]
