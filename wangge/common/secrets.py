"""The installation's two keys: made once, kept in files only their owner can read.

Losing the sealing key loses every sealed personal field, so it is created only where nothing
can have been sealed with another one: never silently in production.
"""

import base64
import os
import secrets as randomness
from dataclasses import dataclass
from pathlib import Path

from wangge.common.places import make_folder

KEY_BYTES = 32
NAMES = ("secret_key", "sealing_key")


class MissingSecrets(Exception):
    """The keys cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Secrets:
    """``secret_key`` signs sessions and links; ``sealing_key`` (32 bytes) encrypts personal fields."""

    secret_key: str
    sealing_key: bytes


def load(data_dir: Path) -> Secrets:
    """Return the keys of the installation in ``data_dir``, making them at its first run.

    Each key may live elsewhere: ``WANGGE_SECRET_KEY_FILE`` and ``WANGGE_SEALING_KEY_FILE`` name files
    (systemd credentials, container secrets). With ``WANGGE_PRODUCTION`` missing keys raise `MissingSecrets`.
    """
    production = os.environ.get("WANGGE_PRODUCTION", "").lower() in {"1", "true", "yes", "on"}
    if not production:
        create(data_dir)
    secret, sealing = (_read(_file(data_dir, name)) for name in NAMES)
    return Secrets(secret_key=base64.b64encode(secret).decode(), sealing_key=sealing)


def create(data_dir: Path) -> None:
    """Make whichever key is missing; keep those that exist."""
    for name in NAMES:
        path = _file(data_dir, name)
        if not path.exists():
            _write_once(path, base64.b64encode(randomness.token_bytes(KEY_BYTES)) + b"\n")


def _file(data_dir: Path, name: str) -> Path:
    elsewhere = os.environ.get(f"WANGGE_{name.upper()}_FILE")
    return Path(elsewhere) if elsewhere else data_dir / "secrets" / name


def _write_once(path: Path, content: bytes) -> None:
    """Create the file whole or not at all; of two processes starting together the first wins."""
    make_folder(path.parent.parent)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{randomness.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link never replaces the key another process has just made.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except FileNotFoundError:
        raise MissingSecrets(
            f"There is no key at {path}. Restore it from the backup of this installation, "
            "or run `wangge init` if the installation is new."
        ) from None
    except PermissionError:
        raise MissingSecrets(f"The key at {path} belongs to another user; run as its owner.") from None
    except ValueError:
        raise MissingSecrets(f"The key at {path} is damaged; restore it from the backup.") from None
    if len(key) != KEY_BYTES:
        raise MissingSecrets(f"The key at {path} is not {KEY_BYTES} bytes; restore it from the backup.")
    return key
