"""Compiles the translations (``.po`` to ``.mo``) with Babel, so that the machine needs no GNU gettext."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Compile every catalogue of ours."""
    for source in sorted(ROOT.glob("wangge/*/locale/*/LC_MESSAGES/*.po")):
        compile_catalogue(source)
    return 0


def compile_catalogue(source: Path) -> Path:
    """Compile one ``.po`` beside itself and return the ``.mo``; fuzzy messages are left out, being guesses."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name)
    target = source.with_suffix(".mo")
    draft = target.with_suffix(".mo.draft")
    with draft.open("wb") as file:
        write_mo(file, catalogue, use_fuzzy=False)
    draft.replace(target)
    return target


if __name__ == "__main__":
    sys.exit(main())
