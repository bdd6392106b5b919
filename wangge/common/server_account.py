"""Under which account the embedded server runs: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wangge.common.postgres_binaries import PACKAGE, Binaries, DatabaseUnavailable


def can_enter(directory: Path) -> bool:
    """Tell whether every account may pass through this directory and those above it (missing ones will be ours)."""
    return all(path.stat().st_mode & 0o001 for path in (directory, *directory.parents) if path.exists())


@dataclass(frozen=True)
class ServerAccount:
    """The account of the server; `changes` when it is not the caller's own."""

    uid: int
    gid: int
    changes: bool

    @classmethod
    def for_cluster(cls, cluster: Path) -> "ServerAccount":
        """Return our own account; for root, the owner of the existing cluster, else ``nobody``."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), changes=False)
        owner = cluster.stat() if cluster.exists() else None
        if owner and owner.st_uid != 0:
            return cls(owner.st_uid, owner.st_gid, changes=True)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise DatabaseUnavailable(
                "PostgreSQL refuses to run as root and this machine has no account `nobody`; "
                "start as an ordinary user, or point DATABASE_URL at a server."
            ) from None
        return cls(nobody.pw_uid, nobody.pw_gid, changes=True)

    def popen(self) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that make the child run under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.changes else {}

    def give(self, path: Path) -> None:
        """Make the account the owner of this file or directory (not of what lies in it)."""
        if self.changes:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reachable(self, binaries: Binaries, home: Path) -> Binaries:
        """Return programs the account can run, copied (40 MB, half a second) when they lie behind a closed door."""
        if not self.changes or self._can_run(binaries):
            return binaries
        return self._copy(binaries, home)

    def _can_run(self, binaries: Binaries) -> bool:
        try:
            subprocess.run(
                [binaries.program("postgres"), "--version"],
                capture_output=True,
                check=True,
                cwd="/",
                env=binaries.environment(),
                **self.popen(),
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _copy(self, binaries: Binaries, home: Path) -> Binaries:
        """Copy the version's folder and the libraries the package keeps beside itself, in the same arrangement."""
        install = binaries.directory.parent
        copied = home / f"postgres-{binaries.major}"
        target = copied / install.parent.name / install.name
        result = Binaries(target / "bin", binaries.major)
        if not self._can_run(result):
            shutil.rmtree(copied, ignore_errors=True)
            shutil.copytree(install, target, symlinks=True)
            libraries = install.parent.with_name(f"{PACKAGE}.libs")
            if libraries.exists():
                shutil.copytree(libraries, copied / libraries.name, symlinks=True)
            copied.chmod(0o755)
        return result
