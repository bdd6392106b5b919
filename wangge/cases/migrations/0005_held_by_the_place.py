from django.db import migrations


class Migration(migrations.Migration):
    """Cases that were filed before levels held them belong to any desk around their place, as they did."""

    dependencies = [("cases", "0004_whole_loop")]

    operations = [
        migrations.RunSQL(
            "UPDATE cases_case SET held_path = area_path WHERE held_path = ''", migrations.RunSQL.noop
        )
    ]
