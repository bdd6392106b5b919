"""``wangge doctor``: looks this installation over and says what to do about each fault."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wangge.common.places import data_directory

OLDEST_POSTGRES = 15
LITTLE_DISK = 2 * 2**30  # bytes
MUCH_CLOCK_DIFFERENCE = 5.0  # seconds


@dataclass(frozen=True)
class Finding:
    """What one check found: `advice` is empty when all is well; a `serious` one stops the installation."""

    subject: str
    said: str
    advice: str = ""
    serious: bool = True


def main(words: Sequence[str]) -> int:
    """Print one line for each check and return 1 when a serious one failed."""
    argparse.ArgumentParser(
        prog="wangge doctor",
        description="Check this installation and say what to do about each fault.",
        epilog="Example:\n  wangge doctor",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    findings = examine()
    for finding in findings:
        mark = "ok   " if not finding.advice else ("FAULT" if finding.serious else "hint ")
        print(f"{mark}  {finding.subject}: {finding.said}")
        if finding.advice:
            print(f"       → {finding.advice}")
    return int(any(finding.advice and finding.serious for finding in findings))


def examine() -> list[Finding]:
    """Return the findings of all checks; a check that breaks is a finding of its own."""
    from config.cli import database_up

    findings = [
        _guarded(check) for check in (_python, _disk, _front_end, _translations, _fonts, _print, _notices)
    ]
    try:
        with database_up():
            findings += [
                _guarded(check)
                for check in (
                    _database,
                    _encoding,
                    _migrations,
                    _clock,
                    _relay,
                    _log,
                    _rights,
                    _configuration,
                )
            ]
    except Exception as error:
        findings.append(Finding("Database", "not reachable", str(error).strip()))
    return findings


def _guarded(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        subject = check.__name__.strip("_").replace("_", " ").capitalize()
        return Finding(subject, "cannot be checked", f"{type(error).__name__}: {str(error).strip()}")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", version, "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer.")


def _disk() -> Finding:
    folder = data_directory()
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    advice = "Free some space or move WANGGE_DATA to a larger disk." if free < LITTLE_DISK else ""
    return Finding("Disk", f"{free / 2**30:.1f} GB free in {place}", advice)


def _front_end() -> Finding:
    from django.conf import settings

    built = Path(str(settings.DJANGO_VITE["default"]["manifest_path"])).exists()
    return Finding(
        "Front end", "built" if built else "not built", "" if built else "Run `make run` or `npm run build`."
    )


def _translations() -> Finding:
    from django.utils import translation
    from django.utils.translation import gettext

    with translation.override("zh-hans"):
        translated = gettext("Simplified Chinese") != "Simplified Chinese"
    advice = "" if translated else "Run `python -m config.messages`."
    return Finding("Translations", "compiled" if translated else "missing", advice)


def _fonts() -> Finding:
    if not shutil.which("fc-list"):
        return Finding("Fonts", "not checked (no fontconfig); browsers bring or fetch their own")
    found = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
    ).stdout
    advice = (
        "Only needed to make screenshots here: apt install fonts-wqy-microhei." if not found.strip() else ""
    )
    return Finding(
        "Fonts", "Chinese font found" if found.strip() else "no Chinese font", advice, serious=False
    )


def _print() -> Finding:
    """Whether plates, badges and scorecards carry their characters with them."""
    from wangge.common.typeface import EMBEDDED, font_file, typeface

    if typeface() == EMBEDDED:
        return Finding("Print", f"characters are put into PDFs from {font_file()}")
    advice = (
        "PDFs name their typeface only, and some viewers show no Chinese: apt install fonts-wqy-microhei."
    )
    return Finding("Print", "no TrueType font with Chinese characters", advice, serious=False)


def _notices() -> Finding:
    """Look the channels' settings over, contacting nobody."""
    from wangge.notifications.channels import conditions

    wanted = [one for one in conditions() if one.wanted]
    advice = " ".join(fault for one in wanted for fault in one.faults)
    said = ", ".join(f"{one.channel.code} {'at fault' if one.faults else 'on'}" for one in wanted)
    return Finding("Notices", said or "in the platform only; no channel is set", advice)


def _relay() -> Finding:
    from wangge.audit.relay import stuck

    waiting = stuck()
    advice = (
        "The worker's log and the column error of audit_outbox say why; each is tried again within the hour."
        if waiting
        else ""
    )
    return Finding("Relay", f"{waiting} events are stuck at a listener", advice, serious=False)


def _log() -> Finding:
    from wangge.audit.queries import verifications

    last = verifications(1)
    if not last:
        return Finding(
            "Log", "never verified", "The worker does it every night; `wangge verify-log` does it now.", False
        )
    faults, day = last[0].detail["faults"], f"{last[0].at:%Y-%m-%d}"
    advice = "Run `wangge verify-log` and see docs/how-to/verify-the-log.md." if faults else ""
    return Finding("Log", f"verified on {day}, {faults} faults", advice)


def _rights() -> Finding:
    """In production the program's role must not own the tables: an owner can drop what guards the logs."""
    from wangge.audit.rights import owns_the_logs

    (role,) = _row("SELECT current_user")
    if not owns_the_logs():
        return Finding("Rights", f"{role} does not own the tables: the logs are out of its reach")
    advice = "Serve with a role of its own: `wangge grant NAME`, see docs/how-to/install.md."
    return Finding(
        "Rights", f"{role} owns the tables and could switch off what guards the logs", advice, False
    )


def _configuration() -> Finding:
    """What the linter of the configuration would tell an administrator."""
    from wangge.cases.configuration.content import published
    from wangge.cases.configuration.linter import lint

    found = lint(published())
    errors = sum(finding.error for finding in found)
    advice = (
        "`wangge lint config` names them; mend them in a draft under Administration, Configuration."
        if errors
        else ""
    )
    return Finding("Configuration", f"{errors} errors, {len(found) - errors} warnings", advice, serious=False)


def _row(query: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def _database() -> Finding:
    version, number = _row(
        "SELECT current_setting('server_version'), current_setting('server_version_num')::int"
    )
    old = number < OLDEST_POSTGRES * 10000
    return Finding(
        "Database", f"PostgreSQL {version}", f"Use PostgreSQL {OLDEST_POSTGRES} or newer." if old else ""
    )


def _encoding() -> Finding:
    encoding, lowered = _row("SELECT current_setting('server_encoding'), lower('ÉCOLE')")
    if encoding != "UTF8":
        return Finding(
            "Encoding", encoding, "Make the database anew with ENCODING 'UTF8' TEMPLATE template0."
        )
    well = lowered == "école"
    advice = (
        "" if well else "Make the database anew with LC_CTYPE 'C.UTF-8', or accents are not folded in search."
    )
    return Finding(
        "Encoding",
        "UTF-8" if well else "UTF-8, but letters beyond ASCII are not folded",
        advice,
        serious=False,
    )


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from wangge.common.halfway import refuse_halfway
    from wangge.common.refusals import Refused

    try:
        refuse_halfway()
    except Refused as refusal:
        return Finding("Migrations", "left halfway", str(refusal))
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Finding(
        "Migrations",
        f"{waiting} waiting" if waiting else "all applied",
        "Run `wangge migrate`." if waiting else "",
    )


def _clock() -> Finding:
    """Compare with the database's clock: deadlines are counted with ours and stored by it."""
    from django.utils import timezone

    (there,) = _row("SELECT clock_timestamp()")
    difference = abs((timezone.now() - there).total_seconds())
    advice = "Set both clocks by NTP." if difference > MUCH_CLOCK_DIFFERENCE else ""
    return Finding("Clock", f"{difference:.1f} s from the database's", advice)
