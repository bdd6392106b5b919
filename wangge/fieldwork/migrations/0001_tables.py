import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.common.ids


class Migration(migrations.Migration):
    replaces = [("fieldwork", "0001_tasks"), ("fieldwork", "0002_second_looks")]

    initial = True

    dependencies = [
        ("audit", "0001_tables"),
        ("cases", "0001_tables"),
        ("territory", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("verify", "Verify"), ("check", "Check"), ("recheck", "Check again")],
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "The problem is there"),
                            ("refuted", "The problem is not there"),
                            ("passed", "Mended"),
                            ("failed", "Not mended"),
                            ("settled", "It is settled"),
                            ("unsettled", "It is not settled"),
                            ("moved_on", "No longer needed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="cases.case",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.event"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="cases.report",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["area", "due_at"],
                        name="task_open_in_area",
                    ),
                    models.Index(fields=["done_by", "-done_at"], name="task_done_by"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None), ("outcome", "")),
                            models.Q(("done_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="task_done_with_outcome",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)), fields=("report",), name="task_open_report"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)), fields=("case",), name="task_open_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case", None), ("kind", "verify"), ("report__isnull", False)),
                            models.Q(
                                ("case__isnull", False), ("kind__in", ["check", "recheck"]), ("report", None)
                            ),
                            _connector="OR",
                        ),
                        name="task_of_one",
                    ),
                ],
            },
        ),
    ]
