import django.db.models.deletion
from django.db import migrations, models

import kotowari.kernel.ids
import kotowari.ledger.models

# The catalogue's kinds. A later kind is added by a migration of its own: ALTER TYPE … ADD VALUE IF NOT EXISTS.
KINDS = """
CREATE TYPE ledger_journal_kind AS ENUM (
    'deposit_received', 'deposit_matched', 'deposit_sent_back',
    'milestone_accepted', 'milestone_split', 'milestone_refunded',
    'refund_requested', 'payout_requested', 'payout_settled', 'payout_returned', 'payout_cancelled',
    'own_funds_moved', 'reversal'
)
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(KINDS, "DROP TYPE ledger_journal_kind"),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.TextField()),
                ("account_class", models.TextField()),
                ("kind", models.TextField()),
                ("floor_yen", models.BigIntegerField()),
                ("mode", models.TextField()),
                ("owner_kind", models.TextField(null=True)),
                ("owner_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Journal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", kotowari.ledger.models.JournalKindField()),
                ("scope", models.TextField()),
                ("key", models.TextField()),
                ("request_hash", models.BinaryField(max_length=32)),
                ("line_count", models.SmallIntegerField()),
                ("occurred_at", models.DateTimeField()),
                ("posted_at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.TextField()),
                ("contract_id", models.UUIDField(null=True)),
                ("milestone_id", models.UUIDField(null=True)),
                ("payout_id", models.UUIDField(null=True)),
                ("deposit_id", models.UUIDField(null=True)),
                ("reverses_id", models.UUIDField(null=True)),
                ("reason", models.TextField(default="")),
                (
                    "created_xid",
                    kotowari.ledger.models.TransactionIdField(db_default=kotowari.ledger.models.CurrentTransaction()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("member_id", models.UUIDField()),
                ("milestone_id", models.UUIDField()),
                ("fixed_at", models.DateTimeField()),
                ("amount_yen", models.BigIntegerField()),
                ("remaining_yen", models.BigIntegerField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("closed_through", models.DateField(primary_key=True, serialize=False)),
                ("closed_at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="ledger.account",
                    ),
                ),
                ("floor_yen", models.BigIntegerField()),
                ("balance_yen", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "journal_id", "line_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line_no", models.SmallIntegerField()),
                ("amount_yen", models.BigIntegerField()),
                ("balance_after_yen", models.BigIntegerField(null=True)),
                ("account_version", models.BigIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="postings",
                        to="ledger.account",
                    ),
                ),
                (
                    "journal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="postings",
                        to="ledger.journal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LotUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("payout_id", models.UUIDField(db_index=True)),
                ("amount_yen", models.BigIntegerField()),
                ("used_at", models.DateTimeField()),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="ledger.lot"
                    ),
                ),
            ],
            options={
                "db_table": "ledger_lot_use",
            },
        ),
        migrations.CreateModel(
            name="RollupTail",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount_yen", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_rollup_tail",
            },
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("owner_id__isnull", False)), fields=["owner_id"], name="ledger_account_by_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("code",), name="ledger_account_code_once"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["asset", "liability", "income", "expense"])),
                name="ledger_account_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("floor_yen__in", [0, -9223372036854775808])), name="ledger_account_floor_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mode", "sync"), models.Q(("floor_yen", -9223372036854775808), ("mode", "rollup")), _connector="OR"
                ),
                name="ledger_account_floor_needs_lock",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("code", models.F("account_class")), ("owner_id__isnull", True), ("owner_kind__isnull", True)
                    ),
                    models.Q(("owner_id__isnull", False), ("owner_kind__isnull", False)),
                    _connector="OR",
                ),
                name="ledger_account_owner_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "account_class__in",
                        [
                            "available",
                            "bank:deposits",
                            "bank:payouts",
                            "escrow",
                            "fee:income",
                            "fee:transfer",
                            "payout_in_flight",
                            "refund_due",
                            "suspense",
                            "tax:consumption",
                        ],
                    )
                ),
                name="ledger_account_class_known",
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(
                condition=models.Q(("contract_id__isnull", False)),
                fields=["contract_id", "id"],
                name="ledger_journal_by_contract",
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(
                condition=models.Q(("milestone_id__isnull", False)),
                fields=["milestone_id", "id"],
                name="ledger_journal_by_milestone",
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(
                condition=models.Q(("payout_id__isnull", False)),
                fields=["payout_id", "id"],
                name="ledger_journal_by_payout",
            ),
        ),
        migrations.AddIndex(
            model_name="journal",
            index=models.Index(
                condition=models.Q(("deposit_id__isnull", False)),
                fields=["deposit_id", "id"],
                name="ledger_journal_by_deposit",
            ),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.UniqueConstraint(fields=("scope", "key"), name="ledger_journal_key_once"),
        ),
        migrations.AddConstraint(
            model_name="journal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses_id__isnull", False)),
                fields=("reverses_id",),
                name="ledger_journal_reversed_once",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                condition=models.Q(("remaining_yen__gt", 0)),
                fields=["member_id", "fixed_at", "id"],
                name="ledger_lot_open",
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["member_id", "-fixed_at", "-id"], name="ledger_lot_by_member"),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)), fields=("milestone_id",), name="ledger_lot_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(condition=models.Q(("amount_yen__gt", 0)), name="ledger_lot_positive"),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("remaining_yen__gte", 0), ("remaining_yen__lte", models.F("amount_yen"))),
                name="ledger_lot_remaining",
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at__isnull", True), ("remaining_yen", 0), _connector="OR"),
                name="ledger_lot_withdrawn_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="balance",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance_yen__gte", models.F("floor_yen"))), name="ledger_balance_floor"
            ),
        ),
        migrations.AddConstraint(
            model_name="lotuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_yen", 0), _negated=True), name="ledger_lot_use_not_zero"
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("account_version__isnull", True)),
                fields=["account", "journal"],
                name="ledger_posting_rollup",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("account_version__isnull", False)),
                fields=("account", "account_version"),
                name="ledger_posting_version_once",
            ),
        ),
    ]
