"""Where this installation keeps what must survive it."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def data_directory() -> Path:
    """Return the folder of database, secrets and files: ``WANGGE_DATA``, or ``var`` in the checkout."""
    return Path(os.environ.get("WANGGE_DATA") or CHECKOUT / "var").resolve()


def make_folder(path: Path) -> None:
    """Create a folder (and those above it) that every account may pass through but only its owner may list.

    The caller's umask must not decide: the embedded server may run under another account than the one that starts it.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
