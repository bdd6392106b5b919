"""``wangge docs``: writes the parts of docs/reference that are told by the program itself; a test holds them current."""

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any

from config import cli
from config.environment import GROUPS

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by `wangge docs`. Change the program and run it again. -->"


def parser() -> argparse.ArgumentParser:
    """Return the options of ``wangge docs``."""
    result = argparse.ArgumentParser(
        prog="wangge docs",
        description="Write the generated parts of docs/reference.",
        epilog="Example:\n  wangge docs --check",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument("--check", action="store_true", help="write nothing, name what is out of date")
    return result


def main(words: Sequence[str]) -> int:
    """Write every generated document; with --check only tell which are out of date (exit 1)."""
    only_check = parser().parse_args(words).check
    stale = out_of_date()
    for name, text in stale.items():
        if not only_check:
            FOLDER.mkdir(parents=True, exist_ok=True)
            (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}: {'out of date' if only_check else 'written'}")
    return int(only_check and bool(stale))


def out_of_date() -> dict[str, str]:
    """Return name and right content of each generated document that differs from what lies in the folder."""
    found = {}
    for name, text in documents():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            found[name] = text
    return found


def documents() -> Iterator[tuple[str, str]]:
    """Return name and content of every generated document, in English whatever the installation speaks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.utils import translation

    django.setup()
    with translation.override("en"):
        for name, lines in WRITERS.items():
            yield name, "\n".join([NOTE, "", *lines()]).rstrip() + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return the lines of a Markdown table; a bar inside a cell is escaped."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


# -- The closed loop -----------------------------------------------------------------------------------


def workflow() -> Iterator[str]:
    """The table of steps, as `wangge/cases/workflow.py` has it."""
    from wangge.cases.workflow import steps_of

    yield from (
        "# The closed loop, step by step",
        "",
        "This table drives permissions, buttons, their tooltips and the tests (`wangge/cases/workflow.py`).",
        "A step that stays at its stage shows “–” under *To*. *Stops* names the clocks that a step ends.",
        "*Address* is the noun of its URL: `/cases/<number>/<noun>/` or `/reports/<number>/<noun>/`.",
    )
    for kind, title in (("report", "Steps of a report"), ("case", "Steps of a case")):
        heads = ("Step", "Verb", "From", "To", "Who", "Stops", "Note", "Public", "Address")
        yield from ("", f"## {title}", "", *table(heads, map(_step_row, steps_of(kind))))


def _step_row(step: Any) -> tuple[str, ...]:
    from wangge.cases.workflow import Stage

    return (
        str(step.label),
        f"`{step.verb}`",
        ", ".join(str(stage.label) for stage in Stage if stage in step.sources) or "–",
        str(step.target.label) if step.target else "–",
        "; ".join(_who(step)),
        ", ".join(step.stops) or "–",
        "needed" if step.needs_note else "–",
        "yes" if step.public else "–",
        f"`{step.noun}`",
    )


def _who(step: Any) -> Iterator[str]:
    from wangge.accounts.models import Role

    groups = (
        (step.roles, "{}"),
        (step.unit_roles, "{} of the case's unit"),
        (step.grid_roles, "{} in the community"),
    )
    for roles, words in groups:
        if roles:
            yield words.format(", ".join(str(role.label) for role in Role if role in roles))
    if step.reporter:
        yield "the reporter"
    if step.automatic:
        yield "the system"


# -- Settings ------------------------------------------------------------------------------------------


def settings() -> Iterator[str]:
    """The environment variables, as `config/environment.py` tells them."""
    yield from (
        "# Environment variables",
        "",
        "All of an installation's settings come from the environment; a fresh checkout runs without any.",
    )
    for title, variables in GROUPS.items():
        rows = [(f"`{v.name}`", f"`{v.default}`" if v.default else "empty", v.meaning) for v in variables]
        yield from ("", f"## {title}", "", *table(("Variable", "Without it", "Meaning"), rows))


# -- Commands ------------------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    """Every command of ours with its words, options and example."""
    yield from (
        "# Commands",
        "",
        "`make run` leaves `wangge` in `.venv/bin`. Each command has `--help`, exits with 0 when done, 1 when refused",
        "and 2 when misused, and starts the embedded database for itself when nobody runs it yet.",
    )
    told = {name: (line, _parser_of_module(name)) for name, line in cli.SUPERVISORS.items()}
    told |= dict(_management_commands())
    for name, (line, options) in sorted(told.items()):
        yield from ("", f"## wangge {name}", "", _sentence(line))
        if options:
            yield from _told(options)


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:] + ("" if line.endswith(".") else ".")


def _parser_of_module(name: str) -> argparse.ArgumentParser | None:
    make: Callable[[], argparse.ArgumentParser] | None = getattr(
        import_module(f"config.{name}"), "parser", None
    )
    return make() if make else None


def _management_commands() -> Iterator[tuple[str, tuple[str, argparse.ArgumentParser]]]:
    from django.core.management import get_commands, load_command_class

    for name, app in get_commands().items():
        if str(app).startswith(cli.OURS):
            command = load_command_class(str(app), name)
            spoken = cli.spoken(name).replace("_", "-")
            yield spoken, (str(command.help), command.create_parser("wangge", spoken))


def _told(options: argparse.ArgumentParser) -> Iterator[str]:
    """What may be typed, and the example."""
    if rows := list(_rows(options)):
        yield from ("", *table(("Word or option", "Meaning"), rows))
    example = dedent((options.epilog or "").removeprefix("Example:").strip("\n")).strip()
    if example:
        yield from ("", "```sh", example, "```")


# What every command of Django has.
COMMON = {
    "help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks",
}  # fmt: skip


def _rows(options: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    # Not format_help(): its layout differs between versions of Python.
    for action in options._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from _choices(action)
        elif action.dest not in COMMON:
            yield f"`{_spelt(action)}`", _explained(action)


def _choices(action: "argparse._SubParsersAction[argparse.ArgumentParser]") -> Iterator[tuple[str, str]]:
    for choice in action._choices_actions:
        inner = [_spelt(each) for each in action.choices[choice.dest]._actions if each.dest not in COMMON]
        yield f"`{' '.join([choice.dest, *inner])}`", choice.help or ""


def _spelt(action: argparse.Action) -> str:
    value = str(action.metavar or action.dest).upper().replace("_", "-")
    if not action.option_strings:
        return value + (" …" if action.nargs in ("+", "*") else "")
    return action.option_strings[-1] + ("" if action.nargs == 0 else f" {value}")


def _explained(action: argparse.Action) -> str:
    choices = f"({', '.join(map(str, action.choices))})" if action.choices else ""
    return " ".join(filter(None, [action.help, choices]))


# -- Personal data ---------------------------------------------------------------------------------------


def personal_data() -> Iterator[str]:
    """Every stored field that concerns a person: why, on what ground, how sensitive, how long."""
    from django.apps import apps

    from wangge.common.privacy import Sensitivity, statement_of

    yield from (
        "# What is stored about persons",
        "",
        "Each text field of ours says what it holds; the program does not migrate while one does not",
        "(`wangge/common/privacy.py`). Fields marked sensitive are encrypted in the database. The retention named here is",
        "the rule; the job that carries it out is not built yet.",
        "",
    )
    rows = []
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        for field in model._meta.local_fields:
            statement = statement_of(field)
            if statement and statement.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE):
                where = f"`{model._meta.label}.{field.name}`"
                rows.append(
                    (
                        where,
                        statement.sensitivity.value,
                        statement.purpose,
                        statement.basis,
                        statement.retention,
                    )
                )
    yield from table(("Field", "Class", "Purpose", "Ground", "Kept"), rows)


WRITERS: dict[str, Callable[[], Iterator[str]]] = {
    "workflow.md": workflow,
    "settings.md": settings,
    "commands.md": commands,
    "personal-data.md": personal_data,
}
