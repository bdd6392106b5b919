from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_disputes_end_with_their_case")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="confidential",
            field=models.JSONField(default=dict),
        ),
    ]
