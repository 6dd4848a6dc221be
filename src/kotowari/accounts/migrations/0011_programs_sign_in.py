from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_factor_recoveries"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="device",
            field=models.ForeignKey(
                null=True,
                on_delete=models.deletion.SET_NULL,
                related_name="api_tokens",
                to="accounts.device",
            ),
        ),
    ]
