import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_taking_the_next")]

    operations = [
        migrations.AddField(
            model_name="supervisionorder",
            name="calendar",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.calendar",
            ),
        ),
        migrations.AddField(
            model_name="supervisionorder", name="limits", field=models.JSONField(default=list)
        ),
        migrations.AddConstraint(
            model_name="supervisionorder",
            constraint=models.CheckConstraint(
                condition=Q(calendar=None, limits=[]) | (Q(calendar__isnull=False) & ~Q(limits=[])),
                name="order_computed_whole",
            ),
        ),
    ]
