from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_counted_on_the_map")]

    operations = [
        migrations.AddField(
            model_name="arbitration",
            name="ended_at",
            field=models.DateTimeField(help_text="the case ended before anybody ruled", null=True),
        ),
        # What was left open by cases that have ended ends with them.
        migrations.RunSQL(
            """
            UPDATE cases_arbitration a SET ended_at = c.closed_at, reason = coalesce(nullif(c.answer, ''), c.stage)
            FROM cases_case c WHERE c.id = a.case_id AND a.ruled_at IS NULL AND c.closed_at IS NOT NULL
            """,
            migrations.RunSQL.noop,
        ),
        # Else a constraint cannot be changed in the same transaction.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="arbitration", name="arbitration_open_once"),
        migrations.RemoveConstraint(model_name="arbitration", name="arbitration_names_unit"),
        migrations.AddConstraint(
            model_name="arbitration",
            constraint=models.UniqueConstraint(
                condition=Q(ruled_at=None, ended_at=None), fields=["case"], name="arbitration_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="arbitration",
            constraint=models.CheckConstraint(
                condition=Q(ruled_at=None, unit=None)
                | Q(ruled_at__isnull=False, unit__isnull=False, ended_at=None),
                name="arbitration_names_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="arbitration",
            constraint=models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(reason=""), name="arbitration_ended_with_why"
            ),
        ),
    ]
