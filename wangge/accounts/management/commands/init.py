import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from wangge.accounts.actions import found_administrators
from wangge.accounts.models import AdminPost, AdminRole
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Make keys, tables and the first three administrators; prints their one-time passwords once."
    example = "wangge init --system wang.fang --security li.jun --audit zhao.min"

    def add_arguments(self, parser: CommandParser) -> None:
        for role in AdminRole:
            parser.add_argument(
                f"--{_option(role)}", metavar="NAME", help=f"account name of the {_title(role)}"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        names = {role: options[_option(role)] or self._ask(role) for role in AdminRole}
        if len(set(names.values())) < len(names):
            raise CommandError(
                "The three administrators are three persons: give three different account names."
            )
        # Nothing else can be done before the keys are there, so this is the first command of an installation.
        if AdminPost._meta.db_table not in connection.introspection.table_names():
            call_command("migrate", interactive=False, verbosity=0)
        issued = found_administrators({role: (name, name) for role, name in names.items()}, at=timezone.now())
        width = max(len(one.account.username) for one in issued)
        for role, one in zip(AdminRole, issued, strict=True):
            self.stdout.write(f"{one.account.username:<{width}}  {one.password}  {_title(role)}")
        self.stdout.write(
            "These passwords are shown only now and must be changed at the first sign-in. Hand each to its person."
        )

    def _ask(self, role: AdminRole) -> str:
        if not sys.stdin.isatty():
            raise CommandError(f"Name the {_title(role)}: --{_option(role)} NAME")
        return input(f"Account name of the {_title(role)}: ").strip() or self._ask(role)


def _option(role: AdminRole) -> str:
    return role.value.removesuffix("_admin")


def _title(role: AdminRole) -> str:
    with override("en"):
        return str(role.label).lower()
