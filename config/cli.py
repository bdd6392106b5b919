"""The ``wangge`` command: ``wangge import areas FILE`` is the management command ``import_areas`` of one of our apps."""

import contextlib
import importlib
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence

import psycopg

from wangge.common import database, embedded_db, secrets
from wangge.common.places import data_directory
from wangge.common.postgres_binaries import DatabaseUnavailable

OURS = ("wangge.", "demo", "benchmarks", "config")
# Django's commands worth offering beside ours; the rest still work when named.
OFFERED = ("shell", "dbshell")
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "makemessages",
    "makemigrations",
}
SUPERVISORS = {
    "run": "start everything here: database, web and worker (what `make run` calls)",
    "serve": "serve the pages and interfaces; the database must be up and migrated",
    "doctor": "check this installation and say what to do about each fault",
    "docs": "write the generated parts of docs/reference",
}


class UnknownCommand(Exception):
    """No command is called that."""


def main() -> None:
    """Run the command named on the command line and exit: 0 when done, 1 when refused, 2 when misused."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Run one command and return its exit code; failures we foresee are one sentence on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        return _dispatch(words)
    except (UnknownCommand, DatabaseUnavailable, database.DatabaseUrlError, secrets.MissingSecrets) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python must not complain while it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _dispatch(words: Sequence[str]) -> int:
    if words and words[0] in SUPERVISORS:
        # Each loads only what it needs: the supervisor of `run` stays small without Django.
        return int(importlib.import_module(f"config.{words[0]}").main(words[1:]))
    if words and words[0] == "init":
        secrets.create(data_directory())

    import django

    django.setup()
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0
    name, rest = find(words, _commands())
    return _execute(name, rest, " ".join(words[: len(words) - len(rest)]))


def find(words: Sequence[str], commands: Sequence[str] | dict[str, str]) -> tuple[str, list[str]]:
    """Return the command whose name is the longest ``_``-joined beginning of the words, and the words left over.

    Raises `UnknownCommand`, naming the commands that begin alike.
    """
    for length in range(len(words), 0, -1):
        name = "_".join(words[:length]).replace("-", "_")
        if name in commands:
            return name, list(words[length:])
    alike = sorted(spoken(name) for name in commands if name.startswith(words[0].replace("-", "_")))
    hint = f" Did you mean: {', '.join(alike)}?" if alike else " `wangge --help` lists the commands."
    raise UnknownCommand(f"There is no command `{words[0]}`.{hint}")


def spoken(name: str) -> str:
    """Return how a person types the command: ``import_areas`` is ``import areas``."""
    return name if name == "verify_log" else name.replace("_", " ")


def overview() -> str:
    """Return the list of commands with one line each."""
    from django.core.management import load_command_class

    lines = dict(SUPERVISORS)
    for name, app in _commands().items():
        if app.startswith(OURS) or name in OFFERED:
            help_text = str(load_command_class(app, name).help).strip()
            lines[spoken(name)] = help_text.splitlines()[0] if help_text else ""
    width = max(map(len, lines))
    listed = "\n".join(f"  {name:<{width}}  {line}" for name, line in sorted(lines.items()))
    return (
        "Usage: wangge COMMAND [WORDS] [OPTIONS]\n\nCommands:\n"
        f"{listed}\n\n`wangge COMMAND --help` shows how to use one, with an example."
    )


def _commands() -> dict[str, str]:
    from django.core.management import get_commands

    # Django writes the app's name; for its own commands that is "django.core".
    return {name: str(app) for name, app in get_commands().items()}


def _execute(name: str, rest: list[str], called: str) -> int:
    from django.core.management import load_command_class
    from django.core.management.base import CommandError, SystemCheckError, handle_default_options

    from wangge.common.refusals import Refused

    command = load_command_class(_commands()[name], name)
    command._called_from_command_line = True  # type: ignore[attr-defined]  # misuse prints the usage, exit 2
    parser = command.create_parser("wangge", called)
    options = vars(parser.parse_args(rest))
    arguments = options.pop("args", ())
    needs_database = getattr(command, "needs_database", name not in WITHOUT_DATABASE)
    try:
        handle_default_options(Namespace(**options))
        with database_up() if needs_database else contextlib.nullcontext():
            command.execute(*arguments, **options)
    except SystemCheckError as error:
        return _fail(str(error))
    except (Refused, CommandError) as error:
        return _fail(str(error), getattr(error, "returncode", 1))
    except Exception as error:
        if isinstance(error.__cause__ or error, psycopg.OperationalError) and not os.environ.get(
            "WANGGE_DEBUG"
        ):
            return _fail(f"The database cannot be reached: {str(error).strip().splitlines()[0]}")
        raise
    return 0


@contextlib.contextmanager
def database_up() -> Iterator[None]:
    """Have the database running for the duration: the embedded server is started if nobody runs it yet."""
    from django.db import connections

    if not database.is_embedded():
        yield
        return
    with embedded_db.using(data_directory()):
        try:
            yield
        finally:
            connections.close_all()


def _fail(message: str, code: int = 1) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    main()
