"""What cardholders' banks take back, what of it refunds cover, and which message was about it."""

import django.db.models.deletion
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.payments.transitions import CARD_DISPUTE, CARD_REFUND

AS_TOLD = """
CREATE TRIGGER card_disputes_stay BEFORE DELETE ON payments_carddispute
    FOR EACH ROW EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER card_disputes_are_as_told BEFORE UPDATE ON payments_carddispute
    FOR EACH ROW WHEN (
        (OLD.processor, OLD.account, OLD.reference) IS DISTINCT FROM (NEW.processor, NEW.account, NEW.reference)
        OR OLD.payment_id IS NOT NULL AND OLD.payment_id IS DISTINCT FROM NEW.payment_id
        OR NEW.moves < OLD.moves
    ) EXECUTE FUNCTION foundation_refuse_change();
CREATE TRIGGER card_refunds_stay_covered BEFORE UPDATE ON payments_cardrefund
    FOR EACH ROW WHEN (NEW.covered_yen < OLD.covered_yen) EXECUTE FUNCTION foundation_refuse_change();
-- One that a dispute made fail goes again as another refund of the processor's: only then is its name there forgotten.
DROP TRIGGER card_refunds_are_as_asked ON payments_cardrefund;
CREATE TRIGGER card_refunds_are_as_asked BEFORE UPDATE ON payments_cardrefund
    FOR EACH ROW WHEN (
        (OLD.payment_id, OLD.amount_yen, OLD.cause, OLD.key)
            IS DISTINCT FROM (NEW.payment_id, NEW.amount_yen, NEW.cause, NEW.key)
        OR OLD.reference <> '' AND OLD.reference <> NEW.reference
            AND NOT (NEW.reference = '' AND NEW.state = 'recorded' AND OLD.state <> 'recorded')
    ) EXECUTE FUNCTION foundation_refuse_change();
"""
BACKWARD = """
DROP TRIGGER card_refunds_are_as_asked ON payments_cardrefund;
CREATE TRIGGER card_refunds_are_as_asked BEFORE UPDATE ON payments_cardrefund
    FOR EACH ROW WHEN (
        (OLD.payment_id, OLD.amount_yen, OLD.cause, OLD.key)
            IS DISTINCT FROM (NEW.payment_id, NEW.amount_yen, NEW.cause, NEW.key)
        OR OLD.reference <> '' AND OLD.reference <> NEW.reference
    ) EXECUTE FUNCTION foundation_refuse_change();
DROP TRIGGER card_refunds_stay_covered ON payments_cardrefund;
DROP TRIGGER card_disputes_are_as_told ON payments_carddispute;
DROP TRIGGER card_disputes_stay ON payments_carddispute;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_own_money"),
        ("ledger", "0013_card_disputes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardDispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("processor", models.CharField(max_length=20)),
                ("account", models.CharField(max_length=100)),
                ("reference", models.CharField(max_length=200)),
                ("charge", models.CharField(blank=True, max_length=200)),
                ("amount_yen", models.BigIntegerField(default=0)),
                ("taken_yen", models.BigIntegerField(default=0)),
                ("fee_yen", models.BigIntegerField(default=0)),
                ("covered_yen", models.BigIntegerField(default=0)),
                ("moves", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("heard", "Being found out"),
                            ("opened", "In dispute"),
                            ("won", "Given back to us"),
                            ("lost", "Decided for the cardholder"),
                            ("unfounded", "Unknown to the processor"),
                        ],
                        default="heard",
                    ),
                ),
                ("is_answered", models.BooleanField(default=False)),
                ("evidence_due_at", models.DateTimeField(null=True)),
                ("decide_by", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reminded_on", models.DateField(null=True)),
                ("cards_allowed_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="cardrefund",
            name="payments_cardrefund_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="cardrefund",
            name="card_refund_waits_with_clock",
        ),
        migrations.AddField(
            model_name="cardrefund",
            name="covered_yen",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="cardrefund",
            name="state",
            field=models.TextField(
                choices=[
                    ("recorded", "Being prepared"),
                    ("sent", "Asking the processor"),
                    ("unknown", "Being found out"),
                    ("set_aside", "With the operator"),
                    ("succeeded", "Refunded"),
                    ("failed", "The card took no refund"),
                    ("replaced", "Given back by the card's bank"),
                ],
                default="recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["failed", "recorded", "replaced", "sent", "set_aside", "succeeded", "unknown"])
                ),
                name="payments_cardrefund_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("due_at__isnull", False),
                        ("state__in", ["recorded", "sent", "unknown", "set_aside"]),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("due_at__isnull", True),
                        ("state__in", ["succeeded", "failed", "replaced"]),
                    ),
                    _connector="OR",
                ),
                name="card_refund_waits_with_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardrefund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("covered_yen", models.F("amount_yen")), ("state", "replaced")),
                    models.Q(
                        models.Q(("state", "replaced"), _negated=True),
                        ("covered_yen__gte", 0),
                        ("covered_yen__lt", models.F("amount_yen")),
                    ),
                    _connector="OR",
                ),
                name="card_refund_covered_within",
            ),
        ),
        migrations.AddField(
            model_name="carddispute",
            name="payment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                to="payments.cardpayment",
            ),
        ),
        migrations.AddField(
            model_name="webhookevent",
            name="dispute",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="webhooks",
                to="payments.carddispute",
            ),
        ),
        migrations.AddIndex(
            model_name="carddispute",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="card_dispute_due"
            ),
        ),
        migrations.AddIndex(
            model_name="carddispute",
            index=models.Index(fields=["-id"], name="card_dispute_newest"),
        ),
        migrations.AddIndex(
            model_name="carddispute",
            index=models.Index(fields=["charge"], name="card_dispute_charge"),
        ),
        migrations.AddConstraint(
            model_name="carddispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["heard", "lost", "opened", "unfounded", "won"])),
                name="payments_carddispute_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="carddispute",
            constraint=models.UniqueConstraint(fields=("processor", "account", "reference"), name="card_dispute_once"),
        ),
        migrations.AddConstraint(
            model_name="carddispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("covered_yen__gte", 0),
                    ("covered_yen__lte", models.F("taken_yen")),
                    ("fee_yen__gte", 0),
                    ("taken_yen__gte", 0),
                    models.Q(("state", "lost"), ("covered_yen", 0), _connector="OR"),
                    models.Q(("state__in", ["opened", "lost"]), ("taken_yen", 0), _connector="OR"),
                ),
                name="card_dispute_sums",
            ),
        ),
        migrations.AddConstraint(
            model_name="carddispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True), ("due_at__isnull", False), ("state__in", ["heard", "opened"])
                    ),
                    models.Q(
                        models.Q(("state__in", ["heard", "opened"]), _negated=True),
                        ("closed_at__isnull", False),
                        ("due_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="card_dispute_waits_with_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="carddispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "opened"), _negated=True), ("decide_by__isnull", False), _connector="OR"
                ),
                name="card_dispute_opened_has_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="carddispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cards_allowed_at__isnull", True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="card_dispute_allowed_says_why",
            ),
        ),
        CARD_DISPUTE.operation("payments_carddispute"),
        CARD_REFUND.operation("payments_cardrefund"),
        migrations.RunSQL(AS_TOLD, BACKWARD),
    ]
