import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.common.ids
import wangge.territory.forces.models
from wangge.common.many_tables import CreateModels
from wangge.territory.migrations import _shipped


class Migration(migrations.Migration):
    replaces = [
        ("territory", "0001_initial"),
        ("territory", "0002_forces"),
        ("territory", "0003_boundary_files"),
        ("territory", "0004_areas_over_time"),
        ("territory", "0005_unit_grids_over_time"),
        ("territory", "0006_street_names"),
        ("territory", "0007_kinds_of_forces"),
        ("territory", "0008_grid_designs"),
        ("territory", "0009_work_on_files_is_tried"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="TerritoryVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("number", models.BigIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name="Area",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=24, verbose_name="code")),
                    ("name", models.CharField(max_length=100, verbose_name="name")),
                    ("name_en", models.CharField(blank=True, max_length=160)),
                    (
                        "level",
                        models.CharField(
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
                            verbose_name="level",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            choices=[("general", "General"), ("dedicated", "Dedicated"), ("micro", "Micro")],
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    ("path", models.CharField(max_length=160)),
                    ("valid_from", models.DateField(default=datetime.date(1949, 10, 1))),
                    (
                        "valid_to",
                        models.DateField(
                            blank=True, help_text="first day on which it no longer holds", null=True
                        ),
                    ),
                    ("boundary", models.BinaryField(blank=True, null=True)),
                    ("centre_lon", models.FloatField(blank=True, null=True)),
                    ("centre_lat", models.FloatField(blank=True, null=True)),
                    ("households", models.IntegerField(blank=True, null=True)),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="territory.area",
                        ),
                    ),
                ],
                options={
                    "ordering": ("code",),
                    "indexes": [
                        models.Index(
                            fields=["path"], name="area_path_prefix", opclasses=["text_pattern_ops"]
                        ),
                        models.Index(fields=["level"], name="area_level"),
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                            ),
                            name="area_valid_order",
                        ),
                        models.UniqueConstraint(fields=("code",), name="area_code_once"),
                    ],
                },
            ),
            migrations.CreateModel(
                name="BaseFeature",
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
                                ("road", "Road"),
                                ("water", "Water"),
                                ("green", "Green"),
                                ("block", "Block"),
                                ("place", "Place"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=100)),
                    (
                        "rank",
                        models.SmallIntegerField(
                            default=0, help_text="0 is most important; roads: 0 arterial to 3 lane"
                        ),
                    ),
                    ("shape", models.BinaryField(help_text="WKB, WGS84 degrees")),
                    ("west", models.FloatField()),
                    ("south", models.FloatField()),
                    ("east", models.FloatField()),
                    ("north", models.FloatField()),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["kind", "rank"], name="base_feature_kind"),
                        models.Index(
                            condition=models.Q(("kind", "road"), models.Q(("name", ""), _negated=True)),
                            fields=["name"],
                            name="base_feature_street",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Absence",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("starts_on", models.DateField(verbose_name="from")),
                    (
                        "ends_on",
                        models.DateField(
                            help_text="first day back; the first day itself: called off", verbose_name="until"
                        ),
                    ),
                    ("recorded_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="absences",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "recorded_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "stand_in",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="stands_in",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "ordering": ("starts_on", "pk"),
                    "indexes": [models.Index(fields=["ends_on"], name="absence_end")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="absence_order"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("account", models.F("stand_in")), _negated=True),
                            name="absence_by_two",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Post",
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
                            verbose_name="role",
                        ),
                    ),
                    ("starts_on", models.DateField(default=datetime.date(1949, 10, 1))),
                    (
                        "ends_on",
                        models.DateField(
                            blank=True, help_text="first day on which it no longer holds", null=True
                        ),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="posts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="posts",
                            to="territory.area",
                        ),
                    ),
                    ("duty_phone", models.CharField(blank=True, max_length=40, verbose_name="duty phone")),
                    (
                        "stands_in_for",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="stand_ins",
                            to="territory.post",
                        ),
                    ),
                    (
                        "absence",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="posts",
                            to="territory.absence",
                        ),
                    ),
                ],
                options={
                    "indexes": [models.Index(fields=["area", "role"], name="post_area_role")],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("ends_on", None)),
                            fields=("account", "role", "area"),
                            name="post_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("absence", None), ("stands_in_for", None)),
                                models.Q(
                                    ("absence__isnull", False),
                                    ("ends_on__isnull", False),
                                    ("stands_in_for__isnull", False),
                                ),
                                _connector="OR",
                            ),
                            name="post_stand_in_whole",
                        ),
                        models.UniqueConstraint(
                            fields=("absence", "stands_in_for"), name="post_stand_in_once"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="UnitArea",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="units",
                            to="territory.area",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="areas",
                            to="accounts.unit",
                        ),
                    ),
                ],
                options={
                    "constraints": [models.UniqueConstraint(fields=("unit", "area"), name="unit_area_once")],
                },
            ),
            migrations.CreateModel(
                name="UnitGrid",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=15)),
                    ("boundary", models.BinaryField()),
                    ("area_m2", models.FloatField()),
                    ("valid_from", models.DateField(default=datetime.date(1949, 10, 1))),
                    ("valid_to", models.DateField(blank=True, null=True)),
                    (
                        "community",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="unit_grids",
                            to="territory.area",
                        ),
                    ),
                ],
                options={
                    "constraints": [models.UniqueConstraint(fields=("code",), name="unit_grid_code_once")],
                },
            ),
            migrations.CreateModel(
                name="Badge",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    (
                        "serial",
                        models.CharField(
                            default=wangge.territory.forces.models.new_serial,
                            max_length=12,
                            unique=True,
                            verbose_name="serial number",
                        ),
                    ),
                    ("issued_on", models.DateField()),
                    ("expires_on", models.DateField(help_text="first day on which it is no longer valid")),
                    ("revoked_at", models.DateTimeField(blank=True, null=True)),
                    ("photo_agreed_at", models.DateTimeField(blank=True, null=True)),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="badges",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("revoked_at", None)),
                            fields=("account",),
                            name="badge_one_at_a_time",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("expires_on__gt", models.F("issued_on"))), name="badge_order"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="ForceKind",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.SlugField(max_length=12, unique=True, verbose_name="code")),
                    ("name", models.CharField(max_length=40, verbose_name="Name")),
                    ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                    ("ordinal", models.PositiveSmallIntegerField(default=100, verbose_name="place in lists")),
                    ("in_use", models.BooleanField(default=True, verbose_name="In use")),
                ],
                options={
                    "ordering": ("ordinal", "code"),
                },
            ),
            migrations.CreateModel(
                name="ForcePost",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "force",
                        models.ForeignKey(
                            db_column="force",
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="posts",
                            to="territory.forcekind",
                            to_field="code",
                            verbose_name="force",
                        ),
                    ),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("duty_phone", models.CharField(blank=True, max_length=40, verbose_name="duty phone")),
                    (
                        "shown",
                        models.BooleanField(
                            default=False,
                            help_text="the person agreed that residents read the name",
                            verbose_name="Shown to residents",
                        ),
                    ),
                    ("starts_on", models.DateField(verbose_name="from")),
                    (
                        "ends_on",
                        models.DateField(
                            blank=True, help_text="first day on which it no longer holds", null=True
                        ),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="force_posts",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="force_posts",
                            to="territory.area",
                        ),
                    ),
                ],
                options={
                    "ordering": ("area", "force", "starts_on"),
                    "indexes": [models.Index(fields=["area", "force"], name="force_post_area")],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                            ),
                            name="force_post_order",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="TerritoryChange",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("title", models.CharField(max_length=100, verbose_name="title")),
                    ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                    (
                        "document",
                        models.CharField(
                            blank=True,
                            help_text="The paper that orders it, with its number.",
                            max_length=200,
                            verbose_name="document",
                        ),
                    ),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("draft", "Draft"),
                                ("proposed", "Waits for approval"),
                                ("approved", "Approved"),
                                ("in_force", "In force"),
                                ("dropped", "Dropped"),
                            ],
                            default="draft",
                            max_length=10,
                        ),
                    ),
                    ("plan", models.JSONField(default=dict)),
                    ("revision", models.IntegerField(default=1)),
                    (
                        "earlier",
                        models.JSONField(
                            default=list, help_text="plans before the last steps, for going back"
                        ),
                    ),
                    (
                        "later",
                        models.JSONField(default=list, help_text="plans taken back, for going on again"),
                    ),
                    (
                        "in_force_on",
                        models.DateField(
                            blank=True, help_text="empty: on the day of the approval", null=True
                        ),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("saved_at", models.DateTimeField()),
                    ("effects", models.JSONField(default=list)),
                    ("proposed_at", models.DateTimeField(null=True)),
                    ("decided_at", models.DateTimeField(null=True)),
                    (
                        "remark",
                        models.TextField(
                            blank=True, help_text="what was said when it was sent back or dropped"
                        ),
                    ),
                    (
                        "trouble",
                        models.TextField(blank=True, help_text="why it could not take effect on its day"),
                    ),
                    ("applied_on", models.DateField(help_text="first day on which it holds", null=True)),
                    ("applied_at", models.DateTimeField(null=True)),
                    ("event_seq", models.IntegerField(default=0)),
                    (
                        "event_digest",
                        models.BinaryField(
                            default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                            max_length=32,
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
                        "made_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "proposed_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "saved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "within",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="territory_changes",
                            to="territory.area",
                        ),
                    ),
                    (
                        "about",
                        models.CharField(
                            choices=[("areas", "Areas and grids"), ("unit_grids", "Unit grids")],
                            default="areas",
                            max_length=10,
                            verbose_name="about",
                        ),
                    ),
                ],
                options={
                    "ordering": ("-made_at",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("stage", "approved")),
                            fields=["in_force_on"],
                            name="territory_change_due",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("stage__in", ["approved", "in_force"]), _negated=True),
                                models.Q(
                                    ("decided_by__isnull", False),
                                    ("proposed_by__isnull", False),
                                    models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            name="territory_change_by_two",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(
                                    ("applied_at__isnull", False),
                                    ("applied_on__isnull", False),
                                    ("stage", "in_force"),
                                ),
                                models.Q(
                                    models.Q(("stage", "in_force"), _negated=True),
                                    ("applied_at", None),
                                    ("applied_on", None),
                                ),
                                _connector="OR",
                            ),
                            name="territory_change_applied_once",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="BoundaryFile",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("name", models.CharField(max_length=200, verbose_name="file")),
                    ("size", models.BigIntegerField()),
                    ("reading", models.JSONField(default=dict)),
                    (
                        "language",
                        models.CharField(help_text="of whoever brought it; remarks are in it", max_length=12),
                    ),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("reading", "Being read"),
                                ("found", "Waits for your decision"),
                                ("storing", "Being stored"),
                                ("stored", "Stored"),
                                ("drafted", "Draft made"),
                                ("stopped", "Stopped in the middle"),
                                ("refused", "Refused"),
                                ("dropped", "Dropped"),
                            ],
                            default="reading",
                            max_length=8,
                        ),
                    ),
                    ("done", models.FloatField(default=0, help_text="how much of the work is done, 0 to 1")),
                    ("found", models.JSONField(default=dict)),
                    ("refusal", models.TextField(blank=True)),
                    (
                        "seen_version",
                        models.BigIntegerField(default=0, help_text="of the territory it was compared with"),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("stored_at", models.DateTimeField(null=True)),
                    (
                        "made_by",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "stored_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "change",
                        models.ForeignKey(
                            help_text="the draft made of it",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="files",
                            to="territory.territorychange",
                        ),
                    ),
                    (
                        "within",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="territory.area",
                        ),
                    ),
                    (
                        "tries",
                        models.SmallIntegerField(default=0, help_text="how often this work on it was begun"),
                    ),
                ],
                options={
                    "ordering": ("-made_at",),
                },
            ),
            migrations.CreateModel(
                name="CodePattern",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("level", models.CharField(max_length=12, verbose_name="level")),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            choices=[("general", "General"), ("dedicated", "Dedicated"), ("micro", "Micro")],
                            max_length=12,
                            verbose_name="kind",
                        ),
                    ),
                    ("pattern", models.CharField(max_length=120, verbose_name="pattern")),
                    ("example", models.CharField(max_length=24, verbose_name="example")),
                ],
                options={
                    "ordering": ("level", "kind"),
                    "constraints": [
                        models.UniqueConstraint(fields=("level", "kind"), name="code_pattern_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="FormerState",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=100)),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
                            choices=[("general", "General"), ("dedicated", "Dedicated"), ("micro", "Micro")],
                            max_length=12,
                        ),
                    ),
                    ("path", models.CharField(max_length=160)),
                    ("boundary", models.BinaryField(null=True)),
                    ("valid_from", models.DateField()),
                    ("valid_to", models.DateField(help_text="first day on which it no longer held")),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="former_states",
                            to="territory.area",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to="territory.area",
                        ),
                    ),
                ],
                options={
                    "ordering": ("area", "valid_from"),
                    "constraints": [
                        models.UniqueConstraint(fields=("area", "valid_from"), name="former_state_once"),
                        models.CheckConstraint(
                            condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                            name="former_state_order",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="FormerUnitGrid",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("boundary", models.BinaryField()),
                    ("valid_from", models.DateField()),
                    ("valid_to", models.DateField(help_text="first day on which it no longer held")),
                    (
                        "community",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                        ),
                    ),
                    (
                        "unit_grid",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="former_states",
                            to="territory.unitgrid",
                        ),
                    ),
                ],
                options={
                    "ordering": ("unit_grid", "valid_from"),
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("unit_grid", "valid_from"), name="former_unit_grid_once"
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                            name="former_unit_grid_order",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="GridDesign",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("title", models.CharField(max_length=100, verbose_name="title")),
                    (
                        "low",
                        models.PositiveIntegerField(help_text="in one grid", verbose_name="least households"),
                    ),
                    (
                        "high",
                        models.PositiveIntegerField(help_text="in one grid", verbose_name="most households"),
                    ),
                    (
                        "methods",
                        models.JSONField(default=list, help_text="the names of the methods, in order"),
                    ),
                    (
                        "barriers",
                        models.JSONField(default=list, help_text="kinds of lines that grids do not cross"),
                    ),
                    (
                        "source",
                        models.CharField(
                            choices=[
                                ("registered", "The buildings of the register"),
                                ("file", "A file of points or outlines with households"),
                            ],
                            default="registered",
                            max_length=10,
                        ),
                    ),
                    ("file_name", models.CharField(blank=True, max_length=200)),
                    (
                        "left_out",
                        models.PositiveIntegerField(
                            default=0, help_text="rows of the file that lie in no community"
                        ),
                    ),
                    (
                        "stage",
                        models.CharField(
                            choices=[
                                ("waiting", "Waits for the worker"),
                                ("running", "Being worked out"),
                                ("done", "Worked out"),
                                ("cancelled", "Called off"),
                                ("failed", "Failed"),
                            ],
                            default="waiting",
                            max_length=9,
                        ),
                    ),
                    ("run", models.PositiveIntegerField(default=1)),
                    ("done", models.FloatField(default=0, help_text="how much is worked out, 0 to 1")),
                    (
                        "beat_at",
                        models.DateTimeField(help_text="the last sign of life of the worker", null=True),
                    ),
                    (
                        "trouble",
                        models.TextField(blank=True, help_text="why it failed; empty where its worker died"),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("moved_at", models.DateTimeField(help_text="of its last event")),
                    ("event_seq", models.IntegerField(default=0)),
                    (
                        "event_digest",
                        models.BinaryField(
                            default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                            max_length=32,
                        ),
                    ),
                    (
                        "change",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="grid_designs",
                            to="territory.territorychange",
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
                        "within",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="grid_designs",
                            to="territory.area",
                        ),
                    ),
                ],
                options={
                    "ordering": ("-made_at",),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("stage", "running")),
                            fields=["beat_at"],
                            name="grid_design_running",
                        )
                    ],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("high__gt", models.F("low")), ("low__gt", 0)),
                            name="grid_design_band",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("done__gte", 0), ("done__lte", 1)),
                            name="grid_design_done_share",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="DesignPart",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("ground", models.BinaryField()),
                    ("barriers", models.BinaryField(help_text="WKB, WGS84 degrees: lines")),
                    ("blocks", models.JSONField(default=list)),
                    ("shapes", models.BinaryField(help_text="WKB, WGS84 degrees: a collection")),
                    (
                        "community",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territory.area"
                        ),
                    ),
                    (
                        "design",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="parts",
                            to="territory.griddesign",
                        ),
                    ),
                ],
                options={
                    "ordering": ("community__code",),
                    "constraints": [
                        models.UniqueConstraint(fields=("design", "community"), name="design_part_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="GridProposal",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("method", models.CharField(max_length=12)),
                    (
                        "labels",
                        models.JSONField(default=list, help_text="for each block the number of its grid"),
                    ),
                    (
                        "shapes",
                        models.BinaryField(
                            help_text="WKB, WGS84 degrees: a collection, one area for each grid"
                        ),
                    ),
                    ("measures", models.JSONField(default=dict)),
                    (
                        "remarks",
                        models.JSONField(
                            default=list, help_text="what a person should know of it: kind and numbers"
                        ),
                    ),
                    ("seconds", models.FloatField(default=0)),
                    ("earlier", models.JSONField(default=list)),
                    ("revision", models.IntegerField(default=1)),
                    ("saved_at", models.DateTimeField()),
                    (
                        "part",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="proposals",
                            to="territory.designpart",
                        ),
                    ),
                    (
                        "saved_by",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "ordering": ("part", "pk"),
                    "constraints": [
                        models.UniqueConstraint(fields=("part", "method"), name="grid_proposal_once")
                    ],
                },
            ),
        ),
        migrations.RunSQL(_shipped.VERSION, migrations.RunSQL.noop),
        migrations.RunSQL(_shipped.FORCES, migrations.RunSQL.noop),
    ]
