"""An extract on its way in by the page: brought, read, its summary looked at by a person, stored in one transaction.

The worker does the work, and the page follows. The file lies in `settings.EXTRACTS_DIR` until it is stored or dropped.
"""

import logging
import time
from collections.abc import Callable
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
from wangge.registry.models import Extract
from wangge.registry.osm.reading import LIMIT_MB, ending_of
from wangge.registry.osm.storing import import_extract
from wangge.registry.osm.telling import data_of
from wangge.territory.files import MEGABYTE, keep, too_large

log = logging.getLogger(__name__)

AT_ONCE = MEGABYTE // 2  # bytes that a page may wait for
KEPT = timedelta(days=7)
TELL_EVERY = 1.0  # seconds

Stage = Extract.Stage
_WAITING = (Stage.FOUND, Stage.READING, Stage.STORING)


def bring(content: File, name: str, *, by: Account, at: datetime) -> Extract:
    """Take an extract in and look at it; nothing of the map changes. Raises `Refused` on endings and sizes."""
    demand_role(by, AdminRole.SYSTEM)
    ending_of(name)
    size = content.size or 0
    if size > LIMIT_MB * MEGABYTE:
        raise too_large(LIMIT_MB)
    extract = Extract(
        name=name[-200:], size=size, language=translation.get_language() or "", made_by=by, made_at=at
    )
    keep(content, path_of(extract))
    extract.save()
    _begin(extract, at)
    return extract


def confirm(extract: Extract, *, by: Account, at: datetime) -> None:
    """Store what was found, all or nothing."""
    demand_role(by, AdminRole.SYSTEM)
    with transaction.atomic():
        locked = Extract.objects.select_for_update().get(pk=extract.pk)
        if locked.stage != Stage.FOUND:
            raise Refused(_("This file does not wait for a decision."))
        locked.stage, locked.read, locked.stored_by = Stage.STORING, 0, by
        locked.save()
    extract.refresh_from_db()
    _begin(extract, at)


def drop(extract: Extract, *, by: Account) -> None:
    """Forget an extract that waits; also one that is being read, for whoever reads it may have died."""
    demand_role(by, AdminRole.SYSTEM)
    waiting = Extract.objects.filter(pk=extract.pk, stage__in=[Stage.FOUND, Stage.READING])
    if waiting.update(stage=Stage.DROPPED):
        path_of(extract).unlink(missing_ok=True)


def sweep(at: datetime) -> None:
    """Drop what nobody decided about for a week, and whatever lies there without a row."""
    Extract.objects.filter(made_at__lt=at - KEPT, stage__in=_WAITING).update(stage=Stage.DROPPED)
    wanted = {path_of(extract) for extract in Extract.objects.filter(stage__in=_WAITING)}
    for path in settings.EXTRACTS_DIR.glob("*"):
        if path not in wanted and path.stat().st_mtime < (at - KEPT).timestamp():
            path.unlink(missing_ok=True)


def path_of(extract: Extract) -> Path:
    """Where the content lies, under a name of our own with the ending it came with."""
    return Path(settings.EXTRACTS_DIR) / f"{extract.pk}{ending_of(extract.name)}"


def go_on(pk: UUID | str, *, at: datetime) -> None:
    """Read an extract, or store it: whatever its stage asks for. Harmless twice."""
    extract = Extract.objects.select_related("stored_by").get(pk=pk)
    if not extract.is_working:
        return
    is_read_only = extract.stage == Stage.READING
    with translation.override(extract.language or None):
        try:
            told = import_extract(
                path_of(extract),
                by=extract.stored_by,
                at=at,
                dry_run=is_read_only,
                progress=_telling(extract),
            )
        except Refused as refused:
            _refuse(extract, str(refused))
            return
        except (OSError, GEOSException) as error:
            log.exception("Extract %s", extract.pk)
            why = getattr(error, "strerror", None) or error
            _refuse(extract, _("The extract cannot be read: %(why)s.") % {"why": why})
            return
    if is_read_only:
        _end(extract, Stage.FOUND, found=data_of(told))
    else:
        _end(extract, Stage.STORED, found=data_of(told), stored_at=at)
        path_of(extract).unlink(missing_ok=True)


def _refuse(extract: Extract, why: str) -> None:
    _end(extract, Stage.REFUSED, refusal=why)
    path_of(extract).unlink(missing_ok=True)


def _begin(extract: Extract, at: datetime) -> None:
    if extract.size <= AT_ONCE:
        go_on(extract.pk, at=at)
        extract.refresh_from_db()
    else:
        app.configure_task("config.jobs.work_on_extract", queue="upkeep").defer(pk=str(extract.pk))


def _telling(extract: Extract) -> Callable[[int], None]:
    """Let the page that follows know how much was found, once a second at most."""
    last = time.monotonic()

    def tell(found: int) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_EVERY:
            last = time.monotonic()
            Extract.objects.filter(pk=extract.pk).update(read=found)

    return tell


def _end(extract: Extract, stage: str, **values: Any) -> None:
    """Unless somebody dropped it meanwhile."""
    Extract.objects.filter(pk=extract.pk, stage=extract.stage).update(stage=stage, **values)
