"""The stages of ``make test``, each with its time; what has not begun when one fails does not begin.

``python .ci/stages.py NAME …`` runs only those. First come, side by side, those that need no database and no browser:
each is printed whole when it ends. The others follow one by one and are seen while they run. What does not hang on
the database and has passed for exactly these files is not repeated, a stage or some tests of one: CI runs everything
twice, once on each database.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PROVEN = ROOT / "build" / "proven"
# Chromium without a window of its own first: the same pages for two thirds of the work of a whole one.
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
CHROMIUM_ADVICE = (
    "The journeys need Chromium and it was not found. Install it (Debian: apt install chromium-headless-shell "
    "fonts-wqy-microhei; a whole chromium does as well) or name it: CHROMIUM=/path/to/chromium make test"
)


@dataclass(frozen=True)
class Stage:
    """One thing we check."""

    name: str
    title: str
    command: tuple[str, ...]
    hangs_on_database: bool = False
    is_pytest: bool = False
    needs_browser: bool = False
    once: str = ""  # the mark of those of its tests that do not hang on the database
    marked: str = ""  # which tests it takes, as pytest's ``-m`` has it

    @property
    def beside_others(self) -> bool:
        """Tell whether others may run meanwhile: it shares nothing with them, and most keep only one core busy."""
        return not self.hangs_on_database and not self.needs_browser


@dataclass(frozen=True)
class Outcome:
    """How a stage ended, and after how many seconds."""

    code: int
    took: float
    said: list[str]

    @property
    def last_line(self) -> str:
        """The last thing it said; of pytest, how many passed."""
        return next((line.strip("= \n") for line in reversed(self.said) if line.strip()), "")


def stages() -> list[Stage]:
    """Return all stages in the order in which they begin; types take as long as all others up to the tests."""
    python, node = sys.executable, _node()
    modules = ROOT / "node_modules"
    packages = [
        name for name in ("config", "wangge", "demo", "benchmarks", "journeys") if (ROOT / name).exists()
    ]
    django = (python, "-W", "ignore:Got an error checking", "-m", "django")
    pytest = (python, "-m", "pytest", "-q", "--no-header")
    # Each worker takes one half, so that what a file prepares for all its tests is prepared once; who is done first helps.
    halves = ("-n", "2", "--dist", "worksteal")
    return [
        Stage("types", "Types (mypy)", (str(BIN / "mypy"), *packages, "bootstrap.py", ".ci/stages.py")),
        Stage("lint", "Lint (ruff)", (str(BIN / "ruff"), "check", "--quiet", ".")),
        Stage("format", "Format (ruff)", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
        Stage("contract", "Contract of layers (import-linter)", (str(BIN / "lint-imports"),)),
        Stage("templates", "Templates (djlint)", (str(BIN / "djlint"), "wangge", "--lint", "--quiet")),
        Stage(
            "tsc",
            "Types of the islands (tsc)",
            (node, str(modules / "typescript" / "bin" / "tsc"), "--noEmit"),
        ),
        Stage(
            "islands", "Tests of the islands (vitest)", (node, str(modules / "vitest" / "vitest.mjs"), "run")
        ),
        Stage("migrations", "Migrations are complete", (*django, "makemigrations", "--check", "--dry-run")),
        Stage(
            "apart",
            "Unit and property tests that need no database",
            (*pytest, *halves),
            marked="not journey and not database",
            is_pytest=True,
        ),
        Stage(
            "unit",
            "Unit and property tests",
            (*pytest, *halves),
            marked="not journey and database",
            once="once",
            hangs_on_database=True,
            is_pytest=True,
        ),
        Stage(
            "journeys",
            "Journeys in a browser",
            # One story at a time: some take ten times as long as others, and nobody should wait at the end.
            (*pytest, "-n", "2", "--maxschedchunk", "1", "journeys"),
            marked="journey",
            # How a page looks does not hang on who keeps its rows; that it answers is among the stories.
            once="look",
            hangs_on_database=True,
            is_pytest=True,
            needs_browser=True,
        ),
    ]


def main(names: list[str]) -> int:
    """Run the named stages, or all; return 0 when all passed."""
    chosen = [stage for stage in stages() if not names or stage.name in names]
    unknown = set(names) - {stage.name for stage in chosen}
    if unknown:
        print(
            f"There is no stage {', '.join(sorted(unknown))}; choose from {', '.join(s.name for s in stages())}."
        )
        return 2
    return 0 if Run(chosen, fingerprint()).passed() else 1


class Run:
    """Some stages, of these files."""

    def __init__(self, chosen: list[Stage], tree: str) -> None:
        self.chosen, self.tree = chosen, tree
        self.told = 0
        self.failed: list[str] = []
        self.summaries: list[str] = []

    def passed(self) -> bool:
        """Run them all, as far as none fails; tell whether none did."""
        waiting = [stage for stage in self.chosen if not self._was_proven(stage)]
        self._side_by_side([stage for stage in waiting if stage.beside_others])
        for stage in waiting:
            if not stage.beside_others and not self.failed:
                self._alone(stage)
        if self.failed:
            names = " ".join(self.failed)
            print(f'FAILED: {names} (again: make test STAGES="{names}")', file=sys.stderr)
            return False
        # The last lines of the run are the closing words of the tests.
        print("\n".join(["", *self.summaries]) if self.summaries else "All passed.")
        return True

    def _was_proven(self, stage: Stage) -> bool:
        proven = not stage.hangs_on_database and _is_proven(stage, self.tree)
        if proven:
            print(f"{self._heading(stage)}: has passed for these files", flush=True)
        return proven

    def _side_by_side(self, chosen: list[Stage]) -> None:
        """Run as many at a time as there are cores; those under way when one fails are told as well."""
        if not chosen:
            return
        print(f"Side by side: {', '.join(stage.name for stage in chosen)}", flush=True)
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            running = {threads.submit(self._unless_failed, stage): stage for stage in chosen}
            for ended in as_completed(running):
                if outcome := ended.result():
                    print(self._heading(running[ended]), *outcome.said, sep="\n", flush=True)
                    self._tell(running[ended], outcome)

    def _unless_failed(self, stage: Stage) -> Outcome | None:
        if self.failed:
            return None
        outcome = _outcome(stage, self._command(stage))
        if outcome.code != 0:
            self.failed.append(stage.name)
        return outcome

    def _alone(self, stage: Stage) -> None:
        """Show what it says while it says it."""
        print(self._heading(stage), flush=True)
        outcome = _outcome(stage, self._command(stage), aloud=True)
        if outcome.code != 0:
            self.failed.append(stage.name)
        self._tell(stage, outcome)

    def _command(self, stage: Stage) -> tuple[str, ...]:
        """What to run, without those tests that need not be repeated."""
        if not stage.marked:
            return stage.command
        proven = stage.once and _is_proven(stage, self.tree)
        marked = f"{stage.marked} and not {stage.once}" if proven else stage.marked
        return (*stage.command, "-m", marked)

    def _heading(self, stage: Stage) -> str:
        self.told += 1
        return f"[{self.told}/{len(self.chosen)}] {stage.title}"

    def _tell(self, stage: Stage, outcome: Outcome) -> None:
        """Say how it ended, and remember what need not be repeated."""
        if outcome.code != 0:
            print(f"{stage.title}: FAILED after {outcome.took:.1f} s", file=sys.stderr, flush=True)
            return
        print(f"    passed in {outcome.took:.1f} s", flush=True)
        if stage.is_pytest:
            self.summaries.append(f"{stage.title}: {outcome.last_line}")
        if stage.once or not stage.hangs_on_database:
            _remember(stage, self.tree)


def find_browser() -> str | None:
    """Return the Chromium the journeys use: CHROMIUM, else the first on PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def _outcome(stage: Stage, command: tuple[str, ...], *, aloud: bool = False) -> Outcome:
    """Run it to its end."""
    began = time.monotonic()
    if stage.needs_browser and not find_browser():
        print(CHROMIUM_ADVICE, file=sys.stderr)
        return Outcome(1, 0, [])
    process = _begun(command)
    said = []
    for line in _lines(process):
        said.append(line)
        if aloud:
            print(line, flush=True)
    return Outcome(process.wait(), time.monotonic() - began, said)


def _begun(command: tuple[str, ...]) -> subprocess.Popen[str]:
    # Through our pipe no tool sees a terminal; some colour nevertheless.
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "NO_COLOR": "1"}
    # Dozens of processes start here; each would compile all it imports again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if browser := find_browser():
        environment["CHROMIUM"] = browser
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line.rstrip("\n")


def _node() -> str:
    """Return the node that bootstrap.py chose."""
    sys.path.insert(0, str(ROOT))
    import bootstrap

    return str(bootstrap.find_node()[0])


# -- What has passed ----------------------------------------------------------------------------------


def fingerprint() -> str:
    """Return one hash over every file git knows or would add, and the Python that reads them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    ).stdout
    digest = hashlib.sha256(sys.version.encode())
    for name in sorted(filter(None, listed.split(b"\0"))):
        path = ROOT / os.fsdecode(name)
        digest.update(name + b"\0" + (path.read_bytes() if path.is_file() else b"") + b"\0")
    return digest.hexdigest() if listed else ""


def _is_proven(stage: Stage, tree: str) -> bool:
    path = PROVEN / stage.name
    return bool(tree) and path.exists() and path.read_text() == tree


def _remember(stage: Stage, tree: str) -> None:
    PROVEN.mkdir(parents=True, exist_ok=True)
    (PROVEN / stage.name).write_text(tree)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
