import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.common.ids


class Migration(migrations.Migration):
    replaces = [("attachments", "0001_initial"), ("attachments", "0002_portraits")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
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
                        choices=[("photo", "photo"), ("audio", "recording"), ("document", "document")],
                        max_length=8,
                    ),
                ),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField(help_text="bytes of the full size as stored")),
                ("width", models.PositiveIntegerField(blank=True, help_text="pixels", null=True)),
                ("height", models.PositiveIntegerField(blank=True, help_text="pixels", null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("medium_sha256", models.CharField(blank=True, max_length=64)),
                ("thumb_sha256", models.CharField(blank=True, max_length=64)),
                ("name", models.CharField(max_length=120)),
                ("taken_at", models.DateTimeField(blank=True, help_text="what the camera says", null=True)),
                (
                    "taken_lon",
                    models.FloatField(
                        blank=True, help_text="degrees, WGS84, what the camera says", null=True
                    ),
                ),
                (
                    "taken_lat",
                    models.FloatField(
                        blank=True, help_text="degrees, WGS84, what the camera says", null=True
                    ),
                ),
                ("subject_kind", models.CharField(max_length=16)),
                ("subject_id", models.UUIDField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("report", "report"),
                            ("before", "before the work"),
                            ("after", "after the work"),
                            ("check", "check"),
                            ("evidence", "evidence"),
                            ("comment", "comment"),
                            ("portrait", "portrait"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "event_id",
                    models.BigIntegerField(blank=True, help_text="the event it came with", null=True),
                ),
                ("uploaded_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sealed",
                    models.BooleanField(
                        default=False, help_text="seen only by those who may see sealed files"
                    ),
                ),
                (
                    "blurred_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="blurred",
                        to="attachments.attachment",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject"),
                    models.Index(fields=["sha256"], name="attachment_full"),
                    models.Index(fields=["medium_sha256"], name="attachment_medium"),
                    models.Index(fields=["thumb_sha256"], name="attachment_thumb"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("height__isnull", False),
                                ("kind", "photo"),
                                ("width__isnull", False),
                                models.Q(("medium_sha256", ""), _negated=True),
                                models.Q(("thumb_sha256", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "photo"), _negated=True),
                                ("height", None),
                                ("medium_sha256", ""),
                                ("thumb_sha256", ""),
                                ("width", None),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_photo_has_sizes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_lat", None), ("taken_lon", None)),
                            models.Q(
                                ("taken_lat__isnull", False),
                                ("taken_lon__isnull", False),
                                ("taken_lat__range", (-90, 90)),
                                ("taken_lon__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_place_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("published_by", None)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="attachment_published_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None),
                            models.Q(("sealed", False), models.Q(("kind", "audio"), _negated=True)),
                            _connector="OR",
                        ),
                        name="attachment_public_not_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("blurred_from", models.F("id")), _negated=True),
                        name="attachment_not_blurred_from_itself",
                    ),
                ],
            },
        ),
    ]
