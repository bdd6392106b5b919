"""What the documents say is so: generated parts are current, links lead somewhere, commands exist."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from config import cli, docs
from config.environment import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.splitlines()
    if (ROOT / name).exists()
)  # fmt: skip
MOST_BYTES = 300_000  # as the journeys keep to when they take the pictures
# The environment as ours to set; what a web server passes is read from `environ` alone, and has other names.
READS = re.compile(r"""(?:os\.environ\.get|flag|setting|secret|pairs)\(\s*["']([A-Z_]+)["']""")


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_generated_documents_are_current() -> None:
    stale = sorted(docs.out_of_date())

    assert not stale, f"Run `wangge docs`: {', '.join(stale)}"


def test_every_variable_the_program_reads_is_explained() -> None:
    sources = [path for folder in ("config", "wangge") for path in (ROOT / folder).rglob("*.py")]
    read = {name for path in sources for name in READS.findall(path.read_text(encoding="utf-8"))}

    assert read <= {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [target for target in targets if ":" not in target]

    assert [target for target in local if not (document.parent / target).exists()] == []


def test_the_manual_s_pictures_are_small_and_each_is_shown_somewhere() -> None:
    shown = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"images/([\w-]+\.png)", document.read_text(encoding="utf-8"))
    }
    pictures = {picture.name: picture.stat().st_size for picture in (ROOT / "docs/manual/images").iterdir()}

    assert set(pictures) == shown
    assert [name for name, size in pictures.items() if size > MOST_BYTES] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_commands_shown_are_commands(document: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    typed = re.findall(
        r"^\s*(?:[A-Z_]+=\S+ )*(?:\S*bin/)?wangge (.+)$", "\n".join(blocks), flags=re.MULTILINE
    )
    known = [*cli.SUPERVISORS, *get_commands()]

    for words in typed:
        assert cli.find(words.split(), known)
