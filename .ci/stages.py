"""The stages of ``make test``, in order, each with its time; stops at the first that fails.

``python .ci/stages.py NAME …`` runs only those. A stage that does not hang on the database and has passed for
exactly these files is not repeated: CI runs everything twice, once on each database.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PROVEN = ROOT / "build" / "proven"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_ADVICE = (
    "The journeys need Chromium and it was not found. Install it (Debian: apt install chromium fonts-wqy-microhei) "
    "or name it: CHROMIUM=/path/to/chromium make test"
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


def stages() -> list[Stage]:
    """Return all stages: the quick ones first."""
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
        Stage("lint", "Lint (ruff)", (str(BIN / "ruff"), "check", "--quiet", ".")),
        Stage("format", "Format (ruff)", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
        Stage("contract", "Contract of layers (import-linter)", (str(BIN / "lint-imports"),)),
        Stage("templates", "Templates (djlint)", (str(BIN / "djlint"), "wangge", "--lint", "--quiet")),
        Stage("types", "Types (mypy)", (str(BIN / "mypy"), *packages, "bootstrap.py", ".ci/stages.py")),
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
            (*pytest, *halves, "-m", "not journey and not database"),
            is_pytest=True,
        ),
        Stage(
            "unit",
            "Unit and property tests",
            (*pytest, *halves, "-m", "not journey and database"),
            hangs_on_database=True,
            is_pytest=True,
        ),
        Stage(
            "journeys",
            "Journeys in a browser",
            # One story at a time: some take ten times as long as others, and nobody should wait at the end.
            (*pytest, "-n", "2", "--maxschedchunk", "1", "-m", "journey and not look", "journeys"),
            hangs_on_database=True,
            is_pytest=True,
            needs_browser=True,
        ),
        # How a page looks does not hang on who keeps its rows; that it answers is among the journeys.
        Stage(
            "looks",
            "Looks at every page",
            (*pytest, "-n", "2", "-m", "look", "journeys"),
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
    tree = fingerprint()
    summaries: list[str] = []
    for number, stage in enumerate(chosen, 1):
        heading = f"[{number}/{len(chosen)}] {stage.title}"
        if not stage.hangs_on_database and _is_proven(stage, tree):
            print(f"{heading}: has passed for these files", flush=True)
            continue
        if stage.needs_browser and not find_browser():
            print(f"{heading}: FAILED\n{CHROMIUM_ADVICE}", file=sys.stderr)
            return 1
        print(heading, flush=True)
        began = time.monotonic()
        code, last_line = _run(stage)
        took = time.monotonic() - began
        if code != 0:
            print(
                f"{heading}: FAILED after {took:.1f} s (alone: make test STAGES={stage.name})",
                file=sys.stderr,
            )
            return 1
        print(f"    passed in {took:.1f} s", flush=True)
        if stage.is_pytest:
            summaries.append(f"{stage.title}: {last_line}")
        if not stage.hangs_on_database:
            _remember(stage, tree)
    # The last lines of the run are the closing words of the tests.
    print("\n".join(["", *summaries]) if summaries else "All passed.")
    return 0


def find_browser() -> str | None:
    """Return the Chromium the journeys use: CHROMIUM, else the first on PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def _run(stage: Stage) -> tuple[int, str]:
    """Run it, showing its output; return the exit code and the last line it said."""
    # Through our pipe no tool sees a terminal; some colour nevertheless.
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "NO_COLOR": "1"}
    # Dozens of processes start here; each would compile all it imports again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if browser := find_browser():
        environment["CHROMIUM"] = browser
    process = subprocess.Popen(
        stage.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line.strip() or last
    return process.wait(), last.strip("= ")


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
