import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import wangge.cases.models.calendar
import wangge.common.ids
import wangge.common.sealing
from wangge.cases.migrations import _guards, _map
from wangge.common.many_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("cases", "0001_initial"),
        ("cases", "0002_ratings_not_solved"),
        ("cases", "0003_configuration_as_versions"),
        ("cases", "0004_whole_loop"),
        ("cases", "0005_held_by_the_place"),
        ("cases", "0006_ladders_of_arbitration"),
        ("cases", "0007_unit_calendars_and_planned_changes"),
        ("cases", "0008_presence"),
        ("cases", "0009_moved_only_with_an_event"),
        ("cases", "0010_watch_and_roster"),
        ("cases", "0011_lists_by_unit"),
        ("cases", "0012_counted_on_the_map"),
        ("cases", "0013_disputes_end_with_their_case"),
        ("cases", "0014_handovers_for_every_reader"),
        ("cases", "0015_taking_the_next"),
        ("cases", "0016_replies_follow_calendars"),
        ("cases", "0017_counted_in_wider_cells"),
        ("cases", "0018_classes_confidential_by_default"),
        ("cases", "0019_territory_administrators"),
        ("cases", "0020_dry_runs_counted_by_their_lists"),
        ("cases", "0021_tally_by_its_index"),
        ("cases", "0022_tally_of_years_and_of_all_time"),
        ("cases", "0023_counted_in_finer_cells"),
        ("cases", "0024_rework_as_a_list"),
    ]

    initial = True

    dependencies = [
        ("audit", "0001_tables"),
        ("accounts", "0001_tables"),
        ("territory", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Numbers people read come from sequences: unique, gaps are fine, nobody waits for anybody.
        migrations.RunSQL(
            "CREATE SEQUENCE report_number START 1000001; CREATE SEQUENCE case_number START 1;",
            "DROP SEQUENCE report_number; DROP SEQUENCE case_number;",
        ),
        CreateModels(
            migrations.CreateModel(
                name="Exclusion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=30, unique=True)),
                    ("text", models.CharField(max_length=200)),
                    ("text_en", models.CharField(max_length=300)),
                    ("advice", models.CharField(max_length=300)),
                    ("advice_en", models.CharField(max_length=400)),
                    ("ordinal", models.SmallIntegerField(default=0)),
                    ("in_force", models.BooleanField(default=True)),
                ],
                options={
                    "ordering": ("ordinal",),
                },
            ),
            migrations.CreateModel(
                name="MatterGroup",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=20, unique=True)),
                    ("name", models.CharField(max_length=40)),
                    ("name_en", models.CharField(max_length=60)),
                    ("hint", models.CharField(blank=True, max_length=100)),
                    ("hint_en", models.CharField(blank=True, max_length=160)),
                    ("ordinal", models.SmallIntegerField(default=0)),
                ],
                options={
                    "ordering": ("ordinal",),
                },
            ),
            migrations.CreateModel(
                name="MatterClass",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("standard", models.CharField(max_length=20)),
                    ("code", models.CharField(max_length=12)),
                    ("major_code", models.CharField(max_length=4)),
                    ("major_name", models.CharField(max_length=60)),
                    ("major_name_en", models.CharField(blank=True, max_length=100)),
                    ("name", models.CharField(max_length=100)),
                    ("name_en", models.CharField(blank=True, max_length=160)),
                    (
                        "keywords",
                        models.TextField(blank=True, help_text="words residents use, separated by ;"),
                    ),
                    ("in_force", models.BooleanField(default=True)),
                    (
                        "group",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="classes",
                            to="cases.mattergroup",
                        ),
                    ),
                    (
                        "confidential",
                        models.BooleanField(
                            db_default=False,
                            default=False,
                            help_text="such matters are confidential from the beginning",
                        ),
                    ),
                ],
                options={
                    "ordering": ("code",),
                    "constraints": [
                        models.UniqueConstraint(fields=("standard", "code"), name="matter_class_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="FilingCondition",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("ordinal", models.SmallIntegerField()),
                    ("text", models.CharField(max_length=300)),
                    ("text_en", models.CharField(blank=True, max_length=400)),
                    ("closing", models.CharField(max_length=300)),
                    ("closing_en", models.CharField(blank=True, max_length=400)),
                    (
                        "limit_kind",
                        models.CharField(
                            choices=[
                                ("urgent_hours", "urgent hours"),
                                ("working_hours", "working hours"),
                                ("working_days", "working days"),
                                ("calendar_days", "calendar days"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("limit_amount", models.DecimalField(decimal_places=2, max_digits=7)),
                    ("unit_role", models.CharField(max_length=30)),
                    ("urgent", models.BooleanField(default=False)),
                    ("verify_first", models.BooleanField(default=True)),
                    (
                        "after_photo",
                        models.BooleanField(default=True, help_text="finishing needs a photo of the result"),
                    ),
                    (
                        "on_the_spot",
                        models.BooleanField(default=False, help_text="a grid worker may settle it at once"),
                    ),
                    ("source", models.CharField(blank=True, max_length=200)),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="conditions",
                            to="cases.matterclass",
                        ),
                    ),
                    ("in_force", models.BooleanField(default=True)),
                    (
                        "supervisor",
                        models.CharField(
                            blank=True, help_text="the department above (主管部门)", max_length=100
                        ),
                    ),
                    (
                        "auto_close",
                        models.BooleanField(
                            default=False, help_text="closes by itself when the check has passed"
                        ),
                    ),
                    (
                        "auto_dispatch",
                        models.BooleanField(
                            default=False, help_text="goes to the unit of the duty list without a dispatcher"
                        ),
                    ),
                    (
                        "check_percent",
                        models.SmallIntegerField(
                            default=100, help_text="how many of a hundred results are checked"
                        ),
                    ),
                ],
                options={
                    "ordering": ("matter", "ordinal"),
                    "constraints": [
                        models.UniqueConstraint(fields=("matter", "ordinal"), name="filing_condition_once"),
                        models.CheckConstraint(
                            condition=models.Q(("limit_amount__gt", 0)),
                            name="filing_condition_limit_positive",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("check_percent__range", (0, 100))),
                            name="filing_condition_check_percent",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Case",
                fields=[
                    ("lon", models.FloatField(null=True)),
                    ("lat", models.FloatField(null=True)),
                    (
                        "cell",
                        models.BigIntegerField(
                            help_text="62-bit Morton cell of Web-Mercator x and y", null=True
                        ),
                    ),
                    ("address", models.CharField(blank=True, max_length=256, verbose_name="address")),
                    ("area_path", models.CharField(max_length=160)),
                    ("event_seq", models.IntegerField(default=0)),
                    (
                        "event_digest",
                        models.BinaryField(
                            default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                            max_length=32,
                        ),
                    ),
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("number", models.CharField(editable=False, max_length=16, unique=True)),
                    ("condition_text", models.CharField(blank=True, max_length=300)),
                    ("condition_text_en", models.CharField(blank=True, max_length=400)),
                    ("closing_text", models.CharField(blank=True, max_length=300)),
                    ("closing_text_en", models.CharField(blank=True, max_length=400)),
                    ("limit_kind", models.CharField(blank=True, max_length=20)),
                    ("limit_amount", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                    ("needs_after_photo", models.BooleanField(default=False)),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("verifying", "Being verified"),
                                ("answered", "Answered"),
                                ("declined", "Not accepted"),
                                ("withdrawn", "Withdrawn"),
                                ("filed", "Filed"),
                                ("arbitrating", "In arbitration"),
                                ("dispatched", "Dispatched"),
                                ("handling", "Being handled"),
                                ("suspended", "Suspended"),
                                ("done", "Handled"),
                                ("checking", "Being checked"),
                                ("passed", "Check passed"),
                                ("closed", "Closed"),
                                ("void", "Void"),
                            ],
                            default="filed",
                            max_length=12,
                        ),
                    ),
                    ("filed_at", models.DateTimeField()),
                    ("dispatched_at", models.DateTimeField(null=True)),
                    ("accepted_at", models.DateTimeField(null=True)),
                    ("finished_at", models.DateTimeField(null=True)),
                    ("closed_at", models.DateTimeField(help_text="closed or declared void", null=True)),
                    ("updated_at", models.DateTimeField()),
                    ("result", models.TextField(blank=True)),
                    ("answer", models.TextField(blank=True)),
                    ("due_at", models.DateTimeField(null=True)),
                    ("amber_at", models.DateTimeField(null=True)),
                    ("whole_due_at", models.DateTimeField(null=True)),
                    ("whole_amber_at", models.DateTimeField(null=True)),
                    (
                        "current_grid",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                        ),
                    ),
                    (
                        "grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="territory.area",
                        ),
                    ),
                    (
                        "handler",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cases",
                            to="accounts.unit",
                        ),
                    ),
                    (
                        "unit_grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="territory.unitgrid",
                        ),
                    ),
                    (
                        "condition",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cases",
                            to="cases.filingcondition",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="cases",
                            to="cases.matterclass",
                        ),
                    ),
                    ("config_version", models.IntegerField(null=True)),
                    ("auto_close", models.BooleanField(db_default=False, default=False)),
                    ("check_percent", models.SmallIntegerField(db_default=100, default=100)),
                    ("confidential", models.BooleanField(db_default=False, default=False)),
                    ("held_path", models.CharField(max_length=160)),
                    (
                        "merged_into",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="merged",
                            to="cases.case",
                        ),
                    ),
                    (
                        "resume_at",
                        models.DateTimeField(help_text="when a suspension ends by itself", null=True),
                    ),
                    (
                        "ruled_at",
                        models.DateTimeField(
                            help_text="arbitration has named the unit; it is final", null=True
                        ),
                    ),
                    (
                        "settled",
                        models.BooleanField(
                            db_default=False,
                            default=False,
                            help_text="on the spot, by the grid worker who saw it",
                        ),
                    ),
                    ("urged_at", models.DateTimeField(null=True)),
                    (
                        "reworked_at",
                        models.DateTimeField(
                            help_text="last failed check or reopening; how often is in the events", null=True
                        ),
                    ),
                ],
                options={
                    "ordering": ("-filed_at",),
                    "indexes": [
                        models.Index(fields=["-filed_at"], name="case_filed"),
                        models.Index(fields=["updated_at"], name="case_updated"),
                        models.Index(
                            condition=models.Q(("stage", "closed")), fields=["closed_at"], name="case_closed"
                        ),
                        models.Index(fields=["area_path"], name="case_area", opclasses=["text_pattern_ops"]),
                        models.Index(fields=["cell"], name="case_cell"),
                        models.Index(
                            condition=models.Q(("closed_at", None)),
                            fields=["stage", "due_at"],
                            name="case_open_by_due",
                        ),
                        models.Index(
                            condition=models.Q(("closed_at", None)),
                            fields=["unit", "stage", "due_at"],
                            name="case_open_of_unit",
                        ),
                        models.Index(
                            condition=models.Q(("resume_at__isnull", False)),
                            fields=["resume_at"],
                            name="case_resumes",
                        ),
                        models.Index(
                            condition=models.Q(("merged_into__isnull", False)),
                            fields=["merged_into"],
                            name="case_merged_into",
                        ),
                        models.Index(
                            condition=models.Q(("stage", "closed")),
                            fields=["unit", "closed_at"],
                            name="case_closed_of_unit",
                        ),
                        models.Index(
                            condition=models.Q(("confidential", True)),
                            fields=["id"],
                            name="case_confidential",
                        ),
                        models.Index(
                            condition=models.Q(("closed_at", None)), fields=["cell"], name="case_open_cell"
                        ),
                        models.Index(
                            django.db.models.expressions.CombinedExpression(
                                models.F("cell"), ">>", models.Value(28)
                            ),
                            models.F("filed_at"),
                            condition=models.Q(("cell__isnull", False)),
                            name="case_cell_filed",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("closed_at", None), ("closed_at__gte", models.F("filed_at")), _connector="OR"
                            ),
                            name="case_closed_after_filed",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("stage__in", ["filed", "arbitrating", "void"]),
                                ("unit__isnull", False),
                                ("settled", True),
                                _connector="OR",
                            ),
                            name="case_beyond_filing_has_unit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("closed_at__isnull", False), ("stage__in", ["closed", "void"])),
                                models.Q(
                                    models.Q(("stage__in", ["closed", "void"]), _negated=True),
                                    ("closed_at", None),
                                ),
                                _connector="OR",
                            ),
                            name="case_closed_has_moment",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("resume_at__isnull", False), ("stage", "suspended")),
                                models.Q(
                                    models.Q(("stage", "suspended"), _negated=True), ("resume_at", None)
                                ),
                                _connector="OR",
                            ),
                            name="case_suspended_until",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("merged_into", None), ("stage", "void"), _connector="OR"),
                            name="case_merged_is_void",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Report",
                fields=[
                    ("lon", models.FloatField(null=True)),
                    ("lat", models.FloatField(null=True)),
                    (
                        "cell",
                        models.BigIntegerField(
                            help_text="62-bit Morton cell of Web-Mercator x and y", null=True
                        ),
                    ),
                    ("address", models.CharField(blank=True, max_length=256, verbose_name="address")),
                    ("area_path", models.CharField(max_length=160)),
                    ("event_seq", models.IntegerField(default=0)),
                    (
                        "event_digest",
                        models.BinaryField(
                            default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                            max_length=32,
                        ),
                    ),
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "number",
                        models.BigIntegerField(
                            db_default=models.Func(
                                models.Value("report_number"),
                                function="nextval",
                                output_field=models.BigIntegerField(),
                            ),
                            editable=False,
                            unique=True,
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("problem", "Problem"),
                                ("help", "Help wanted"),
                                ("complaint", "Complaint"),
                                ("suggestion", "Suggestion"),
                                ("question", "Question"),
                                ("thanks", "Thanks"),
                            ],
                            default="problem",
                            max_length=12,
                        ),
                    ),
                    (
                        "channel",
                        models.CharField(
                            choices=[
                                ("web", "Web"),
                                ("worker", "Grid worker"),
                                ("desk", "Desk"),
                                ("hotline", "Hotline"),
                                ("open311", "Open311"),
                                ("import", "Import"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("source_key", models.CharField(blank=True, max_length=80)),
                    (
                        "source",
                        models.CharField(blank=True, help_text="key name or file of origin", max_length=80),
                    ),
                    ("text", models.TextField(blank=True, verbose_name="description")),
                    ("attributes", models.JSONField(default=dict)),
                    (
                        "locating",
                        models.CharField(
                            choices=[
                                ("inside", "inside a grid"),
                                ("nearest", "outside every grid: nearest area"),
                                ("none", "no position given"),
                            ],
                            max_length=8,
                        ),
                    ),
                    (
                        "street_only",
                        models.BooleanField(
                            default=False, help_text="show the place to the street segment only"
                        ),
                    ),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("verifying", "Being verified"),
                                ("answered", "Answered"),
                                ("declined", "Not accepted"),
                                ("withdrawn", "Withdrawn"),
                                ("filed", "Filed"),
                                ("arbitrating", "In arbitration"),
                                ("dispatched", "Dispatched"),
                                ("handling", "Being handled"),
                                ("suspended", "Suspended"),
                                ("done", "Handled"),
                                ("checking", "Being checked"),
                                ("passed", "Check passed"),
                                ("closed", "Closed"),
                                ("void", "Void"),
                            ],
                            default="received",
                            max_length=12,
                        ),
                    ),
                    ("received_at", models.DateTimeField()),
                    ("updated_at", models.DateTimeField()),
                    ("code_hash", models.BinaryField(max_length=32, unique=True)),
                    (
                        "finding",
                        models.CharField(
                            blank=True, help_text="confirmed or refuted on the spot", max_length=10
                        ),
                    ),
                    ("answer", models.TextField(blank=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("public_text", models.TextField(blank=True)),
                    ("published_at", models.DateTimeField(null=True)),
                    ("due_at", models.DateTimeField(null=True)),
                    ("amber_at", models.DateTimeField(null=True)),
                    (
                        "case",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="reports",
                            to="cases.case",
                        ),
                    ),
                    (
                        "current_grid",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                        ),
                    ),
                    (
                        "grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="territory.area",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="reports",
                            to="cases.matterclass",
                        ),
                    ),
                    (
                        "received_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "unit_grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="territory.unitgrid",
                        ),
                    ),
                    ("confidential", models.BooleanField(db_default=False, default=False)),
                    (
                        "urged_at",
                        models.DateTimeField(
                            help_text="the last time; how often is in the events", null=True
                        ),
                    ),
                    ("withdrawn_at", models.DateTimeField(null=True)),
                ],
                options={
                    "ordering": ("-received_at",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("stage__in", ["received", "verifying"])),
                            fields=["stage", "received_at"],
                            name="report_open",
                        ),
                        models.Index(fields=["-received_at"], name="report_received"),
                        models.Index(fields=["updated_at"], name="report_updated"),
                        models.Index(
                            fields=["area_path"], name="report_area", opclasses=["text_pattern_ops"]
                        ),
                        models.Index(fields=["cell"], name="report_cell"),
                        models.Index(
                            condition=models.Q(("confidential", True)),
                            fields=["id"],
                            name="report_confidential",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("source_key", ""), _negated=True),
                            fields=("channel", "source", "source_key"),
                            name="report_submission_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("case__isnull", False), ("stage", "filed")),
                                models.Q(models.Q(("stage", "filed"), _negated=True), ("case", None)),
                                _connector="OR",
                            ),
                            name="report_filed_with_case",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("lat", None), ("lon", None)),
                                models.Q(("lat__isnull", False), ("lon__isnull", False)),
                                _connector="OR",
                            ),
                            name="report_whole_point",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Reason",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=30, unique=True)),
                    ("verb", models.CharField(max_length=20)),
                    ("text", models.CharField(max_length=200)),
                    ("text_en", models.CharField(max_length=300)),
                    ("needs_legal_basis", models.BooleanField(default=False)),
                    ("ordinal", models.SmallIntegerField(default=0)),
                    ("in_force", models.BooleanField(default=True)),
                ],
                options={
                    "ordering": ("verb", "ordinal"),
                },
            ),
            migrations.CreateModel(
                name="StageLimit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("clock", models.CharField(max_length=12, unique=True)),
                    (
                        "limit_kind",
                        models.CharField(
                            choices=[
                                ("urgent_hours", "urgent hours"),
                                ("working_hours", "working hours"),
                                ("working_days", "working days"),
                                ("calendar_days", "calendar days"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("limit_amount", models.DecimalField(decimal_places=2, max_digits=7)),
                ],
            ),
            migrations.CreateModel(
                name="Calendar",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=40, unique=True)),
                    ("name", models.CharField(max_length=100)),
                    ("time_zone", models.CharField(default="Asia/Shanghai", max_length=40)),
                    ("shifts", models.JSONField(default=list)),
                    ("version", models.IntegerField(default=1)),
                    (
                        "area",
                        models.ForeignKey(
                            blank=True,
                            help_text="holds in this subtree",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="calendars",
                            to="territory.area",
                        ),
                    ),
                    (
                        "base",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="followers",
                            to="cases.calendar",
                        ),
                    ),
                    (
                        "in_force",
                        models.BooleanField(
                            default=True, help_text="clocks may start by it; running ones keep theirs"
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            help_text="holds for the work of this unit and the units below it",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="calendars",
                            to="accounts.unit",
                        ),
                    ),
                    ("weekly_rest", models.JSONField(default=wangge.cases.models.calendar.weekend)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("area", None), ("unit", None), _connector="OR"),
                            name="calendar_of_area_or_unit",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("in_force", True)),
                            fields=("area", "unit"),
                            name="calendar_one_in_force",
                            nulls_distinct=False,
                        ),
                    ],
                    "ordering": ("pk",),
                },
            ),
            migrations.CreateModel(
                name="DutyRow",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("unit_role", models.CharField(max_length=30)),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="duty_rows",
                            to="territory.area",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="duty_rows",
                            to="accounts.unit",
                        ),
                    ),
                    (
                        "matter",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="duty_rows",
                            to="cases.matterclass",
                        ),
                    ),
                    ("hours", models.CharField(blank=True, max_length=11)),
                    ("season_from", models.CharField(blank=True, max_length=5)),
                    ("season_to", models.CharField(blank=True, max_length=5)),
                    ("valid_from", models.DateField(blank=True, null=True)),
                    (
                        "valid_to",
                        models.DateField(
                            blank=True, help_text="first day on which it no longer holds", null=True
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=(
                                "area",
                                "unit_role",
                                "matter",
                                "season_from",
                                "season_to",
                                "hours",
                                "valid_from",
                                "valid_to",
                            ),
                            name="duty_row_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("season_from", ""), ("season_to", "")),
                                models.Q(
                                    models.Q(("season_from", ""), _negated=True),
                                    models.Q(("season_to", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="duty_row_whole_season",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_from", None),
                                ("valid_to", None),
                                ("valid_to__gt", models.F("valid_from")),
                                _connector="OR",
                            ),
                            name="duty_row_valid_order",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Question",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=40, unique=True)),
                    ("ordinal", models.SmallIntegerField()),
                    (
                        "datatype",
                        models.CharField(
                            choices=[
                                ("string", "one line"),
                                ("number", "number"),
                                ("datetime", "date and time"),
                                ("text", "several lines"),
                                ("singlevaluelist", "one of a list"),
                                ("multivaluelist", "several of a list"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("required", models.BooleanField(default=False)),
                    ("text", models.CharField(max_length=200)),
                    ("text_en", models.CharField(max_length=300)),
                    ("hint", models.CharField(blank=True, max_length=200)),
                    ("hint_en", models.CharField(blank=True, max_length=300)),
                    ("values", models.JSONField(default=list)),
                    ("matters", models.ManyToManyField(related_name="questions", to="cases.matterclass")),
                    ("in_force", models.BooleanField(default=True)),
                    (
                        "only_if",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="leads_to",
                            to="cases.question",
                        ),
                    ),
                    ("only_if_answers", models.JSONField(blank=True, default=list)),
                ],
                options={
                    "ordering": ("ordinal",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("only_if", None),
                                models.Q(("only_if", models.F("pk")), _negated=True),
                                _connector="OR",
                            ),
                            name="question_not_on_itself",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Rating",
                fields=[
                    (
                        "report",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="rating",
                            serialize=False,
                            to="cases.report",
                        ),
                    ),
                    ("solved", models.BooleanField()),
                    ("result", models.SmallIntegerField(help_text="1 dissatisfied to 3 very satisfied")),
                    ("attitude", models.SmallIntegerField(help_text="1 dissatisfied to 3 very satisfied")),
                    ("words", models.TextField(blank=True)),
                    ("at", models.DateTimeField()),
                    (
                        "reviewed_at",
                        models.DateTimeField(
                            help_text="a person looked at “not solved” and did not reopen", null=True
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("solved", False)), fields=["at"], name="rating_not_solved"
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("attitude__range", (1, 3)), ("result__range", (1, 3))),
                            name="rating_in_range",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReporterContact",
                fields=[
                    (
                        "report",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="contact",
                            serialize=False,
                            to="cases.report",
                        ),
                    ),
                    ("name", wangge.common.sealing.SealedTextField()),
                    ("phone", wangge.common.sealing.SealedTextField()),
                    ("email", wangge.common.sealing.SealedTextField()),
                    ("share_with_unit", models.BooleanField(default=False)),
                ],
            ),
            migrations.CreateModel(
                name="Clock",
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
                                ("whole", "Whole case"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("started_at", models.DateTimeField()),
                    ("stopped_at", models.DateTimeField(null=True)),
                    ("limits", models.JSONField(default=list)),
                    (
                        "used_before",
                        models.DurationField(
                            default=datetime.timedelta(0), help_text="used up by an earlier attempt"
                        ),
                    ),
                    ("due_at", models.DateTimeField()),
                    ("amber_at", models.DateTimeField()),
                    ("provisional", models.BooleanField(default=False)),
                    ("given", models.BooleanField(default=False)),
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.calendar"
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="clocks",
                            to="cases.case",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="clocks",
                            to="cases.report",
                        ),
                    ),
                    (
                        "pauses",
                        models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
                    ),
                    ("watch_at", models.DateTimeField(null=True)),
                    ("watched_due_at", models.DateTimeField(null=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                ("stopped_at", None),
                                models.Q(
                                    ("watched_due_at", None),
                                    models.Q(("watched_due_at", models.F("due_at")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            fields=["id"],
                            name="clock_to_plan",
                        ),
                        models.Index(
                            condition=models.Q(("stopped_at", None), ("watch_at__isnull", False)),
                            fields=["watch_at"],
                            name="clock_to_watch",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("case__isnull", False), ("report", None)),
                                models.Q(("case", None), ("report__isnull", False)),
                                _connector="OR",
                            ),
                            name="clock_of_one",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("case__isnull", False), ("stopped_at", None)),
                            fields=("case", "kind"),
                            name="clock_once_case",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("report__isnull", False), ("stopped_at", None)),
                            fields=("report", "kind"),
                            name="clock_once_report",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("stopped_at", None),
                                ("stopped_at__gte", models.F("started_at")),
                                _connector="OR",
                            ),
                            name="clock_never_negative",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CalendarDay",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("day", models.DateField()),
                    (
                        "kind",
                        models.CharField(
                            choices=[("work", "Working day"), ("rest", "Rest day")], max_length=4
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=60)),
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="days",
                            to="cases.calendar",
                        ),
                    ),
                    ("emergency", models.BooleanField(default=False, help_text="declared at short notice")),
                    ("reason", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "ordering": ("day",),
                    "constraints": [
                        models.UniqueConstraint(fields=("calendar", "day"), name="calendar_day_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("emergency", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                            ),
                            name="calendar_emergency_has_reason",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="CalendarYear",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("year", models.SmallIntegerField()),
                    ("published_at", models.DateTimeField()),
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="years",
                            to="cases.calendar",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("calendar", "year"), name="calendar_year_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ConfigVersion",
                fields=[
                    ("number", models.IntegerField(primary_key=True, serialize=False)),
                    ("published_at", models.DateTimeField()),
                    ("note", models.TextField(blank=True)),
                    ("content", models.JSONField()),
                    (
                        "published_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "ordering": ("-number",),
                },
            ),
            migrations.CreateModel(
                name="ConfigDraft",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("title", models.CharField(max_length=100)),
                    ("made_at", models.DateTimeField()),
                    (
                        "changed_at",
                        models.DateTimeField(help_text="a dry run before this moment no longer counts"),
                    ),
                    ("note", models.TextField(blank=True, help_text="why it is published")),
                    ("due_at", models.DateTimeField(null=True)),
                    (
                        "failure",
                        models.TextField(
                            blank=True, help_text="why it could not take effect when it was due"
                        ),
                    ),
                    ("discarded_at", models.DateTimeField(null=True)),
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
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "version",
                        models.OneToOneField(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="draft",
                            to="cases.configversion",
                        ),
                    ),
                ],
                options={
                    "ordering": ("-made_at",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("due_at", None), ("decided_by__isnull", False), _connector="OR"
                            ),
                            name="config_draft_due_decided",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("version", None), ("discarded_at", None), _connector="OR"),
                            name="config_draft_one_end",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ConfigChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("table", models.CharField(max_length=20)),
                    ("key", models.CharField(max_length=200)),
                    ("before", models.JSONField(null=True)),
                    ("after", models.JSONField(null=True)),
                    (
                        "revision",
                        models.IntegerField(default=1, help_text="tells a stale form from a fresh one"),
                    ),
                    ("at", models.DateTimeField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "draft",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="changes",
                            to="cases.configdraft",
                        ),
                    ),
                ],
                options={
                    "ordering": ("table", "key"),
                    "constraints": [
                        models.UniqueConstraint(fields=("draft", "table", "key"), name="config_change_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="ConfigImport",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=200)),
                    ("at", models.DateTimeField()),
                    ("rows", models.JSONField()),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "draft",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="imports",
                            to="cases.configdraft",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="Crossing",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("certain", models.BooleanField(default=True)),
                    (
                        "new",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="came_from",
                            to="cases.matterclass",
                        ),
                    ),
                    (
                        "old",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="became",
                            to="cases.matterclass",
                        ),
                    ),
                ],
                options={
                    "ordering": ("old__code",),
                    "constraints": [models.UniqueConstraint(fields=("old", "new"), name="crossing_once")],
                },
            ),
            migrations.CreateModel(
                name="DryRun",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("ran_at", models.DateTimeField()),
                    ("since", models.DateTimeField()),
                    ("cases", models.IntegerField(help_text="looked at")),
                    (
                        "by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "draft",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="dry_run",
                            to="cases.configdraft",
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="DryRunLine",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("old_limit", models.CharField(max_length=40)),
                    ("new_limit", models.CharField(max_length=40)),
                    (
                        "refiled",
                        models.BooleanField(help_text="class or filing condition no longer in force"),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                        ),
                    ),
                    (
                        "new_unit",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="accounts.unit",
                        ),
                    ),
                    (
                        "old_unit",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="accounts.unit",
                        ),
                    ),
                    (
                        "run",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="lines",
                            to="cases.dryrun",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("run", "case"), name="dry_run_line_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("refiled", True),
                                models.Q(("old_limit", models.F("new_limit")), _negated=True),
                                models.Q(("old_unit", models.F("new_unit")), _negated=True),
                                models.Q(("new_unit__isnull", False), ("old_unit", None)),
                                models.Q(("new_unit", None), ("old_unit__isnull", False)),
                                _connector="OR",
                            ),
                            name="dry_run_line_differs",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Ladder",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=30, unique=True)),
                    ("name", models.CharField(max_length=60)),
                    ("name_en", models.CharField(blank=True, max_length=100)),
                    (
                        "clock",
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
                                ("whole", "Whole case"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("in_force", models.BooleanField(default=True)),
                ],
                options={
                    "ordering": ("code",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("in_force", True)),
                            fields=("clock",),
                            name="ladder_once_for_clock",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Rung",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("ordinal", models.SmallIntegerField()),
                    ("after_percent", models.SmallIntegerField(blank=True, null=True)),
                    (
                        "after_amount",
                        models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
                    ),
                    (
                        "after_kind",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("urgent_hours", "urgent hours"),
                                ("working_hours", "working hours"),
                                ("working_days", "working days"),
                                ("calendar_days", "calendar days"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("acceptor", "Acceptor"),
                                ("duty_chief", "Duty chief"),
                                ("dispatcher", "Dispatcher"),
                                ("clerk", "Department clerk"),
                                ("unit_lead", "Unit lead"),
                                ("grid_lead", "Grid lead"),
                                ("grid_worker", "Grid worker"),
                                ("deputy", "Deputy grid worker"),
                                ("informant", "Informant"),
                                ("overseer", "Overseer"),
                                ("leader", "Leader"),
                                ("territory", "Territory administrator"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "level",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("province", "Province"),
                                ("city", "City"),
                                ("county", "County"),
                                ("street", "Street (town)"),
                                ("community", "Community (village)"),
                                ("grid", "Grid"),
                                ("micro", "Micro-grid"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "fallback_account",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "ladder",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rungs",
                            to="cases.ladder",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="accounts.unit",
                        ),
                    ),
                ],
                options={
                    "ordering": ("ladder", "ordinal"),
                    "constraints": [
                        models.UniqueConstraint(fields=("ladder", "ordinal"), name="rung_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("after_amount", None),
                                    ("after_kind", ""),
                                    ("after_percent__range", (1, 1000)),
                                ),
                                models.Q(
                                    ("after_amount__gt", 0),
                                    ("after_percent", None),
                                    models.Q(("after_kind", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="rung_after_one_thing",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("role", ""), ("unit", None), _negated=True),
                                ("fallback_account__isnull", False),
                                _connector="OR",
                            ),
                            name="rung_tells_somebody",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Arbitration",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("opened_at", models.DateTimeField()),
                    ("held_path", models.CharField(max_length=160)),
                    ("ruled_at", models.DateTimeField(null=True)),
                    ("reason", models.TextField(blank=True)),
                    (
                        "case",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="arbitrations",
                            to="cases.case",
                        ),
                    ),
                    (
                        "ruled_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
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
                    (
                        "ended_at",
                        models.DateTimeField(help_text="the case ended before anybody ruled", null=True),
                    ),
                ],
                options={
                    "ordering": ("opened_at",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None), ("ruled_at", None)),
                            fields=("case",),
                            name="arbitration_open_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ruled_at", None), ("unit", None)),
                                models.Q(
                                    ("ended_at", None), ("ruled_at__isnull", False), ("unit__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="arbitration_names_unit",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ended_at", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                            ),
                            name="arbitration_ended_with_why",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Help",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("words", models.TextField(blank=True)),
                    ("done_at", models.DateTimeField(null=True)),
                    ("result", models.TextField(blank=True)),
                    (
                        "asked_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE, related_name="helps", to="cases.case"
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
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="helps",
                            to="accounts.unit",
                        ),
                    ),
                ],
                options={
                    "ordering": ("asked_at",),
                    "indexes": [
                        models.Index(condition=models.Q(("done_at", None)), fields=["unit"], name="help_open")
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("case", "unit"), name="help_once"),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("done_at", None), ("done_by", None)),
                                models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                                _connector="OR",
                            ),
                            name="help_done_by",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="NamedHandler",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("named_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="named_for",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="named_handlers",
                            to="cases.case",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="named_handlers",
                            to="cases.report",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("case__isnull", False), ("report", None)),
                                models.Q(("case", None), ("report__isnull", False)),
                                _connector="OR",
                            ),
                            name="named_handler_of_one",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("case__isnull", False)),
                            fields=("case", "account"),
                            name="named_handler_once_case",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("report__isnull", False)),
                            fields=("report", "account"),
                            name="named_handler_once_report",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Quota",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "code",
                        models.CharField(
                            choices=[
                                ("extensions", "extensions of one case"),
                                ("returns", "send-backs of one case until arbitration decides"),
                                ("suspension_days", "days a case may be suspended at a time"),
                                (
                                    "recheck_percent",
                                    "of a hundred matters settled on the spot, how many are re-checked",
                                ),
                            ],
                            max_length=20,
                            unique=True,
                        ),
                    ),
                    ("amount", models.IntegerField()),
                ],
                options={
                    "ordering": ("code",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("amount__gte", 0)), name="quota_not_negative"
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Recheck",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("done_at", models.DateTimeField(null=True)),
                    ("passed", models.BooleanField(null=True)),
                    (
                        "reviewed_at",
                        models.DateTimeField(
                            help_text="a person looked at “not settled” and did not reopen", null=True
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="rechecks",
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
                ],
                options={
                    "ordering": ("asked_at",),
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("done_at", None)), fields=("case",), name="recheck_open_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("done_at", None), ("passed", None)),
                                models.Q(("done_at__isnull", False), ("passed__isnull", False)),
                                _connector="OR",
                            ),
                            name="recheck_done_whole",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Request",
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
                                ("extend", "More time"),
                                ("suspend", "Suspension"),
                                ("void", "Declare void"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("asked_at", models.DateTimeField()),
                    ("reason", models.TextField()),
                    (
                        "limit_kind",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("urgent_hours", "urgent hours"),
                                ("working_hours", "working hours"),
                                ("working_days", "working days"),
                                ("calendar_days", "calendar days"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("limit_amount", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                    ("until", models.DateTimeField(null=True)),
                    ("decided_at", models.DateTimeField(null=True)),
                    ("granted", models.BooleanField(null=True)),
                    ("answer", models.TextField(blank=True)),
                    (
                        "asked_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="requests",
                            to="cases.case",
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
                ],
                options={
                    "ordering": ("asked_at",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("decided_at", None)),
                            fields=["kind", "asked_at"],
                            name="request_open",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("decided_at", None)),
                            fields=("case", "kind"),
                            name="request_open_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("decided_at", None), ("granted", None)),
                                models.Q(("decided_at__isnull", False), ("granted__isnull", False)),
                                _connector="OR",
                            ),
                            name="request_decided_whole",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("kind", "extend"), ("limit_amount__gt", 0), ("until", None)),
                                models.Q(
                                    ("kind", "suspend"),
                                    ("limit_amount", None),
                                    ("until__gt", models.F("asked_at")),
                                ),
                                models.Q(("kind", "void"), ("limit_amount", None), ("until", None)),
                                _connector="OR",
                            ),
                            name="request_says_what",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="SupervisionOrder",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("given_at", models.DateTimeField()),
                    ("words", models.TextField()),
                    ("reply_due_at", models.DateTimeField()),
                    ("replied_at", models.DateTimeField(null=True)),
                    ("reply", models.TextField(blank=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    (
                        "case",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="orders",
                            to="cases.case",
                        ),
                    ),
                    (
                        "ended_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "given_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "replied_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "calendar",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="cases.calendar",
                        ),
                    ),
                    ("limits", models.JSONField(default=list)),
                ],
                options={
                    "ordering": ("given_at",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("ended_at", None), ("replied_at", None)),
                            fields=["reply_due_at"],
                            name="order_open",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("calendar", None), ("limits", [])),
                                models.Q(
                                    ("calendar__isnull", False), models.Q(("limits", []), _negated=True)
                                ),
                                _connector="OR",
                            ),
                            name="order_computed_whole",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="CalendarChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("plan", models.JSONField(default=dict)),
                    (
                        "seen_version",
                        models.IntegerField(help_text="the calendar's version that was looked at"),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("impact", models.JSONField(default=dict)),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    (
                        "clocks",
                        models.IntegerField(default=0, help_text="running clocks when it was confirmed"),
                    ),
                    ("looked_at", models.IntegerField(default=0, help_text="clocks computed anew so far")),
                    (
                        "moved",
                        models.IntegerField(default=0, help_text="reports and cases with another due time"),
                    ),
                    ("reached", models.BigIntegerField(default=0, help_text="the last clock looked at")),
                    ("passes", models.SmallIntegerField(default=0)),
                    ("finished_at", models.DateTimeField(null=True)),
                    (
                        "calendar",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="changes",
                            to="cases.calendar",
                        ),
                    ),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
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
                    "ordering": ("-pk",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("confirmed_at__isnull", False), ("finished_at", None)),
                            fields=["confirmed_at"],
                            name="calendar_change_unfinished",
                        )
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("confirmed_at", None), ("made_by__isnull", False)),
                            fields=("calendar", "made_by"),
                            name="calendar_change_one_planned",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Presence",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("subject_id", models.UUIDField()),
                    ("seen_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("subject_id", "account"), name="presence_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="DeskShift",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "role",
                        models.CharField(
                            choices=[
                                ("acceptor", "Acceptor"),
                                ("duty_chief", "Duty chief"),
                                ("dispatcher", "Dispatcher"),
                            ],
                            max_length=20,
                        ),
                    ),
                    ("starts_at", models.DateTimeField()),
                    ("ends_at", models.DateTimeField()),
                    ("made_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="desk_shifts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="desk_shifts",
                            to="territory.area",
                        ),
                    ),
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
                    "ordering": ("starts_at", "role", "pk"),
                    "indexes": [
                        models.Index(fields=["area", "ends_at", "starts_at"], name="desk_shift_when")
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                            name="desk_shift_order",
                        ),
                        models.UniqueConstraint(fields=("account", "starts_at"), name="desk_shift_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Escalation",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("ordinal", models.SmallIntegerField()),
                    ("at", models.DateTimeField()),
                    (
                        "due_at",
                        models.DateTimeField(help_text="the due moment that had passed, or was coming"),
                    ),
                    (
                        "role",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("acceptor", "Acceptor"),
                                ("duty_chief", "Duty chief"),
                                ("dispatcher", "Dispatcher"),
                                ("clerk", "Department clerk"),
                                ("unit_lead", "Unit lead"),
                                ("grid_lead", "Grid lead"),
                                ("grid_worker", "Grid worker"),
                                ("deputy", "Deputy grid worker"),
                                ("informant", "Informant"),
                                ("overseer", "Overseer"),
                                ("leader", "Leader"),
                                ("territory", "Territory administrator"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "level",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("province", "Province"),
                                ("city", "City"),
                                ("county", "County"),
                                ("street", "Street (town)"),
                                ("community", "Community (village)"),
                                ("grid", "Grid"),
                                ("micro", "Micro-grid"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "passed_on",
                        models.BooleanField(
                            default=False, help_text="nobody held the post of the rung itself"
                        ),
                    ),
                    (
                        "could_not",
                        models.BooleanField(
                            default=False, help_text="there was nobody at all, no fallback either"
                        ),
                    ),
                    (
                        "ended_at",
                        models.DateTimeField(
                            help_text="the clock stopped, or more time was given", null=True
                        ),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="escalations",
                            to="cases.case",
                        ),
                    ),
                    (
                        "clock",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="escalations",
                            to="cases.clock",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="escalations",
                            to="cases.report",
                        ),
                    ),
                    (
                        "rung",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="cases.rung",
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
                    "ordering": ("-at", "-ordinal"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("ended_at", None)),
                            fields=["role", "level"],
                            name="escalation_open",
                        ),
                        models.Index(
                            condition=models.Q(("could_not", True), ("ended_at", None)),
                            fields=["at"],
                            name="escalation_could_not",
                        ),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("case__isnull", False), ("report", None)),
                                models.Q(("case", None), ("report__isnull", False)),
                                _connector="OR",
                            ),
                            name="escalation_of_one",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("ended_at", None)),
                            fields=("clock", "ordinal"),
                            name="escalation_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("account", None), ("could_not", True), ("role", ""), ("unit", None)
                                ),
                                models.Q(
                                    ("could_not", False),
                                    models.Q(
                                        models.Q(("role", ""), _negated=True),
                                        ("unit__isnull", False),
                                        ("account__isnull", False),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                            name="escalation_to_somebody",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Handover",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("written_at", models.DateTimeField()),
                    ("numbers", models.JSONField(default=dict)),
                    ("watch", models.TextField(blank=True)),
                    ("words", models.TextField(blank=True)),
                    ("confirmed_at", models.DateTimeField(null=True)),
                    ("remark", models.TextField(blank=True)),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="handovers",
                            to="territory.area",
                        ),
                    ),
                    (
                        "confirmed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "written_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("confidential", models.JSONField(default=dict)),
                ],
                options={
                    "ordering": ("-written_at",),
                    "indexes": [models.Index(fields=["area", "-written_at"], name="handover_of_area")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("confirmed_at", None), ("confirmed_by", None)),
                                models.Q(
                                    ("confirmed_at__gte", models.F("written_at")),
                                    ("confirmed_by__isnull", False),
                                    models.Q(("confirmed_by", models.F("written_by")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="handover_confirmed_by_another",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("confirmed_at", None)),
                            fields=("area",),
                            name="handover_waits_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="HandoverPin",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("received", "Received"),
                                ("verifying", "Being verified"),
                                ("answered", "Answered"),
                                ("declined", "Not accepted"),
                                ("withdrawn", "Withdrawn"),
                                ("filed", "Filed"),
                                ("arbitrating", "In arbitration"),
                                ("dispatched", "Dispatched"),
                                ("handling", "Being handled"),
                                ("suspended", "Suspended"),
                                ("done", "Handled"),
                                ("checking", "Being checked"),
                                ("passed", "Check passed"),
                                ("closed", "Closed"),
                                ("void", "Void"),
                            ],
                            max_length=12,
                        ),
                    ),
                    (
                        "case",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="cases.case",
                        ),
                    ),
                    (
                        "handover",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="pins",
                            to="cases.handover",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to="cases.report",
                        ),
                    ),
                ],
                options={
                    "ordering": ("pk",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("case__isnull", False), ("report", None)),
                                models.Q(("case", None), ("report__isnull", False)),
                                _connector="OR",
                            ),
                            name="handover_pin_of_one",
                        ),
                        models.UniqueConstraint(fields=("handover", "case"), name="handover_pin_case_once"),
                        models.UniqueConstraint(
                            fields=("handover", "report"), name="handover_pin_report_once"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ReminderRule",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "clock",
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
                                ("whole", "Whole case"),
                            ],
                            max_length=10,
                        ),
                    ),
                    ("after_percent", models.SmallIntegerField(blank=True, null=True)),
                    (
                        "before_hours",
                        models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                    ),
                    ("in_force", models.BooleanField(default=True)),
                ],
                options={
                    "ordering": ("clock", "after_percent", "before_hours"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("clock", "after_percent", "before_hours"),
                            name="reminder_rule_once",
                            nulls_distinct=False,
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("after_percent__range", (1, 99)), ("before_hours", None)),
                                models.Q(("after_percent", None), ("before_hours__gt", 0)),
                                _connector="OR",
                            ),
                            name="reminder_rule_one_thing",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Reminder",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("due_at", models.DateTimeField(help_text="the due moment it reminded of")),
                    ("sent_at", models.DateTimeField()),
                    ("told", models.SmallIntegerField(help_text="how many people it went to")),
                    (
                        "clock",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="cases.clock",
                        ),
                    ),
                    (
                        "rule",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="reminders",
                            to="cases.reminderrule",
                        ),
                    ),
                ],
                options={
                    "ordering": ("sent_at",),
                    "constraints": [
                        models.UniqueConstraint(fields=("clock", "rule", "due_at"), name="reminder_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Watch",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("stamp", models.CharField(blank=True, max_length=64)),
                    ("looked_at", models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name="MapChange",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("cell", models.BigIntegerField(help_text="the case's cell, cut to the tile of zoom 17")),
                    ("hour", models.DateTimeField(help_text="in which the case was filed")),
                    ("area_path", models.CharField(max_length=160)),
                    ("group", models.IntegerField(help_text="id of the group of its class, 0 for none")),
                    ("n", models.IntegerField()),
                    ("open", models.IntegerField()),
                    ("lons", models.FloatField(help_text="sum of longitudes, WGS84 degrees")),
                    ("lats", models.FloatField(help_text="sum of latitudes, WGS84 degrees")),
                ],
            ),
            migrations.CreateModel(
                name="MapTally",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("zoom", models.SmallIntegerField(help_text="13, 15 or 17")),
                    ("day", models.DateField(help_text="the first of the span; 1900-01-01 for all time")),
                    ("cell", models.BigIntegerField()),
                    ("area_path", models.CharField(max_length=160)),
                    ("n", models.IntegerField()),
                    ("open", models.IntegerField()),
                    ("lons", models.FloatField()),
                    ("lats", models.FloatField()),
                    (
                        "groups",
                        models.JSONField(
                            default=dict,
                            help_text="by id of the group: how many cases, and how many of them open",
                        ),
                    ),
                    ("span", models.SmallIntegerField(help_text="0 a day, 1 a month, 2 a year, 3 all time")),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("zoom", "span", "day", "cell", "area_path"),
                            include=("n", "open", "lons", "lats"),
                            name="map_tally_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Claim",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("subject_id", models.UUIDField(unique=True)),
                    ("until", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
        ),
        # Worth nothing after a crash, so not worth writing to the log of the database every few seconds.
        migrations.RunSQL(
            "ALTER TABLE cases_presence SET UNLOGGED; ALTER TABLE cases_claim SET UNLOGGED;",
            "ALTER TABLE cases_presence SET LOGGED; ALTER TABLE cases_claim SET LOGGED;",
        ),
        migrations.RunSQL(_guards.GUARDS, _guards.BACK),
        migrations.RunSQL(_map.NOTES, _map.BACK),
    ]
