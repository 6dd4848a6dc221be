"""How expired rewards may move, and that the fee of a quick payout is among the terms that a payout keeps."""

from django.db import migrations

from kotowari.payouts.transitions import EXPIRED

TERMS = """
CREATE TRIGGER payouts_payout_keeps_its_quick_fee BEFORE UPDATE ON payouts_payout FOR EACH ROW WHEN (
    (OLD.quick_fee_yen, OLD.quick_fee_tax_yen) IS DISTINCT FROM (NEW.quick_fee_yen, NEW.quick_fee_tax_yen)
) EXECUTE FUNCTION payouts_refuse_change();
CREATE FUNCTION payouts_refuse_expired_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'expired reward % keeps what it says', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payouts_expired_keeps_its_terms BEFORE UPDATE ON payouts_expiredreward FOR EACH ROW WHEN (
    (OLD.id, OLD.member_id, OLD.expired_on, OLD.amount_yen, OLD.journal_id)
        IS DISTINCT FROM (NEW.id, NEW.member_id, NEW.expired_on, NEW.amount_yen, NEW.journal_id)
) EXECUTE FUNCTION payouts_refuse_expired_change();
CREATE FUNCTION payouts_refuse_expired_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what expired is never forgotten' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payouts_expired_is_never_removed BEFORE DELETE OR TRUNCATE ON payouts_expiredreward
    FOR EACH STATEMENT EXECUTE FUNCTION payouts_refuse_expired_removal();
"""
BACKWARD = """
DROP TRIGGER payouts_expired_is_never_removed ON payouts_expiredreward;
DROP FUNCTION payouts_refuse_expired_removal();
DROP TRIGGER payouts_expired_keeps_its_terms ON payouts_expiredreward;
DROP FUNCTION payouts_refuse_expired_change();
DROP TRIGGER payouts_payout_keeps_its_quick_fee ON payouts_payout;
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0003_quick_and_time_limits")]

    operations = [
        EXPIRED.operation("payouts_expiredreward"),
        migrations.RunSQL(TERMS, BACKWARD),
    ]
