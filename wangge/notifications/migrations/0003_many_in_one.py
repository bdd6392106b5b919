import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_who_asked")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="gathered_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="gathered",
                to="notifications.notice",
                help_text="the one that tells of many alike; this one is kept and not shown",
            ),
        ),
    ]
