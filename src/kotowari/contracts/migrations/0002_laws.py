from django.db import migrations

from kotowari.contracts.transitions import CONTRACT, END_REQUEST, MILESTONE

WRITTEN_ONCE = """
CREATE TRIGGER terms_are_fixed BEFORE UPDATE OR DELETE ON contracts_contractterms
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER deliveries_stay BEFORE UPDATE OR DELETE ON contracts_delivery
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER change_requests_stay BEFORE UPDATE OR DELETE ON contracts_changerequest
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER milestone_prices_are_fixed BEFORE UPDATE ON contracts_milestone
    FOR EACH ROW WHEN (
        (OLD.contract_id, OLD.position, OLD.reference, OLD.price_yen, OLD.tax_yen, OLD.client_fee_yen,
         OLD.client_fee_tax_yen, OLD.system_fee_yen, OLD.system_fee_tax_yen, OLD.withholding_yen)
        IS DISTINCT FROM
        (NEW.contract_id, NEW.position, NEW.reference, NEW.price_yen, NEW.tax_yen, NEW.client_fee_yen,
         NEW.client_fee_tax_yen, NEW.system_fee_yen, NEW.system_fee_tax_yen, NEW.withholding_yen)
    ) EXECUTE FUNCTION foundation_refuse_change();
"""
BACKWARD = """
DROP TRIGGER milestone_prices_are_fixed ON contracts_milestone;
DROP TRIGGER change_requests_stay ON contracts_changerequest;
DROP TRIGGER deliveries_stay ON contracts_delivery;
DROP TRIGGER terms_are_fixed ON contracts_contractterms;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("foundation", "0002_append_only_audit")]
    operations = [
        CONTRACT.operation("contracts_contract"),
        MILESTONE.operation("contracts_milestone"),
        END_REQUEST.operation("contracts_endrequest"),
        migrations.RunSQL(WRITTEN_ONCE, BACKWARD),
    ]
