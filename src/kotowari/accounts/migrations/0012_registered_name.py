"""What members are called outside the market: rows are added, and what was told never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids

# Sealed columns may be sealed anew under another key; a seal opens only in its own row.
TERMS = """
CREATE FUNCTION accounts_refuse_name_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'registered name % is followed by another, never changed', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER accounts_registeredname_keeps_its_terms BEFORE UPDATE ON accounts_registeredname FOR EACH ROW WHEN (
    (OLD.id, OLD.member_id, OLD.kind, OLD.reason, OLD.registered_at)
        IS DISTINCT FROM
    (NEW.id, NEW.member_id, NEW.kind, NEW.reason, NEW.registered_at)
) EXECUTE FUNCTION accounts_refuse_name_change();
"""
TERMS_BACKWARD = """
DROP TRIGGER accounts_registeredname_keeps_its_terms ON accounts_registeredname;
DROP FUNCTION accounts_refuse_name_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_programs_sign_in"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisteredName",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.TextField(choices=[("individual", "Individual"), ("company", "Company")])),
                ("name_sealed", models.BinaryField()),
                ("kana_sealed", models.BinaryField()),
                ("trade_name_sealed", models.BinaryField(null=True)),
                ("trade_kana_sealed", models.BinaryField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("first", "First registration"),
                            ("mistake", "Put a mistake right"),
                            ("changed", "The name changed"),
                            ("trade_name", "A trade name is added or changed"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("registered_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registered_names",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["member", "-id"], name="registered_name_of_member")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["first", "mistake", "changed", "trade_name", "other"])),
                        name="registered_name_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("trade_kana_sealed__isnull", True), ("trade_name_sealed__isnull", True)),
                            models.Q(
                                ("kind", "individual"),
                                ("trade_kana_sealed__isnull", False),
                                ("trade_name_sealed__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="registered_name_trade_name_of_a_person",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TERMS, TERMS_BACKWARD),
    ]
