from django.db import migrations, models

# What failed a check or was reopened before this column was there.
FROM_EVENTS = """
UPDATE cases_case c SET reworked_at = e.at
FROM (SELECT subject_id, max(at) AS at FROM audit_event WHERE verb IN ('fail_check', 'reopen') GROUP BY subject_id) e
WHERE c.id = e.subject_id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_counted_in_finer_cells"), ("audit", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="reworked_at",
            field=models.DateTimeField(
                help_text="last failed check or reopening; how often is in the events", null=True
            ),
        ),
        migrations.RunSQL(FROM_EVENTS, migrations.RunSQL.noop),
    ]
