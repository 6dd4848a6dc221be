import datetime

import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import kotowari.kernel.clock

# A clock that is running began with the state it belongs to.
BEGUN = """
UPDATE contracts_milestone m SET clock_since = coalesce(
    CASE m.state
        WHEN 'funded' THEN m.funded_at
        WHEN 'delivered' THEN m.delivered_at
        WHEN 'changes_requested' THEN (
            SELECT max(r.made_at) FROM contracts_changerequest r JOIN contracts_delivery d ON d.id = r.delivery_id
            WHERE d.milestone_id = m.id
        )
        ELSE m.closed_at
    END,
    c.made_at
) FROM contracts_contract c WHERE c.id = m.contract_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0002_laws"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="endrequest",
            name="stopped_for",
            field=models.DurationField(db_default=datetime.timedelta(0), default=datetime.timedelta),
        ),
        migrations.AddField(
            model_name="milestone",
            name="clock_since",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), default=kotowari.kernel.clock.now
            ),
        ),
        migrations.RunSQL(BEGUN, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="milestone",
            name="stopped_for",
            field=models.DurationField(db_default=datetime.timedelta(0), default=datetime.timedelta),
        ),
        migrations.AddConstraint(
            model_name="endrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("stopped_for__gte", datetime.timedelta(0))), name="end_request_stopped_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=models.Q(("stopped_for__gte", datetime.timedelta(0))), name="milestone_stopped_not_negative"
            ),
        ),
    ]
