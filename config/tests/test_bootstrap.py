"""What a bare clone needs is made once, and what is missing on the machine is said plainly."""

import sys
from pathlib import Path

import pytest

import bootstrap
from bootstrap import NotReadyError


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one island and an environment in which every step is only noted down."""
    for name in ("ROOT", "VENV", "STAMPS", "FRONT", "NODE_MODULES", "PYTHON"):
        path = getattr(bootstrap, name)
        monkeypatch.setattr(
            bootstrap, name, tmp_path / path.relative_to(bootstrap.ROOT) if name != "ROOT" else path
        )
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json", "package.json", ".npmrc"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(bootstrap, "_step", lambda title, *command, **options: done.append(title))
    monkeypatch.setattr(bootstrap, "find_node", lambda: ("/bin/node", ["/bin/npm"]))
    return done


def test_packages_are_installed_once_and_again_when_the_lock_changes(clone: Path, steps: list[str]) -> None:
    bootstrap._packages("requirements.txt", "base")
    bootstrap._packages("requirements.txt", "base")
    assert len(steps) == 1

    (clone / "requirements.txt").write_text("something newer")
    bootstrap._packages("requirements.txt", "base")
    assert len(steps) == 2


def test_what_the_tests_need_holds_what_running_needs(clone: Path, steps: list[str]) -> None:
    bootstrap._packages("requirements-dev.txt", "dev")
    bootstrap._packages("requirements.txt", "base")

    assert len(steps) == 1


def test_front_end_packages_are_installed_again_when_any_of_their_files_changes(
    clone: Path, steps: list[str]
) -> None:
    bootstrap._node_packages()
    bootstrap._node_packages()
    (clone / ".npmrc").write_text("another rule")
    bootstrap._node_packages()

    assert len(steps) == 2


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("v20.18.0", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("nonsense", False),
    ],
)
def test_a_node_is_used_only_when_vite_runs_on_it(said: str, fits: bool, tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {said}\n")
    node.chmod(0o755)

    assert bootstrap._new_enough(str(node)) is fits


def test_a_failing_step_shows_its_last_words_and_the_advice(capsys: pytest.CaptureFixture[str]) -> None:
    program = "import sys; print('no route to the mirror'); sys.exit(3)"

    with pytest.raises(
        NotReadyError, match=r"(?s)Fetching failed.*no route to the mirror.*Check the network"
    ):
        bootstrap._step("Fetching", [sys.executable, "-c", program], advice="Check the network.")
    assert "» Fetching" in capsys.readouterr().out


def test_an_unknown_goal_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["dance"]) == 2
    assert "run" in capsys.readouterr().err
