import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wangge.common.many_tables import CreateModels


class Migration(migrations.Migration):
    replaces = [("accounts", "0001_initial"), ("accounts", "0002_demo_hints_in_english")]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            migrations.CreateModel(
                name="Unit",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=40, unique=True)),
                    ("name", models.CharField(max_length=100)),
                    ("name_en", models.CharField(blank=True, max_length=160)),
                    (
                        "kind",
                        models.CharField(
                            choices=[
                                ("centre", "Centre"),
                                ("station", "Community station"),
                                ("department", "Department"),
                                ("company", "Company"),
                                ("committee", "Committee"),
                            ],
                            max_length=12,
                        ),
                    ),
                    ("phone", models.CharField(blank=True, max_length=40)),
                    ("closed_on", models.DateField(blank=True, null=True)),
                    (
                        "parent",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="children",
                            to="accounts.unit",
                        ),
                    ),
                ],
                options={
                    "ordering": ("code",),
                },
            ),
            migrations.CreateModel(
                name="Account",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                    ("username", models.CharField(max_length=60, unique=True, verbose_name="account name")),
                    ("name", models.CharField(max_length=60, verbose_name="name")),
                    ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                    ("password", models.CharField(max_length=200)),
                    ("is_active", models.BooleanField(default=True)),
                    ("password_changed_at", models.DateTimeField(blank=True, null=True)),
                    ("must_change_password", models.BooleanField(default=False)),
                    ("language", models.CharField(blank=True, max_length=10)),
                    ("demo_hint", models.CharField(blank=True, max_length=200)),
                    ("created_at", models.DateTimeField(auto_now_add=True)),
                    (
                        "unit",
                        models.ForeignKey(
                            blank=True,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="people",
                            to="accounts.unit",
                        ),
                    ),
                    ("demo_hint_en", models.CharField(blank=True, max_length=200)),
                ],
                options={
                    "ordering": ("username",),
                },
            ),
            migrations.CreateModel(
                name="AdminPost",
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
                                ("system_admin", "System administrator"),
                                ("security_admin", "Security administrator"),
                                ("audit_admin", "Audit administrator"),
                            ],
                            max_length=20,
                        ),
                    ),
                    (
                        "account",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="admin_post",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
            ),
            migrations.CreateModel(
                name="OldPassword",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("password", models.CharField(max_length=200)),
                    ("set_at", models.DateTimeField()),
                    (
                        "account",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="old_passwords",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "indexes": [
                        models.Index(fields=["account", "-set_at"], name="accounts_ol_account_c3a931_idx")
                    ],
                },
            ),
        ),
    ]
