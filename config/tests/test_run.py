"""What stands in the way of a start is named before anything slow is done."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import cli, run
from config.run import CannotRunError


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CannotRunError, match=f"Port {port} on 127.0.0.1 .* PORT={port + 1} make run"):
            run.require_free_port("127.0.0.1", port)


@pytest.mark.parametrize("value", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", value)

    assert run.main([]) == 1


def test_a_second_instance_on_the_same_data_is_told_of_the_first(tmp_path: Path) -> None:
    with (
        run.only_instance(tmp_path, "http://127.0.0.1:8000/"),
        pytest.raises(CannotRunError, match=rf"process {os.getpid()}, http://127.0.0.1:8000/"),
        run.only_instance(tmp_path, "http://127.0.0.1:8001/"),
    ):
        pass


def test_after_an_orderly_end_the_data_is_free_again(tmp_path: Path) -> None:
    for _ in range(2):
        with run.only_instance(tmp_path, "http://127.0.0.1:8000/") as record:
            record.write({"children": [1]})
        assert (tmp_path / "run.lock").read_text() == ""


def test_children_of_a_killed_run_are_ended_but_no_stranger_with_their_number(tmp_path: Path) -> None:
    sleeping = "import time; time.sleep(60)"
    left_behind = subprocess.Popen([sys.executable, "-c", sleeping, "config.serve"])
    stranger = subprocess.Popen([sys.executable, "-c", sleeping])
    try:
        (tmp_path / "run.lock").write_text(f'{{"pid": 1, "children": [{left_behind.pid}, {stranger.pid}]}}')

        with run.only_instance(tmp_path, "http://127.0.0.1:8000/"):
            assert left_behind.wait(timeout=5) != 0
            assert stranger.poll() is None
    finally:
        for process in (left_behind, stranger):
            process.kill()
            process.wait()


def test_an_address_that_cannot_be_read_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WANGGE_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "mysql://city/wangge")

    assert cli.run(["run"]) == 1
    assert "must begin with postgresql://" in capsys.readouterr().err


WAITING = "import sys; sys.exit(7 if sys.stdin.readline() == 'go\\n' else 1)"


def test_what_is_held_goes_on_when_it_is_started() -> None:
    child = run.Child("web", [sys.executable, "-c", WAITING])
    with child.held("--when-told"):
        held = child.process
        child.start()
        assert child.process is held
        assert held is not None
        assert held.wait(timeout=30) == 7


def test_what_is_held_and_never_started_is_ended() -> None:
    child = run.Child("web", [sys.executable, "-c", WAITING])
    with child.held("--when-told"):
        held = child.process
    assert held is not None
    assert held.poll() == -signal.SIGKILL


def test_what_ended_while_it_was_held_is_begun_anew() -> None:
    child = run.Child("web", [sys.executable, "-c", "import sys; sys.exit(len(sys.argv))"])
    with child.held("--when-told"):
        held = child.process
        assert held is not None
        assert held.wait(timeout=30) == 2
        child.start()
        again = child.process
        assert again is not None
        assert again is not held
        assert again.wait(timeout=30) == 1
