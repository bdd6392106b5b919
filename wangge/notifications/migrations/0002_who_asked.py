from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_notices")]

    operations = [
        migrations.AddField(
            model_name="leftalone",
            name="asked_by",
            field=models.CharField(
                blank=True,
                default="",
                help_text="of an address: the outsider who asked, and may take it back",
                max_length=80,
            ),
            preserve_default=False,
        ),
    ]
