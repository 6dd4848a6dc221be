from django.db import migrations, models


class Migration(migrations.Migration):
    """An event that cannot be delivered is tried again later, and never given up."""

    dependencies = [("foundation", "0005_demo_lives")]

    operations = [
        migrations.AddField(
            model_name="outboxevent",
            name="try_at",
            field=models.DateTimeField(null=True),
        ),
    ]
