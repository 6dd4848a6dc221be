"""What Django cannot say: how rows may move, and what of a payout never changes."""

from django.db import migrations

from kotowari.payouts.transitions import BANK_ENTRY, CLOSING, PAYOUT, RUN

# What was promised stays: whose, how much, for which closing. Once the bank was asked, also where to and in which
# run. Sealed columns may be sealed anew under another key; a seal opens only in its own row.
TERMS = """
CREATE FUNCTION payouts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'payout % keeps its terms', OLD.number USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payouts_payout_keeps_its_terms BEFORE UPDATE ON payouts_payout FOR EACH ROW WHEN (
    (OLD.id, OLD.number, OLD.member_id, OLD.kind, OLD.gross_yen, OLD.fee_yen, OLD.fee_tax_yen, OLD.net_yen)
        IS DISTINCT FROM
    (NEW.id, NEW.number, NEW.member_id, NEW.kind, NEW.gross_yen, NEW.fee_yen, NEW.fee_tax_yen, NEW.net_yen)
    OR OLD.closing_id IS DISTINCT FROM NEW.closing_id
    OR OLD.state NOT IN ('requested', 'held') AND (
        OLD.run_id IS DISTINCT FROM NEW.run_id
        OR (OLD.account_id, OLD.bank_code, OLD.branch_code, OLD.account_kind, OLD.bank_kana, OLD.branch_kana)
            IS DISTINCT FROM
        (NEW.account_id, NEW.bank_code, NEW.branch_code, NEW.account_kind, NEW.bank_kana, NEW.branch_kana)
    )
) EXECUTE FUNCTION payouts_refuse_change();
"""
TERMS_BACKWARD = """
DROP TRIGGER payouts_payout_keeps_its_terms ON payouts_payout;
DROP FUNCTION payouts_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0001_initial")]

    operations = [
        CLOSING.operation("payouts_closing"),
        PAYOUT.operation("payouts_payout"),
        RUN.operation("payouts_payoutrun"),
        BANK_ENTRY.operation("payouts_bankentry"),
        migrations.RunSQL(TERMS, TERMS_BACKWARD),
    ]
