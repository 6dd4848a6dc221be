from django.db import migrations

from kotowari.payments.transitions import CARD_PAYMENT, CARD_REFUND, DEPOSIT

AS_ASKED = """
CREATE TRIGGER webhook_events_stay BEFORE UPDATE OR DELETE ON payments_webhookevent
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER card_payments_stay BEFORE DELETE ON payments_cardpayment
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER card_refunds_stay BEFORE DELETE ON payments_cardrefund
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER card_payments_are_as_asked BEFORE UPDATE ON payments_cardpayment
    FOR EACH ROW WHEN (
        (OLD.milestone_id, OLD.amount_yen, OLD.processor, OLD.account, OLD.key)
            IS DISTINCT FROM (NEW.milestone_id, NEW.amount_yen, NEW.processor, NEW.account, NEW.key)
        OR OLD.reference <> '' AND OLD.reference <> NEW.reference
        OR NEW.refunded_yen < OLD.refunded_yen
    ) EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER card_refunds_are_as_asked BEFORE UPDATE ON payments_cardrefund
    FOR EACH ROW WHEN (
        (OLD.payment_id, OLD.amount_yen, OLD.cause, OLD.key)
            IS DISTINCT FROM (NEW.payment_id, NEW.amount_yen, NEW.cause, NEW.key)
        OR OLD.reference <> '' AND OLD.reference <> NEW.reference
    ) EXECUTE FUNCTION foundation_refuse_change();
"""
BACKWARD = """
DROP TRIGGER card_refunds_are_as_asked ON payments_cardrefund;
DROP TRIGGER card_payments_are_as_asked ON payments_cardpayment;
DROP TRIGGER card_refunds_stay ON payments_cardrefund;
DROP TRIGGER card_payments_stay ON payments_cardpayment;
DROP TRIGGER webhook_events_stay ON payments_webhookevent;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_cards")]
    operations = [
        CARD_PAYMENT.operation("payments_cardpayment"),
        CARD_REFUND.operation("payments_cardrefund"),
        DEPOSIT.operation("payments_deposit"),
        migrations.RunSQL(AS_ASKED, BACKWARD),
    ]
