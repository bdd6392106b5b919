from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_counted_in_wider_cells")]

    operations = [
        migrations.AddField(
            model_name="matterclass",
            name="confidential",
            field=models.BooleanField(
                db_default=False, default=False, help_text="such matters are confidential from the beginning"
            ),
        ),
    ]
