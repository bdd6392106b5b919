"""A file of facilities on its way in by the page: brought, read and compared, looked at by a person, taken over."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from wangge.accounts.models import Account
from wangge.registry.facilities import columns
from wangge.registry.facilities.importing import Told, import_facilities, look_through
from wangge.registry.facilities.permissions import demand_keeper
from wangge.registry.models import FacilityFile
from wangge.territory import systems
from wangge.territory.brought.steps import Way, demand_news, overtaken
from wangge.territory.files import MEGABYTE
from wangge.territory.formats.opening import LIMIT_MB, ending_of

AT_ONCE = MEGABYTE // 2  # bytes that a page may wait for: some thousand facilities

Stage = FacilityFile.Stage


def bring(content: File, name: str, reading: dict[str, str], *, by: Account, at: datetime) -> FacilityFile:
    """Take a file in and look at it; nothing of the register changes. Raises `Refused` on endings and sizes.

    `reading` may name the coordinate system, the layer, and the columns by their things.
    """
    systems.named_in(reading)
    return WAY.bring(FacilityFile(name=name, reading=reading, made_by=by), content, at=at)


def _look(file: FacilityFile) -> None:
    told, errors = look_through(
        WAY.path_of(file),
        systems.named_in(file.reading),
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
            systems.named_in(file.reading),
            by=file.stored_by,
            at=at,
            layer=file.reading.get("layer") or None,
            columns=_columns(file),
        )
        if any(count != file.found[name] for name, count in asdict(told.outcome).items()):
            raise overtaken()
        WAY.end(file, Stage.STORED, found=file.found | _data_of(told), stored_at=at)


def _columns(file: FacilityFile) -> dict[str, str]:
    return {name: file.reading.get(name, "") for name in columns.WAYS}


def _data_of(told: Told) -> dict[str, Any]:
    said: dict[str, Any] = asdict(told)
    outcome: dict[str, int] = said.pop("outcome")
    return {**said, **outcome}


WAY = Way(
    FacilityFile,
    folder="FACILITY_FILES_DIR",
    job="config.jobs.work_on_facility_file",
    limit_mb=LIMIT_MB,
    ending_of=ending_of,
    demand=lambda by, file: demand_keeper(by),
    check=demand_news,
    look=_look,
    store=_store,
    follow=("made_by",),
    at_once=lambda: AT_ONCE,
)
