import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.common.ids
from wangge.common.many_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("registry", "0001_initial"),
        ("registry", "0002_register_of_addresses"),
        ("registry", "0003_keys_are_indexed"),
        ("registry", "0004_extracts"),
        ("registry", "0005_facility_files"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_tables"),
        ("territory", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="FacilityClass",
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
                ],
                options={
                    "ordering": ("code",),
                    "constraints": [
                        models.UniqueConstraint(fields=("standard", "code"), name="facility_class_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Building",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=100)),
                    ("estate", models.CharField(blank=True, max_length=100)),
                    ("address", models.CharField(max_length=200)),
                    ("floors", models.SmallIntegerField()),
                    ("entrances", models.SmallIntegerField(default=1)),
                    ("households", models.IntegerField(default=0)),
                    ("footprint", models.BinaryField(help_text="WKB, WGS84 degrees")),
                    ("lon", models.FloatField(help_text="WGS84 degrees, a point inside")),
                    ("lat", models.FloatField(help_text="WGS84 degrees, a point inside")),
                    ("cell", models.BigIntegerField()),
                    (
                        "grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="buildings",
                            to="territory.area",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["cell"], name="building_cell"),
                        models.Index(
                            fields=["address"], name="building_address_prefix", opclasses=["text_pattern_ops"]
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Facility",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=17, unique=True)),
                    ("lon", models.FloatField(help_text="WGS84 degrees")),
                    ("lat", models.FloatField(help_text="WGS84 degrees")),
                    ("cell", models.BigIntegerField(help_text="62-bit Morton cell of Web-Mercator x and y")),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("sound", "Sound"),
                                ("damaged", "Damaged"),
                                ("lost", "Lost"),
                                ("abandoned", "Abandoned"),
                                ("removed", "Removed"),
                            ],
                            default="sound",
                            max_length=10,
                        ),
                    ),
                    ("surveyed_on", models.DateField()),
                    ("note", models.CharField(blank=True, max_length=1000)),
                    (
                        "grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="facilities",
                            to="territory.area",
                        ),
                    ),
                    (
                        "unit",
                        models.ForeignKey(
                            help_text="maintains it",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="facilities",
                            to="accounts.unit",
                        ),
                    ),
                    (
                        "unit_grid",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="facilities",
                            to="territory.unitgrid",
                        ),
                    ),
                    (
                        "facility_class",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="facilities",
                            to="registry.facilityclass",
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "facilities",
                    "indexes": [models.Index(fields=["cell"], name="facility_cell")],
                },
            ),
            migrations.CreateModel(
                name="Address",
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
                                ("street", "Street"),
                                ("number", "Number"),
                                ("estate", "Estate or compound"),
                                ("building", "Building"),
                                ("entrance", "Entrance"),
                            ],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    ("name", models.CharField(max_length=100, verbose_name="name")),
                    ("key", models.CharField(max_length=100)),
                    ("text", models.CharField(max_length=300)),
                    (
                        "ordinal",
                        models.IntegerField(
                            default=0, help_text="the number in it, so that 2 comes before 10"
                        ),
                    ),
                    ("lon", models.FloatField(blank=True, help_text="WGS84 degrees", null=True)),
                    ("lat", models.FloatField(blank=True, help_text="WGS84 degrees", null=True)),
                    ("cell", models.BigIntegerField(blank=True, null=True)),
                    ("valid_from", models.DateField(default=datetime.date(1949, 10, 1))),
                    (
                        "valid_to",
                        models.DateField(
                            blank=True, help_text="first day on which it no longer holds", null=True
                        ),
                    ),
                    ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                    (
                        "area",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="addresses",
                            to="territory.area",
                        ),
                    ),
                    (
                        "building",
                        models.ForeignKey(
                            blank=True,
                            help_text="its footprint",
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="addresses",
                            to="registry.building",
                        ),
                    ),
                    (
                        "merged_into",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="merged",
                            to="registry.address",
                        ),
                    ),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="parts",
                            to="registry.address",
                        ),
                    ),
                ],
                options={
                    "verbose_name_plural": "addresses",
                    "indexes": [
                        models.Index(
                            condition=models.Q(
                                ("cell__isnull", False),
                                ("kind__in", ["number", "building"]),
                                ("valid_to", None),
                            ),
                            fields=["cell"],
                            name="address_cell",
                        ),
                        models.Index(
                            condition=models.Q(("parent__isnull", False)),
                            fields=["parent"],
                            name="address_parts",
                        ),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("parent__isnull", False), ("valid_to", None)),
                            fields=("parent", "kind", "key"),
                            name="address_part_once",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("parent", None), ("valid_to", None)),
                            fields=("area", "kind", "key"),
                            name="address_top_once",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("cell", None), ("lat", None), ("lon", None)),
                                models.Q(
                                    ("cell__isnull", False), ("lat__isnull", False), ("lon__isnull", False)
                                ),
                                _connector="OR",
                            ),
                            name="address_whole_point",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                            ),
                            name="address_valid_order",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="AddressName",
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
                            choices=[("official", "Name"), ("alias", "Also called"), ("former", "Formerly")],
                            max_length=8,
                            verbose_name="kind",
                        ),
                    ),
                    ("name", models.CharField(max_length=100, verbose_name="name")),
                    ("key", models.CharField(max_length=100)),
                    ("sound", models.CharField(max_length=300)),
                    (
                        "nearly",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=100), size=None
                        ),
                    ),
                    (
                        "pairs",
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=2), size=None
                        ),
                    ),
                    (
                        "address",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="names",
                            to="registry.address",
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["key"], name="address_name_key", opclasses=["text_pattern_ops"]),
                        models.Index(
                            fields=["sound"], name="address_name_sound", opclasses=["text_pattern_ops"]
                        ),
                        django.contrib.postgres.indexes.GinIndex(
                            fields=["nearly"], name="address_name_nearly"
                        ),
                        django.contrib.postgres.indexes.GinIndex(fields=["pairs"], name="address_name_pairs"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("address", "key"), name="address_name_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Room",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("name", models.CharField(max_length=40, verbose_name="room")),
                    ("key", models.CharField(max_length=40)),
                    ("floor", models.SmallIntegerField(blank=True, null=True, verbose_name="floor")),
                    ("valid_from", models.DateField(default=datetime.date(1949, 10, 1))),
                    (
                        "valid_to",
                        models.DateField(
                            blank=True, help_text="first day on which it no longer holds", null=True
                        ),
                    ),
                    ("source", models.CharField(blank=True, max_length=100)),
                    (
                        "address",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="rooms",
                            to="registry.address",
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("valid_to", None)),
                            fields=("address", "key"),
                            name="room_once",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Extract",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("name", models.CharField(max_length=200, verbose_name="file")),
                    ("size", models.BigIntegerField()),
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
                    ("found", models.JSONField(default=dict)),
                    ("refusal", models.TextField(blank=True)),
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
                    ("done", models.FloatField(default=0, help_text="how much of the work is done, 0 to 1")),
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
                name="FacilityFile",
                fields=[
                    (
                        "id",
                        models.UUIDField(
                            default=wangge.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("name", models.CharField(max_length=200, verbose_name="file")),
                    ("size", models.BigIntegerField()),
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
                    (
                        "tries",
                        models.SmallIntegerField(default=0, help_text="how often this work on it was begun"),
                    ),
                    ("found", models.JSONField(default=dict)),
                    ("refusal", models.TextField(blank=True)),
                    ("made_at", models.DateTimeField()),
                    ("stored_at", models.DateTimeField(null=True)),
                    ("reading", models.JSONField(default=dict)),
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
                ],
                options={
                    "ordering": ("-made_at",),
                    "abstract": False,
                },
            ),
        ),
    ]
