from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_territory_administrators")]

    operations = [
        migrations.RemoveField("dryrun", "elsewhere"),
        migrations.RemoveField("dryrun", "nowhere"),
        migrations.RemoveField("dryrun", "other_limit"),
        migrations.RemoveField("dryrun", "refiled"),
        migrations.AlterField(
            "dryrunline",
            "refiled",
            models.BooleanField(help_text="class or filing condition no longer in force"),
        ),
    ]
