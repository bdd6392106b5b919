import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wangge.common.sealing
from wangge.common.many_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_notices"),
        ("notifications", "0002_who_asked"),
        ("notifications", "0003_many_in_one"),
        ("notifications", "0004_ways_of_being_left_alone"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="LeftAlone",
                fields=[
                    (
                        "who",
                        models.CharField(
                            help_text="an outsider, or address:<mark>",
                            max_length=80,
                            primary_key=True,
                            serialize=False,
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    (
                        "way",
                        models.CharField(
                            help_text="page; mail: the reader's mail program; erasure: what was said is erased",
                            max_length=12,
                        ),
                    ),
                    (
                        "asked_by",
                        models.CharField(
                            blank=True,
                            help_text="of an address: the outsider who asked, and may take it back",
                            max_length=80,
                        ),
                    ),
                ],
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
                    ("channel", models.CharField(max_length=12)),
                    ("value", wangge.common.sealing.SealedTextField()),
                    ("mark", models.CharField(help_text="fingerprint of channel and value", max_length=32)),
                    ("wanted", models.BooleanField(default=True)),
                    ("added_at", models.DateTimeField()),
                    (
                        "refused_at",
                        models.DateTimeField(help_text="the provider said that it leads nowhere", null=True),
                    ),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="notice_addresses",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "constraints": [models.UniqueConstraint(fields=("account", "mark"), name="address_once")],
                },
            ),
            migrations.CreateModel(
                name="Notice",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "source",
                        models.CharField(help_text="what it comes from, such as event:123", max_length=80),
                    ),
                    ("wording", models.CharField(max_length=40)),
                    (
                        "words",
                        models.JSONField(default=dict, help_text="facts of the wording; nothing personal"),
                    ),
                    ("subject_kind", models.CharField(blank=True, max_length=16)),
                    ("subject_id", models.UUIDField(null=True)),
                    ("link", models.CharField(blank=True, max_length=200)),
                    ("urgent", models.BooleanField(default=False)),
                    ("shown_at", models.DateTimeField(help_text="nobody sees it before")),
                    ("read_at", models.DateTimeField(null=True)),
                    (
                        "recipient",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="notices",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "gathered_in",
                        models.ForeignKey(
                            help_text="the one that tells of many alike; this one is kept and not shown",
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="gathered",
                            to="notifications.notice",
                        ),
                    ),
                ],
                options={
                    "ordering": ("-shown_at", "-id"),
                    "indexes": [
                        models.Index(fields=["recipient", "-shown_at"], name="notice_of_person"),
                        models.Index(
                            condition=models.Q(("read_at", None)),
                            fields=["recipient", "shown_at"],
                            name="notice_unread",
                        ),
                        models.Index(fields=["subject_id"], name="notice_subject"),
                        models.Index(fields=["shown_at"], name="notice_shown"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(fields=("source", "recipient", "wording"), name="notice_once")
                    ],
                },
            ),
            migrations.CreateModel(
                name="Delivery",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("source", models.CharField(max_length=80)),
                    ("outsider", models.CharField(blank=True, max_length=60)),
                    ("channel", models.CharField(max_length=12)),
                    ("sealed", wangge.common.sealing.SealedTextField(null=True)),
                    ("masked", models.CharField(blank=True, max_length=80)),
                    (
                        "mark",
                        models.CharField(blank=True, help_text="fingerprint of the address", max_length=32),
                    ),
                    ("wording", models.CharField(max_length=40)),
                    ("words", models.JSONField(default=dict)),
                    ("subject_id", models.UUIDField(null=True)),
                    ("link", wangge.common.sealing.SealedTextField()),
                    ("urgent", models.BooleanField(default=False)),
                    (
                        "state",
                        models.CharField(
                            choices=[
                                ("waiting", "Waiting"),
                                ("held", "Held for a summary"),
                                ("sending", "Being sent"),
                                ("sent", "Sent"),
                                ("gathered", "Told in a summary"),
                                ("stopped", "Not sent"),
                                ("failed", "Failed"),
                            ],
                            default="waiting",
                            max_length=10,
                        ),
                    ),
                    (
                        "was_held",
                        models.BooleanField(
                            default=False, help_text="its waiting is over; no cap holds it again"
                        ),
                    ),
                    ("made_at", models.DateTimeField()),
                    ("due_at", models.DateTimeField(help_text="not sent before")),
                    ("claimed_at", models.DateTimeField(null=True)),
                    ("ended_at", models.DateTimeField(null=True)),
                    ("tries", models.SmallIntegerField(default=0)),
                    (
                        "account",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    (
                        "address",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to="notifications.address",
                        ),
                    ),
                    (
                        "gathered_in",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="gathers",
                            to="notifications.delivery",
                        ),
                    ),
                    (
                        "notice",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="deliveries",
                            to="notifications.notice",
                        ),
                    ),
                ],
                options={
                    "ordering": ("-made_at", "-id"),
                    "indexes": [
                        models.Index(
                            condition=models.Q(("state__in", ("waiting", "held", "sending"))),
                            fields=["due_at"],
                            name="delivery_open",
                        ),
                        models.Index(
                            condition=models.Q(("state", "sent")),
                            fields=["account", "channel", "ended_at"],
                            name="delivery_sent",
                        ),
                        models.Index(
                            condition=models.Q(("state__in", ("waiting", "held", "sending"))),
                            fields=["subject_id"],
                            name="delivery_subject",
                        ),
                        models.Index(fields=["-made_at"], name="delivery_made"),
                    ],
                    "constraints": [
                        models.UniqueConstraint(
                            condition=models.Q(("account__isnull", False)),
                            fields=("source", "wording", "account", "channel", "mark"),
                            name="delivery_once_to_colleague",
                        ),
                        models.UniqueConstraint(
                            condition=models.Q(("account", None)),
                            fields=("source", "wording", "outsider", "channel"),
                            name="delivery_once_to_outsider",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("account__isnull", False), ("outsider", "")),
                                models.Q(("account", None), models.Q(("outsider", ""), _negated=True)),
                                _connector="OR",
                            ),
                            name="delivery_to_one",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("ended_at", None), ("state__in", ("waiting", "held", "sending"))),
                                models.Q(
                                    models.Q(("state__in", ("waiting", "held", "sending")), _negated=True),
                                    ("ended_at__isnull", False),
                                    ("sealed", None),
                                ),
                                _connector="OR",
                            ),
                            name="delivery_ended_forgets",
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Attempt",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField()),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("sent", "Taken by the provider"),
                                ("again", "Failed, tried again later"),
                                ("unknown", "No answer; it may have arrived"),
                                ("refused", "Refused for good"),
                            ],
                            max_length=8,
                        ),
                    ),
                    ("said", models.CharField(blank=True, help_text="the error in words", max_length=300)),
                    ("provider_id", models.CharField(blank=True, max_length=120)),
                    (
                        "delivery",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="attempts",
                            to="notifications.delivery",
                        ),
                    ),
                ],
                options={
                    "ordering": ("at", "id"),
                },
            ),
            migrations.CreateModel(
                name="Preference",
                fields=[
                    (
                        "account",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="notice_preference",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                    ("quiet_from", models.TimeField(blank=True, default=datetime.time(21, 0), null=True)),
                    ("quiet_until", models.TimeField(blank=True, default=datetime.time(7, 0), null=True)),
                    ("digest_at", models.TimeField(blank=True, null=True)),
                ],
                options={
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("quiet_from", None), ("quiet_until", None)),
                                models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                                _connector="OR",
                            ),
                            name="preference_whole_quiet_hours",
                        )
                    ],
                },
            ),
        ),
    ]
