"""A file of boundaries on its way in: brought, read and compared, looked at by a person, made the draft of a change."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.common.refusals import Refused
from wangge.territory import basemap, codes, systems
from wangge.territory.boundaries import BoundaryRow, PropertyNames, boundaries_of
from wangge.territory.brought.steps import SHOWN, Way, demand_news, overtaken
from wangge.territory.bulk import Outcome, hold_still
from wangge.territory.changes import from_file
from wangge.territory.changes.permissions import demand_bring
from wangge.territory.files import MEGABYTE
from wangge.territory.findings import look_at
from wangge.territory.formats.contents import Contents, Feature
from wangge.territory.formats.opening import LIMIT_MB, ending_of, opened
from wangge.territory.imports import import_boundaries, known_boundaries, parents_of
from wangge.territory.models import Area, BoundaryFile
from wangge.territory.row_errors import RowError, RowsRefused
from wangge.territory.systems import System

AT_ONCE = 2 * MEGABYTE  # bytes that a page may wait for

Stage = BoundaryFile.Stage


def bring(
    content: File, name: str, reading: dict[str, str], *, within: Area | None, by: Account, at: datetime
) -> BoundaryFile:
    """Take a file about an area in and look at it; nothing of the territory changes. Raises `Refused` on endings and sizes.

    Only the first file of an installation without areas is `within` none.
    """
    systems.named_in(reading)
    file = BoundaryFile(name=name, reading=reading, within=within, made_by=by)
    _demand_approval(file)
    return WAY.bring(file, content, at=at)


def is_first() -> bool:
    """Tell whether the installation has no area yet, so that a file needs nobody's approval."""
    return not Area.objects.exists()


def _demand(by: Account, file: BoundaryFile) -> None:
    if file.within is not None:
        demand_bring(by, file.within)
        return
    demand_role(by, AdminRole.SYSTEM)


def _demand_approval(file: BoundaryFile) -> None:
    """Raise `Refused` for a file past the approver once there is any area; one that waits still may only be dropped."""
    if file.within is None and not is_first():
        raise Refused(_("Please say in which area it all lies."), "within")


def _check(file: BoundaryFile) -> None:
    _demand_approval(file)
    demand_news(file)
    if file.seen_version != basemap.version():
        raise Refused(_("The territory has changed since the file was looked at. Look again, then decide."))


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
    }
    try:
        told |= asdict(_tried(rows, file))
    except RowsRefused as refused:
        errors = sorted([*errors, *refused.errors], key=lambda error: error.row)
    WAY.found(file, told, errors, seen_version=version)


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
            hold_still()
            if not is_first():  # somebody else has brought the first file meanwhile
                raise overtaken()
            outcome = import_boundaries(rows, by=file.stored_by, at=at)
            WAY.end(file, Stage.STORED, found=file.found | asdict(outcome), stored_at=at)
        else:
            _draft(file, rows, file.within, at)


def _draft(file: BoundaryFile, rows: list[BoundaryRow], within: Area, at: datetime) -> None:
    assert file.stored_by is not None  # written by `confirm`, which let it be stored
    title = _("From the file %(name)s") % {"name": Path(file.name).name}
    change, outcome = from_file.draft(rows, within, title=title, by=file.stored_by, at=at)
    WAY.end(file, Stage.DRAFTED, found=file.found | asdict(outcome), change=change, stored_at=at)


def _read(file: BoundaryFile) -> tuple[list[BoundaryRow], list[RowError], System]:
    codes.load()  # another process may have changed what codes look like
    said = file.reading
    names = {key: (said[key].lower(),) for key in ("code", "name", "parent") if said.get(key)}
    with opened(WAY.path_of(file), layer=said.get("layer") or None) as contents:
        system = systems.settled(systems.named_in(said), contents.system)
        rows, errors = boundaries_of(
            _telling(file, contents), system, level=said.get("level") or None, names=PropertyNames(**names)
        )
    if not rows and not errors:
        raise Refused(_("There is nothing in this file."))
    return rows, errors, system


def _telling(file: BoundaryFile, contents: Contents) -> Iterator[Feature]:
    """The features, while the page that follows is told how far reading has come."""
    tell = WAY.teller(file)
    for feature in contents.features:
        yield feature
        tell(contents.done)


def _told(remarks: tuple[RowError, ...]) -> dict[str, Any]:
    return {"count": len(remarks), "rows": [str(remark) for remark in remarks[:SHOWN]]}


WAY = Way(
    BoundaryFile,
    folder="IMPORTS_DIR",
    job="config.jobs.work_on_boundary_file",
    limit_mb=LIMIT_MB,
    ending_of=ending_of,
    demand=_demand,
    check=_check,
    look=_look,
    store=_store,
    follow=("within",),
    at_once=lambda: AT_ONCE,
)
