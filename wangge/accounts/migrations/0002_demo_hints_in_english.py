from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="demo_hint_en",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
