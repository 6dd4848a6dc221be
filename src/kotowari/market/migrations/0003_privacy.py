import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("market", "0002_laws_and_search_index")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="hidden",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="shows_last_login",
            field=models.BooleanField(default=False),
        ),
    ]
