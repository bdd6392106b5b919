"""A file of facilities on its way in by the page: brought, read and compared, looked at by a person, taken over."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.registry.facilities import columns
from wangge.registry.facilities.importing import Told, import_facilities, look_through
from wangge.registry.facilities.permissions import demand_keeper
from wangge.registry.models import FacilityFile
from wangge.territory import systems
from wangge.territory.brought.steps import Way
from wangge.territory.files import MEGABYTE
from wangge.territory.formats.opening import LIMIT_MB, ending_of
from wangge.territory.systems import System

AT_ONCE = MEGABYTE // 2  # bytes that a page may wait for: some thousand facilities

Stage = FacilityFile.Stage


def bring(content: File, name: str, reading: dict[str, str], *, by: Account, at: datetime) -> FacilityFile:
    """Take a file in and look at it; nothing of the register changes. Raises `Refused` on endings and sizes.

    `reading` may name the coordinate system, the layer, and the columns by their things.
    """
    demand_keeper(by)
    if reading.get("crs"):
        systems.by_name(reading["crs"])
    return WAY.bring(FacilityFile(name=name, reading=reading, made_by=by), content, at=at)


def confirm(file: FacilityFile, *, by: Account, at: datetime) -> None:
    """Take over what was found, all or nothing; what stands elsewhere by now is found out while it is stored."""
    demand_keeper(by)
    WAY.confirm(file, by=by, at=at, check=_demand_news)


def _demand_news(file: FacilityFile) -> None:
    if not file.found["created"] + file.found["changed"]:
        raise Refused(_("Everything is as the file says already."))


def look_again(file: FacilityFile, *, by: Account, at: datetime) -> None:
    """Compare a waiting file with the register as it is now."""
    demand_keeper(by)
    WAY.look_again(file, at=at)


def drop(file: FacilityFile, *, by: Account) -> None:
    """Forget a file that waits or is worked on."""
    demand_keeper(by)
    WAY.drop(file)


def _look(file: FacilityFile) -> None:
    told, errors = look_through(
        WAY.path_of(file),
        _named(file),
        by=file.made_by,
        at=file.made_at,
        layer=file.reading.get("layer") or None,
        columns=_columns(file),
        progress=WAY.teller(file),
    )
    WAY.found(file, _data_of(told), errors)


def _store(file: FacilityFile, at: datetime) -> None:
    with transaction.atomic():
        told = import_facilities(
            WAY.path_of(file),
            _named(file),
            by=file.stored_by,
            at=at,
            layer=file.reading.get("layer") or None,
            columns=_columns(file),
        )
        WAY.end(file, Stage.STORED, found=file.found | _data_of(told), stored_at=at)


def _named(file: FacilityFile) -> System | None:
    return systems.by_name(file.reading["crs"]) if file.reading.get("crs") else None


def _columns(file: FacilityFile) -> dict[str, str]:
    return {name: file.reading.get(name, "") for name in columns.WAYS}


def _data_of(told: Told) -> dict[str, Any]:
    said: dict[str, Any] = asdict(told)
    outcome: dict[str, int] = said.pop("outcome")
    return {**said, **outcome}


def path_of(file: FacilityFile) -> Path:
    """Where the content lies."""
    return WAY.path_of(file)


WAY = Way(
    FacilityFile,
    folder="FACILITY_FILES_DIR",
    job="config.jobs.work_on_facility_file",
    limit_mb=LIMIT_MB,
    ending_of=ending_of,
    look=_look,
    store=_store,
    follow=("made_by",),
    at_once=lambda: AT_ONCE,
)
