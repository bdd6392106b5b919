import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wangge.common.many_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [("insight", "0001_stage_facts"), ("insight", "0002_scorecards")]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("cases", "0001_tables"),
        ("territory", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="StageFact",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("accept", "Admit"),
                                ("verify", "Verify"),
                                ("file", "File"),
                                ("dispatch", "Dispatch"),
                                ("sign_off", "Accept by the unit"),
                                ("handle", "Handle"),
                                ("check", "Check"),
                                ("arbitrate", "Rule who is responsible"),
                                ("whole", "Close"),
                                ("report", "Decide on the report"),
                                ("reply", "Tell the reporter"),
                            ],
                            max_length=10,
                        ),
                    ),
                    (
                        "ordinal",
                        models.SmallIntegerField(help_text="1, 2, 3 … of its kind within the subject"),
                    ),
                    ("area_path", models.CharField(max_length=160)),
                    ("started_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "in_time",
                        models.BooleanField(
                            help_text="unknown while it is open and where nothing was due", null=True
                        ),
                    ),
                    (
                        "outcome",
                        models.CharField(blank=True, help_text="the verb that ended it", max_length=40),
                    ),
                    (
                        "channel",
                        models.CharField(
                            blank=True, help_text="of the report, or a case's first", max_length=12
                        ),
                    ),
                    (
                        "confirmed",
                        models.BooleanField(
                            default=False, help_text="what was reported was found on the spot"
                        ),
                    ),
                    (
                        "level",
                        models.CharField(
                            blank=True, help_text="the level at which it was closed", max_length=12
                        ),
                    ),
                    ("reworks", models.SmallIntegerField(default=0)),
                    ("returns", models.SmallIntegerField(default=0)),
                    ("extensions", models.SmallIntegerField(default=0)),
                    ("suspensions", models.SmallIntegerField(default=0)),
                    ("urgings", models.SmallIntegerField(default=0)),
                    ("supervisions", models.SmallIntegerField(default=0)),
                    ("escalations", models.SmallIntegerField(default=0)),
                    ("solved", models.BooleanField(null=True)),
                    (
                        "result",
                        models.SmallIntegerField(help_text="1 dissatisfied to 3 very satisfied", null=True),
                    ),
                    (
                        "attitude",
                        models.SmallIntegerField(help_text="1 dissatisfied to 3 very satisfied", null=True),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="facts",
                            to="cases.case",
                        ),
                    ),
                    (
                        "ended_by",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "opened_by",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="facts",
                            to="cases.report",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="accounts.unit",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["kind", "started_at"], name="fact_started"),
                        models.Index(
                            condition=models.Q(("due_at__isnull", False)),
                            fields=["kind", "due_at"],
                            name="fact_due",
                        ),
                        models.Index(fields=["kind", "ended_at"], name="fact_ended"),
                        models.Index(
                            condition=models.Q(("ended_by__isnull", False)),
                            fields=["ended_by", "ended_at"],
                            name="fact_ended_by",
                        ),
                        models.Index(
                            condition=models.Q(("opened_by__isnull", False)),
                            fields=["opened_by", "started_at"],
                            name="fact_opened_by",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("case__isnull", False), ("report", None)),
                                models.Q(("case", None), ("report__isnull", False)),
                                _connector="OR",
                            ),
                            name="fact_of_one",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("case__isnull", False)),
                            fields=("case", "kind", "ordinal"),
                            name="fact_once_case",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("report__isnull", False)),
                            fields=("report", "kind", "ordinal"),
                            name="fact_once_report",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Scorecard",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("card", models.CharField(max_length=12)),
                    (
                        "period",
                        models.CharField(help_text="2026-10, 2026-Q4, 2026, or two days", max_length=24),
                    ),
                    ("starts_on", models.DateField()),
                    ("ends_on", models.DateField(help_text="the first day that it does not cover")),
                    ("level", models.CharField(blank=True, max_length=12)),
                    ("counts", models.JSONField()),
                    ("rule", models.JSONField(help_text="the rule of the score as it was", null=True)),
                    ("rule_version", models.IntegerField(default=0)),
                    ("as_of", models.DateTimeField()),
                    ("days", models.FloatField(help_text="how much of the period had passed")),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                        ),
                    ),
                    (
                        "frozen_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "ordering": ("-starts_on", "card", "level"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("card", "period", "level", "area"), name="scorecard_frozen_once"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ScorecardRow",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("place", models.IntegerField(help_text="the order in which rows are shown")),
                    ("path", models.CharField(blank=True, max_length=160)),
                    ("name", models.CharField(max_length=200)),
                    ("grids", models.IntegerField(default=1)),
                    (
                        "suppressed",
                        models.BooleanField(default=False, help_text="fewer than five people did this work"),
                    ),
                    ("numbers", models.JSONField(default=dict)),
                    ("points", models.FloatField(null=True)),
                    ("grade", models.CharField(blank=True, max_length=4)),
                    (
                        "scorecard",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rows",
                            to="insight.scorecard",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="accounts.unit",
                        ),
                    ),
                ],
                options={
                    "ordering": ("place",),
                    "constraints": [
                        models.UniqueConstraint(fields=("scorecard", "place"), name="scorecard_row_place"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("suppressed", False),
                                models.Q(("numbers", {}), ("points", None)),
                                _connector="OR",
                            ),
                            name="scorecard_row_suppressed",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FrozenFact",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("kind", models.CharField(max_length=10)),
                    ("started_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "counted",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.SmallIntegerField(), size=None
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="cases.case",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="cases.report",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            db_constraint=False,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="accounts.unit",
                        ),
                    ),
                    (
                        "row",
                        models.ForeignKey(
                            db_index=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="facts",
                            to="insight.scorecardrow",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["row", "started_at"], name="frozen_fact_of_row")],
                },
            ),
            migrations.CreateModel(
                name="Appeal",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("count", models.CharField(help_text="code of what was counted", max_length=40)),
                    (
                        "wanted",
                        models.IntegerField(help_text="the number that the appellant holds to be right"),
                    ),
                    ("reason", models.TextField()),
                    ("asked_at", models.DateTimeField()),
                    ("decided_at", models.DateTimeField(null=True)),
                    (
                        "corrected",
                        models.IntegerField(
                            help_text="the number beside the frozen one; none if refused", null=True
                        ),
                    ),
                    ("note", models.TextField(blank=True)),
                    (
                        "asked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "decided_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "row",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="appeals",
                            to="insight.scorecardrow",
                        ),
                    ),
                ],
                options={
                    "ordering": ("-asked_at",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("corrected", None), ("decided_at", None), ("decided_by", None)),
                                models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="appeal_decided_by_somebody",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("decided_by", None),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                _connector="OR",
                            ),
                            name="appeal_decided_by_another",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("wanted__gte", 0)), name="appeal_wanted_not_negative"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("corrected", None), ("corrected__gte", 0), _connector="OR"),
                            name="appeal_corrected_not_negative",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("decided_at", None)),
                            fields=("row", "count"),
                            name="appeal_open_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ScoreRule",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("card", models.CharField(max_length=12)),
                    ("version", models.IntegerField()),
                    ("content", models.JSONField(help_text="terms with weights and bands, and the grades")),
                    ("made_at", models.DateTimeField()),
                    (
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("card", "version"), name="score_rule_version")
                    ],
                },
            ),
        ),
    ]
