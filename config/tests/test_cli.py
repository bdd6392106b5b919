"""People type words; the words find the command, and what goes wrong is one sentence."""

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError

from config import cli
from wangge.common.commands import Command
from wangge.common.refusals import Refused

COMMANDS = ["import_areas", "import_cases", "verify_log", "demo", "apikey_create", "migrate"]


@pytest.mark.parametrize(
    ("typed", "command", "rest"),
    [
        ("import areas grids.csv --dry-run", "import_areas", ["grids.csv", "--dry-run"]),
        ("demo --live", "demo", ["--live"]),
        ("verify-log", "verify_log", []),
        ("verify_log", "verify_log", []),
        ("apikey create street-office", "apikey_create", ["street-office"]),
        ("migrate", "migrate", []),
    ],
)
def test_the_longest_beginning_that_is_a_command_is_meant(typed: str, command: str, rest: list[str]) -> None:
    assert cli.find(typed.split(), COMMANDS) == (command, rest)


def test_an_unfinished_command_is_answered_with_those_that_begin_alike() -> None:
    with pytest.raises(cli.UnknownCommand, match="import areas, import cases"):
        cli.find(["import", "grids.csv"], COMMANDS)


def test_an_unknown_word_points_to_the_help() -> None:
    with pytest.raises(cli.UnknownCommand, match="wangge --help"):
        cli.find(["dance"], COMMANDS)


def test_the_overview_lists_our_commands_with_one_line_each() -> None:
    lines = cli.overview().splitlines()

    assert any(line.split()[:2] == ["run", "start"] for line in lines)
    assert not any("startapp" in line for line in lines)


def test_every_command_of_ours_has_help_with_an_example() -> None:
    ours = [(name, app) for name, app in get_commands().items() if str(app).startswith(cli.OURS)]
    for name, app in ours:
        command = load_command_class(str(app), name)
        assert isinstance(command, Command), f"{name} is not built on wangge.common.commands.Command"
        assert command.help, f"{name} has no help"
        assert command.example.startswith("wangge "), f"the example of {name} is not one to copy"


@pytest.mark.parametrize("words", [["run"], ["serve"], ["doctor"]])
def test_the_supervisors_have_help_with_an_example(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.run([*words, "--help"])
    assert "Example:\n" in capsys.readouterr().out


class Refusing(Command):
    help = "Refuses."
    example = "wangge refusing"
    needs_database = False
    error: Exception = Refused("The street has no open cases.")

    def handle(self, *args: object, **options: object) -> None:
        raise self.error


@pytest.mark.parametrize("error", [Refused("There is no such file."), CommandError("There is no such file.")])
def test_a_refusal_is_one_sentence_and_exit_code_one(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Refusing, "error", error)
    monkeypatch.setattr(cli, "_commands", lambda: {"refusing": "demo"})
    monkeypatch.setattr("django.core.management.load_command_class", lambda app, name: Refusing())
    monkeypatch.setattr(Refusing, "requires_system_checks", [])

    assert cli.run(["refusing"]) == 1
    assert capsys.readouterr().err == "There is no such file.\n"
