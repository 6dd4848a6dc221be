"""An account's number and holder stand sealed once, on the account, which is replaced and never changed."""

from django.db import migrations

# A payout points at the account it goes to and holds no copy of what is sealed. So that its file can be made again for
# good, what an account is never changes and it is never removed; sealed columns may be sealed anew under another
# key, and a seal opens only in its own row.
TERMS = """
CREATE FUNCTION payouts_refuse_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'bank account % is replaced, never changed', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payouts_bankaccount_keeps_its_terms BEFORE UPDATE ON payouts_bankaccount FOR EACH ROW WHEN (
    (OLD.id, OLD.member_id, OLD.bank_code, OLD.bank_name, OLD.bank_kana, OLD.branch_code, OLD.branch_name,
        OLD.branch_kana, OLD.account_kind, OLD.registered_at)
        IS DISTINCT FROM
    (NEW.id, NEW.member_id, NEW.bank_code, NEW.bank_name, NEW.bank_kana, NEW.branch_code, NEW.branch_name,
        NEW.branch_kana, NEW.account_kind, NEW.registered_at)
    OR OLD.replaced_at IS NOT NULL AND OLD.replaced_at IS DISTINCT FROM NEW.replaced_at
) EXECUTE FUNCTION payouts_refuse_account_change();
"""
TERMS_BACKWARD = """
DROP TRIGGER payouts_bankaccount_keeps_its_terms ON payouts_bankaccount;
DROP FUNCTION payouts_refuse_account_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_alike"), ("payouts", "0004_laws_of_time_limits")]

    operations = [
        migrations.RemoveField(model_name="payout", name="number_sealed"),
        migrations.RemoveField(model_name="payout", name="holder_sealed"),
        migrations.RunSQL(TERMS, TERMS_BACKWARD),
    ]
