"""Small truths about operating-system processes that several supervisors need."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(
    sent: signal.Signals = signal.SIGTERM, *, already_forked: bool = False
) -> Callable[[], None] | None:
    """Return a function that makes the kernel signal its process when the parent dies, even by kill -9.

    It is meant as ``preexec_fn`` of a new process, or with `already_forked` to be called by the child itself.
    None where the kernel cannot do that (it is a Linux service); pid files then have to do.
    """
    if not sys.platform.startswith("linux"):
        return None
    # Loaded before the fork: between fork and exec as little as possible may happen.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getppid() if already_forked else os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(sent))
        if os.getppid() != parent:  # it died before the kernel was asked
            os._exit(1)

    return ask_kernel


def command_line(pid: int) -> str:
    """Return what the process was started with, empty when there is none (or it is a stranger's)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    said = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return said.stdout.strip()
