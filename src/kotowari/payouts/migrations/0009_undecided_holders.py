"""What staff do not decide in time about the holder of an account, the clock decides (P020)."""

from datetime import timedelta

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from kotowari.kernel import clock
from kotowari.payouts.transitions import HOLDER_REVIEW

WAITING = Q(state__in=["open", "contested"])


def give_everyone_a_last_day(apps: Apps, schema_editor: object) -> None:  # noqa: ARG001 - Django gives both
    """A week from now for what is late already, from its day for the rest: nobody is decided about without notice."""
    late = Greatest(F("due_at"), Value(clock.now(), output_field=models.DateTimeField()))
    apps.get_model("payouts", "HolderReview").objects.update(lapses_at=late + timedelta(days=7))


class Migration(migrations.Migration):
    dependencies = [("payouts", "0008_own_money"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("holderreview", "lapses_at", models.DateTimeField(null=True)),
        migrations.RunPython(give_everyone_a_last_day, migrations.RunPython.noop),
        migrations.AlterField("holderreview", "lapses_at", models.DateTimeField()),
        migrations.RemoveConstraint("holderreview", "holder_review_decided_with_words"),
        migrations.AddConstraint(
            "holderreview",
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused", "upheld"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")
                | Q(
                    decided_by__isnull=True,
                    decided_at__isnull=False,
                    decided_at__gte=F("lapses_at"),
                    reason="",
                    state__in=["approved", "refused"],
                ),
                name="holder_review_decided_with_words",
            ),
        ),
        migrations.AddConstraint(
            "holderreview",
            models.CheckConstraint(condition=Q(lapses_at__gt=F("due_at")), name="holder_review_staff_come_first"),
        ),
        migrations.AddIndex(
            "holderreview", models.Index(fields=["lapses_at"], condition=WAITING, name="holder_review_lapse")
        ),
        HOLDER_REVIEW.operation("payouts_holderreview"),
    ]
