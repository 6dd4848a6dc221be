import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock
import kotowari.kernel.ids
from kotowari.support.transitions import TICKET


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=9, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for our answer"),
                            ("late", "Our answer is late"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("topic", models.CharField(max_length=20)),
                ("is_signed_in", models.BooleanField(default=False)),
                (
                    "language",
                    models.CharField(choices=[("ja", "日本語"), ("en", "English")], default="ja", max_length=2),
                ),
                ("email_sealed", models.BinaryField()),
                ("email_index", models.BinaryField(max_length=32)),
                ("login_sealed", models.BinaryField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=200)),
                ("browser", models.CharField(blank=True, default="", max_length=200)),
                ("came_from", models.CharField(blank=True, default="", max_length=200)),
                ("article", models.CharField(blank=True, default="", max_length=50)),
                ("tried", models.JSONField(default=list)),
                ("result", models.CharField(blank=True, default="", max_length=20)),
                ("opened_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                ("due_at", models.DateTimeField(null=True)),
                ("first_answered_at", models.DateTimeField(null=True)),
                ("closes_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reopen_until", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("body_sealed", models.BinaryField()),
                ("written_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff_notes", to="support.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kotowari.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("side", models.CharField(choices=[("customer", "Customer"), ("operator", "Operator")], max_length=10)),
                (
                    "way",
                    models.CharField(
                        choices=[("form", "Form"), ("link", "Link"), ("signed_in", "Signed In")], max_length=10
                    ),
                ),
                ("body_sealed", models.BinaryField()),
                ("written_at", models.DateTimeField(default=kotowari.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="support.ticket"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "late"))), fields=["due_at"], name="ticket_due"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=models.Q(("state", "answered")), fields=["closes_at"], name="ticket_closing"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["member", "-id"], name="ticket_by_member"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["email_index"], name="ticket_by_email"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("first_answered_at__isnull", False)),
                fields=["first_answered_at"],
                name="ticket_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["answered", "closed", "late", "open"])),
                name="support_ticket_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["account", "address_lost", "cannot_sign_in", "contract", "money", "not_me", "other"])
                ),
                name="ticket_topic_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", False), ("state__in", ("open", "late"))),
                    models.Q(models.Q(("state__in", ("open", "late")), _negated=True), ("due_at__isnull", True)),
                    _connector="OR",
                ),
                name="ticket_waiting_for_us_has_a_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes_at__isnull", False), ("state", "answered")),
                    models.Q(models.Q(("state", "answered"), _negated=True), ("closes_at__isnull", True)),
                    _connector="OR",
                ),
                name="ticket_answered_has_a_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("reopen_until__isnull", False), ("state", "closed")),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True),
                        ("closed_at__isnull", True),
                        ("reopen_until__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ticket_closed_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="staffnote",
            index=models.Index(fields=["ticket", "id"], name="staffnote_in_order"),
        ),
        migrations.AddIndex(
            model_name="ticketmessage",
            index=models.Index(fields=["ticket", "id"], name="ticketmessage_in_order"),
        ),
        migrations.AddConstraint(
            model_name="ticketmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("side", "customer"),
                    models.Q(("author__isnull", False), ("side", "operator"), ("way", "signed_in")),
                    _connector="OR",
                ),
                name="ticket_answer_has_its_author",
            ),
        ),
        TICKET.operation("support_ticket"),
    ]
