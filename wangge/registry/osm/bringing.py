"""An extract on its way in by the page: brought, read, its summary looked at by a person, stored in one transaction."""

from datetime import datetime

from django.core.files import File

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.registry.models import Extract
from wangge.registry.osm.reading import LIMIT_MB, ending_of
from wangge.registry.osm.storing import Told, import_extract
from wangge.registry.osm.telling import data_of
from wangge.territory.brought.steps import Way
from wangge.territory.files import MEGABYTE

AT_ONCE = MEGABYTE // 2  # bytes that a page may wait for

Stage = Extract.Stage


def bring(content: File, name: str, *, by: Account, at: datetime) -> Extract:
    """Take an extract in and look at it; nothing of the map changes. Raises `Refused` on endings and sizes."""
    return WAY.bring(Extract(name=name, made_by=by), content, at=at)


def _look(extract: Extract) -> None:
    told = import_extract(
        WAY.path_of(extract), by=None, at=extract.made_at, dry_run=True, progress=WAY.teller(extract)
    )
    WAY.found(extract, data_of(told), [])


def _store(extract: Extract, at: datetime) -> None:
    """What is stored and that it is stored are one: a worker that dies leaves neither, and who drops it stops both."""

    def stored(told: Told) -> None:
        WAY.end(extract, Stage.STORED, found=data_of(told), stored_at=at)

    tell = WAY.teller(extract)
    import_extract(WAY.path_of(extract), by=extract.stored_by, at=at, progress=tell, stored=stored)


WAY = Way(
    Extract,
    folder="EXTRACTS_DIR",
    job="config.jobs.work_on_extract",
    limit_mb=LIMIT_MB,
    ending_of=ending_of,
    demand=lambda by, extract: demand_role(by, AdminRole.SYSTEM),
    look=_look,
    store=_store,
    at_once=lambda: AT_ONCE,
)
