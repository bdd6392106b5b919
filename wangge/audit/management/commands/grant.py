from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from wangge.audit import rights
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Give the database role of web and worker what they need, and nothing that could change the logs or the tables."
    example = "wangge grant wangge_web"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", metavar="ROLE", help="a role that exists and can log in")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        if not rights.owns_the_logs():
            raise CommandError(
                "Only the owner of the tables can do this: use the DATABASE_URL you migrate with."
            )
        if role == connection.settings_dict["USER"]:
            raise CommandError("This is the owner itself; web and worker need a role of their own.")
        if not rights.exists(role):
            raise CommandError(
                f"There is no role “{role}”. Make it first: createuser --pwprompt {role}, then run this again."
            )
        rights.grant(role)
        self.stdout.write(
            f"{role} can read and write, only add to the logs, and change no table. "
            "Serve with DATABASE_URL=postgresql://"
            f"{role}:…; migrate with the owner's. Run this again after each `wangge migrate`."
        )
