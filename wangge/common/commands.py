"""What all our commands have in common: an example in the help, and one plain sentence on failure."""

from argparse import RawDescriptionHelpFormatter
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """A command of ``wangge``; set `help`, `example` and, for one that works without data, `needs_database`.

    Raise `Refused` or `CommandError` with one sentence that says what to do; ``wangge`` prints it and exits with 1.
    """

    example: ClassVar[str]
    needs_database: ClassVar[bool] = True
    # Django's own switches stay usable but do not clutter the help of people who run a city's installation.
    suppressed_base_arguments = {
        "--version",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return the parser, with the example at the end of its help."""
        kwargs.setdefault("epilog", f"Example:\n  {self.example}")
        kwargs.setdefault("formatter_class", RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)
