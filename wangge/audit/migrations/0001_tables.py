import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wangge.audit.migrations import _guards
from wangge.common.many_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [("audit", "0001_initial"), ("audit", "0002_anchors_and_guards")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Event",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("subject_kind", models.CharField(max_length=16)),
                    ("subject_id", models.UUIDField()),
                    ("seq", models.IntegerField(help_text="1, 2, 3 … within the subject")),
                    ("verb", models.CharField(max_length=40)),
                    ("at", models.DateTimeField()),
                    ("from_stage", models.CharField(blank=True, max_length=16)),
                    ("to_stage", models.CharField(blank=True, max_length=16)),
                    ("payload_digest", models.BinaryField(max_length=32)),
                    ("previous", models.BinaryField(max_length=32)),
                    ("digest", models.BinaryField(max_length=32)),
                    (
                        "actor",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["at"], name="event_at"),
                        models.Index(fields=["actor", "at"], name="event_actor_at"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("subject_id", "seq"), name="event_place_in_chain")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Outbox",
                fields=[
                    (
                        "event",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="audit.event",
                        ),
                    ),
                    (
                        "done",
                        models.JSONField(default=list, help_text="names of listeners that have finished"),
                    ),
                    ("tries", models.IntegerField(default=0)),
                    ("next_try_at", models.DateTimeField(null=True)),
                    ("error", models.TextField(blank=True)),
                ],
                options={
                    "indexes": [
                        models.Index(
                            condition=models.Q(("next_try_at__isnull", False)),
                            fields=["next_try_at"],
                            name="outbox_waiting",
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                name="Payload",
                fields=[
                    (
                        "event",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="payload",
                            serialize=False,
                            to="audit.event",
                        ),
                    ),
                    ("salt", models.BinaryField(max_length=16)),
                    ("data", models.JSONField(default=dict)),
                ],
            ),
            migrations.CreateModel(
                name="AccessEntry",
                fields=[
                    ("id", models.BigAutoField(primary_key=True, serialize=False)),
                    ("at", models.DateTimeField()),
                    ("act", models.CharField(max_length=40)),
                    ("subject_kind", models.CharField(blank=True, max_length=16)),
                    ("subject_id", models.CharField(blank=True, max_length=40)),
                    ("purpose", models.CharField(blank=True, max_length=200)),
                    ("detail", models.JSONField(default=dict)),
                    ("address", models.GenericIPAddressField(null=True)),
                    ("previous", models.BinaryField(max_length=32)),
                    ("digest", models.BinaryField(max_length=32)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["at"], name="access_at"),
                        models.Index(fields=["account", "at"], name="access_account_at"),
                        models.Index(
                            condition=models.Q(("act", "words_erased")),
                            fields=["subject_id"],
                            name="access_erasures",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Anchor",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "day",
                        models.DateField(
                            help_text="local day that was over when the anchor was made", unique=True
                        ),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("after", models.BigIntegerField()),
                    ("last", models.BigIntegerField()),
                    ("events", models.IntegerField()),
                    ("chains", models.IntegerField()),
                    ("root", models.BinaryField(max_length=32)),
                    (
                        "access",
                        models.BigIntegerField(
                            help_text="number of the last entry of the access log, 0 for none"
                        ),
                    ),
                    ("access_digest", models.BinaryField(max_length=32)),
                    ("previous", models.BinaryField(max_length=32)),
                    ("digest", models.BinaryField(max_length=32)),
                ],
                options={
                    "ordering": ("day",),
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("last__gte", models.F("after"))), name="anchor_goes_forward"
                        )
                    ],
                },
            ),
        ),
        migrations.RunSQL(_guards.APPENDING + _guards.TRUNCATING + _guards.ERASING, _guards.BACK),
    ]
