from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("name", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "ends_at",
                    models.DateTimeField(db_index=True, help_text="when it is of no more use"),
                ),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE common_tally SET UNLOGGED", reverse_sql="ALTER TABLE common_tally SET LOGGED"
        ),
    ]
