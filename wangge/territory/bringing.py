"""A file of boundaries on its way in: brought, read and compared, looked at by a person, made the draft of a change.

Small files are read while the page waits; large ones by the worker, and the page follows. The file lies in
`settings.IMPORTS_DIR` until it is stored or dropped.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from shapely.errors import GEOSException

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.common.refusals import Refused
from wangge.territory import basemap, codes, systems
from wangge.territory.boundaries import BoundaryRow, PropertyNames, boundaries_of
from wangge.territory.bulk import Outcome
from wangge.territory.changes import from_file
from wangge.territory.changes.permissions import demand_bring
from wangge.territory.files import MEGABYTE, keep, too_large
from wangge.territory.findings import look_at
from wangge.territory.formats.contents import Contents, Feature
from wangge.territory.formats.opening import ENDINGS, LIMIT_MB, opened
from wangge.territory.imports import import_boundaries, known_boundaries, parents_of
from wangge.territory.models import Area, BoundaryFile
from wangge.territory.row_errors import RowError, RowsRefused
from wangge.territory.systems import System

AT_ONCE = 2 * MEGABYTE  # bytes that a page may wait for
SHOWN = 200  # remarks of each kind that are kept to be shown; a person corrects the first ones first
KEPT = timedelta(days=7)
TELL_EVERY = 1.0  # seconds

Stage = BoundaryFile.Stage
WAITING = (Stage.FOUND, Stage.READING, Stage.STORING)


class _Elsewhere(Exception):  # nothing went wrong
    """Somebody dropped the file meanwhile, or another worker was faster."""


log = logging.getLogger(__name__)


def bring(
    content: File, name: str, reading: dict[str, str], *, within: Area | None, by: Account, at: datetime
) -> BoundaryFile:
    """Take a file about an area in and look at it; nothing of the territory changes. Raises `Refused` on endings and sizes.

    Only the first file of an installation without areas is `within` none.
    """
    _demand(by, within)
    if Path(name).suffix.lower() not in ENDINGS or name.lower().endswith(".shp"):
        known = ", ".join(ending for ending in ENDINGS if ending != ".shp")
        raise Refused(
            _("These files can be read: %(endings)s. Put a shapefile into one .zip.") % {"endings": known},
            "file",
        )
    size = content.size or 0
    if size > LIMIT_MB * MEGABYTE:
        raise too_large(LIMIT_MB)
    if reading.get("crs"):
        systems.by_name(reading["crs"])
    file = BoundaryFile(
        name=name[-200:], size=size, reading=reading, language=translation.get_language() or "", within=within,
        made_by=by, made_at=at,
    )  # fmt: skip
    keep(content, path_of(file))
    file.save()
    _begin(file, at)
    return file


def confirm(file: BoundaryFile, *, by: Account, at: datetime) -> None:
    """Make a draft of what was found, or store it where there is no area yet; all or nothing.

    Refused when the territory changed since it was looked at.
    """
    _demand(by, file.within)
    with transaction.atomic():
        locked = BoundaryFile.objects.select_for_update().get(pk=file.pk)
        if locked.stage != Stage.FOUND:
            raise Refused(_("This file does not wait for a decision."))
        if locked.found["errors"]:
            raise Refused(_("Rows with errors cannot be stored. Correct the file and bring it again."))
        if not locked.found["created"] + locked.found["changed"]:
            raise Refused(_("Everything is as the file says already."))
        if locked.seen_version != basemap.version():
            raise Refused(
                _("The territory has changed since the file was looked at. Look again, then decide.")
            )
        locked.stage, locked.done, locked.stored_by, locked.refusal = Stage.STORING, 0, by, ""
        locked.save()
    file.refresh_from_db()
    _begin(file, at)


def look_again(file: BoundaryFile, *, by: Account, at: datetime) -> None:
    """Compare a waiting file with the territory as it is now."""
    _demand(by, file.within)
    changed = BoundaryFile.objects.filter(pk=file.pk, stage=Stage.FOUND).update(
        stage=Stage.READING, done=0, refusal=""
    )
    if changed:
        file.refresh_from_db()
        _begin(file, at)


def drop(file: BoundaryFile, *, by: Account) -> None:
    """Forget a file that waits; also one that is worked on, for whoever works on it may have died."""
    _demand(by, file.within)
    if BoundaryFile.objects.filter(pk=file.pk, stage__in=WAITING).update(stage=Stage.DROPPED):
        path_of(file).unlink(missing_ok=True)


def is_first() -> bool:
    """Tell whether the installation has no area yet, so that a file needs nobody's approval."""
    return not Area.objects.exists()


def _demand(by: Account, within: Area | None) -> None:
    if within is not None:
        demand_bring(by, within)
        return
    demand_role(by, AdminRole.SYSTEM)
    if not is_first():
        raise Refused(_("Please say in which area it all lies."), "within")


def sweep(at: datetime) -> None:
    """Drop what nobody decided about for a week, and whatever lies there without a row."""
    BoundaryFile.objects.filter(made_at__lt=at - KEPT, stage__in=WAITING).update(stage=Stage.DROPPED)
    waiting = BoundaryFile.objects.filter(stage__in=WAITING)
    wanted = {path_of(file) for file in waiting}
    for path in settings.IMPORTS_DIR.glob("*"):
        if path not in wanted and path.stat().st_mtime < (at - KEPT).timestamp():
            path.unlink(missing_ok=True)


def path_of(file: BoundaryFile) -> Path:
    """Where the content lies, under a name of our own with the ending it came with."""
    return Path(settings.IMPORTS_DIR) / f"{file.pk}{Path(file.name).suffix.lower()}"


def go_on(pk: UUID | str, *, at: datetime) -> None:
    """Read a file, or store it: whatever its stage asks for. Harmless twice."""
    file = BoundaryFile.objects.select_related("stored_by", "within").get(pk=pk)
    if not file.is_working:
        return
    with translation.override(file.language or None), suppress(_Elsewhere):
        try:
            _look(file) if file.stage == Stage.READING else _store(file, at)
        except RowsRefused as refused:
            _end(file, Stage.FOUND, found=_with_errors(file.found, refused.errors))
        except Refused as refused:
            _turn_down(file, str(refused))
        except (OSError, GEOSException) as error:
            log.exception("File of boundaries %s", file.pk)
            _refuse(file, _("The file cannot be read: %(why)s.") % {"why": error})


def _turn_down(file: BoundaryFile, why: str) -> None:
    """What cannot be stored now may be later: only a file that says nothing we can read goes."""
    if file.stage == Stage.STORING:
        _end(file, Stage.FOUND, refusal=why)
    else:
        _refuse(file, why)


def _refuse(file: BoundaryFile, why: str) -> None:
    _end(file, Stage.REFUSED, refusal=why)
    path_of(file).unlink(missing_ok=True)


def _begin(file: BoundaryFile, at: datetime) -> None:
    if file.size <= AT_ONCE:
        go_on(file.pk, at=at)
        file.refresh_from_db()
    else:
        task = app.configure_task("config.jobs.work_on_boundary_file", queue="upkeep")
        task.defer(pk=str(file.pk))


def _look(file: BoundaryFile) -> None:
    version = basemap.version()  # before anything is read of the territory
    rows, errors, system = _read(file)
    found = look_at(rows, system, known_boundaries(), parents_of(rows))
    told: dict[str, Any] = {
        "system": str(system),
        "counts": dict(found.counts),
        "hint": found.hint or "",
        "late_parents": found.late_parents,
        "beyond": _told(found.beyond),
        "repairs": _told(found.repairs),
        "overlaps": {"count": len(found.overlaps), "rows": list(found.overlaps[:SHOWN])},
        "errors": [],
    }
    try:
        told |= asdict(_tried(rows, file))
    except RowsRefused as refused:
        errors = sorted([*errors, *refused.errors], key=lambda error: error.row)
    _end(file, Stage.FOUND, found=_with_errors(told, errors), seen_version=version)


def _tried(rows: list[BoundaryRow], file: BoundaryFile) -> Outcome:
    if file.within is not None:
        return from_file.planned(rows, file.within).outcome
    return import_boundaries(rows, by=None, at=file.made_at, dry_run=True)


def _store(file: BoundaryFile, at: datetime) -> None:
    rows, errors, _system = _read(file)
    if errors:
        raise RowsRefused(errors)
    with transaction.atomic():
        if file.within is None:
            outcome = import_boundaries(rows, by=file.stored_by, at=at)
            _end(file, Stage.STORED, found=file.found | asdict(outcome), stored_at=at)
        else:
            _draft(file, rows, file.within, at)
    path_of(file).unlink(missing_ok=True)


def _draft(file: BoundaryFile, rows: list[BoundaryRow], within: Area, at: datetime) -> None:
    assert file.stored_by is not None  # written by `confirm`, which let it be stored
    title = _("From the file %(name)s") % {"name": Path(file.name).name}
    change, outcome = from_file.draft(rows, within, title=title, by=file.stored_by, at=at)
    _end(file, Stage.DRAFTED, found=file.found | asdict(outcome), change=change, stored_at=at)


def _read(file: BoundaryFile) -> tuple[list[BoundaryRow], list[RowError], System]:
    codes.load()  # another process may have changed what codes look like
    said = file.reading
    names = {key: (said[key].lower(),) for key in ("code", "name", "parent") if said.get(key)}
    named = systems.by_name(said["crs"]) if said.get("crs") else None
    with opened(path_of(file), layer=said.get("layer") or None) as contents:
        system = systems.settled(named, contents.system)
        rows, errors = boundaries_of(
            _telling(file, contents), system, level=said.get("level") or None, names=PropertyNames(**names)
        )
    if not rows and not errors:
        raise Refused(_("There is nothing in this file."))
    return rows, errors, system


def _telling(file: BoundaryFile, contents: Contents) -> Iterator[Feature]:
    """The features, while the page that follows is told how far reading has come."""
    last = time.monotonic()
    for feature in contents.features:
        yield feature
        if time.monotonic() - last > TELL_EVERY:
            last = time.monotonic()
            BoundaryFile.objects.filter(pk=file.pk).update(done=contents.done)


def _told(remarks: tuple[RowError, ...]) -> dict[str, Any]:
    return {"count": len(remarks), "rows": [str(remark) for remark in remarks[:SHOWN]]}


def _with_errors(found: dict[str, Any], errors: list[RowError]) -> dict[str, Any]:
    return found | {"errors": [str(error) for error in errors[:SHOWN]], "error_count": len(errors)}


def _end(file: BoundaryFile, stage: str, **values: Any) -> None:
    if not BoundaryFile.objects.filter(pk=file.pk, stage=file.stage).update(stage=stage, done=1, **values):
        raise _Elsewhere
