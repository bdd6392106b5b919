"""A file on its way in: brought, read and compared, looked at by a person, taken over; the same way for every kind.

Small files are read while the page waits; large ones by the worker, and the page follows. The file lies in a folder of
its kind until it is stored or dropped. A worker that dies leaves nothing behind: what it held is taken up once more,
and said to have stopped if that dies too.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from psycopg.errors import DeadlockDetected
from shapely.errors import GEOSException

from wangge.accounts.models import Account
from wangge.common.holding import held
from wangge.common.refusals import Refused
from wangge.territory.brought.models import BroughtFile
from wangge.territory.files import MEGABYTE, keep, too_large
from wangge.territory.row_errors import RowError, RowsRefused

log = logging.getLogger(__name__)

SHOWN = 200  # remarks of each kind that are kept to be shown; a person corrects the first ones first
KEPT = timedelta(days=7)
MOST_TRIES = 2  # of one piece of work: what kills its worker twice would do so for ever
TELL_EVERY = 1.0  # seconds

F = TypeVar("F", bound=BroughtFile)
Stage = BroughtFile.Stage
WAITING = (Stage.FOUND, Stage.READING, Stage.STORING, Stage.STOPPED)
WORKING = (Stage.READING, Stage.STORING)


class Elsewhere(Exception):  # nothing went wrong
    """Somebody dropped the file meanwhile, or another worker was faster."""


def demand_news(file: BroughtFile) -> None:
    """Raise `Refused` where everything is as a file says; for kinds that compare each row with what is there."""
    if not file.found["created"] + file.found["changed"]:
        raise Refused(_("Everything is as the file says already."))


def overtaken() -> Refused:
    """What a person saw before they took a file over is no longer what it would do."""
    return Refused(
        _("Somebody else has changed the same meanwhile. Nothing was stored. Look again, then decide.")
    )


def _nothing_waits() -> Refused:
    return Refused(_("This file does not wait for a decision."))


@dataclass(frozen=True)
class Way(Generic[F]):
    """How one kind of file comes in: where it lies meanwhile, what it may be, whose it is, and the work on it.

    `look` reads a file and ends with `found`; `store` takes it over, in one transaction, and ends with `end`. `demand` says who may do
    anything with it, `check` whether what was found can be taken over now. All of them may raise `Refused`.
    """

    model: type[F]
    folder: str  # the setting that names it
    job: str
    limit_mb: int
    ending_of: Callable[[str], str]
    demand: Callable[[Account, F], None]
    look: Callable[[F], None]
    store: Callable[[F, datetime], None]
    check: Callable[[F], None] = lambda file: None
    follow: tuple[str, ...] = ()  # relations that the work needs
    at_once: Callable[[], int] = lambda: 2 * MEGABYTE  # bytes that a page may wait for

    # -- What people do ------------------------------------------------------------------------------------

    def bring(self, file: F, content: File, *, at: datetime) -> F:
        """Take a new file in and look at it; nothing else changes. Raises `Refused` on endings and sizes."""
        self.demand(file.made_by, file)
        self.ending_of(file.name)
        file.size, file.language = content.size or 0, translation.get_language() or ""
        if file.size > self.limit_mb * MEGABYTE:
            raise too_large(self.limit_mb)
        file.name, file.made_at = file.name[-200:], at
        keep(content, self.path_of(file))
        file.save()
        self._begin(file, at)
        return file

    def confirm(self, file: F, *, by: Account, at: datetime) -> None:
        """Let what was found be taken over, all or nothing."""
        self.demand(by, file)
        with transaction.atomic():
            locked = self.files.select_for_update().get(pk=file.pk)
            if locked.stage != Stage.FOUND:
                raise _nothing_waits()
            if locked.has_errors:
                raise Refused(_("Rows with errors cannot be stored. Correct the file and bring it again."))
            self.check(locked)
            locked.stage, locked.done, locked.tries, locked.refusal = Stage.STORING, 0, 0, ""
            locked.stored_by = by
            locked.save()
        file.refresh_from_db()
        self._begin(file, at)

    def obstacle(self, file: F) -> str:
        """Why a file that waits, without errors, cannot be taken over as things stand; empty for any other."""
        if file.stage != Stage.FOUND or file.has_errors:
            return ""
        try:
            self.check(file)
        except Refused as refused:
            return str(refused)
        return ""

    def look_again(self, file: F, *, by: Account, at: datetime) -> None:
        """Read a file anew that waits, or that a worker stopped reading in the middle."""
        self.demand(by, file)
        again = self.files.filter(pk=file.pk, stage__in=[Stage.FOUND, Stage.STOPPED])
        if not again.update(stage=Stage.READING, done=0, tries=0, refusal=""):
            raise _nothing_waits()
        file.refresh_from_db()
        self._begin(file, at)

    def drop(self, file: F, *, by: Account) -> None:
        """Forget a file that waits; also one that is worked on: what comes of that is not heard."""
        self.demand(by, file)
        if not self.files.filter(pk=file.pk, stage__in=WAITING).update(stage=Stage.DROPPED):
            raise _nothing_waits()
        self.path_of(file).unlink(missing_ok=True)

    # -- What the worker does ------------------------------------------------------------------------------

    def go_on(self, pk: UUID | str, *, at: datetime) -> None:
        """Read a file, or store it: whatever its stage asks for. Harmless twice, and while another process does it."""
        with held(f"{self.model._meta.db_table} {pk}") as is_ours:
            file = self.files.select_related("stored_by", *self.follow).get(pk=pk)
            if is_ours and file.is_working:
                with translation.override(file.language or None), suppress(Elsewhere):
                    self._work(file, at)
                if not self.files.filter(pk=file.pk, stage__in=WAITING).exists():
                    self.path_of(file).unlink(missing_ok=True)

    def take_up_left(self, at: datetime) -> None:
        """Go on with what a process left behind when it died, and with what nobody was told to begin."""
        for pk in self.files.filter(stage__in=WORKING).order_by("made_at").values_list("pk", flat=True):
            try:
                self.go_on(pk, at=at)
            except Exception:  # a fault of ours in one must not hold back the others
                log.exception("%s %s", self.model.__name__, pk)

    def sweep(self, at: datetime) -> None:
        """Drop what nobody decided about for a week, and whatever lies there without a row."""
        self.files.filter(made_at__lt=at - KEPT, stage__in=WAITING).update(stage=Stage.DROPPED)
        wanted = {self.path_of(file) for file in self.files.filter(stage__in=WAITING)}
        for path in self._folder.glob("*"):
            if path not in wanted and path.stat().st_mtime < (at - KEPT).timestamp():
                path.unlink(missing_ok=True)

    def _work(self, file: F, at: datetime) -> None:
        if file.tries >= MOST_TRIES:
            self._stop(file)
            return
        self.files.filter(pk=file.pk).update(tries=file.tries + 1)
        try:
            self.look(file) if file.stage == Stage.READING else self._store_alone(file, at)
        except RowsRefused as refused:
            self.found(file, file.found, refused.errors)
        except Refused as refused:
            self._turn_down(file, str(refused).replace(self.path_of(file).name, file.name))
        except (OSError, GEOSException) as error:
            log.exception("%s %s", self.model.__name__, file.pk)
            why = getattr(error, "strerror", None) or error
            self._turn_down(file, _("The file cannot be read: %(why)s.") % {"why": why})

    def _store_alone(self, file: F, at: datetime) -> None:
        """Store it, unless somebody stores the same in this very moment: who comes second is refused, and loses nothing."""
        try:
            self.store(file, at)
        except (IntegrityError, OperationalError) as error:
            if isinstance(error, OperationalError) and not isinstance(error.__cause__, DeadlockDetected):
                raise
            log.warning("%s %s was overtaken: %s", self.model.__name__, file.pk, type(error).__name__)
            raise overtaken() from error

    # -- How the work ends ---------------------------------------------------------------------------------

    def found(self, file: F, found: dict[str, Any], errors: list[RowError], **values: Any) -> None:
        """A person decides now, knowing this."""
        told = {"errors": [str(error) for error in errors[:SHOWN]], "error_count": len(errors)}
        self.end(file, Stage.FOUND, found=found | told, **values)

    def end(self, file: F, stage: str, **values: Any) -> None:
        """The work on a file is done; raises `Elsewhere` where nobody waits for it any more."""
        if not self.files.filter(pk=file.pk, stage=file.stage).update(stage=stage, done=1, **values):
            raise Elsewhere

    def teller(self, file: F) -> Callable[[float], None]:
        """Let the page that follows know how far the work has come, once a second; raises `Elsewhere` once it was dropped."""
        last = time.monotonic()

        def tell(done: float) -> None:
            nonlocal last
            if time.monotonic() - last > TELL_EVERY:
                last = time.monotonic()
                if not self.files.filter(pk=file.pk, stage=file.stage).update(done=min(done, 1.0)):
                    raise Elsewhere

        return tell

    def _turn_down(self, file: F, why: str) -> None:
        """What cannot be stored now may be later: only a file that says nothing we can read goes."""
        self.end(file, Stage.FOUND if file.stage == Stage.STORING else Stage.REFUSED, refusal=why)

    def _stop(self, file: F) -> None:
        """What was read stays known where only storing stopped: nothing is half stored."""
        why = _("The work on this file stopped in the middle, twice. Nothing was stored.")
        self.end(file, Stage.FOUND if file.stage == Stage.STORING else Stage.STOPPED, refusal=why)

    # -- Where it lies -------------------------------------------------------------------------------------

    @property
    def files(self) -> Any:
        return self.model._default_manager

    @property
    def _folder(self) -> Path:
        return Path(getattr(settings, self.folder))

    def path_of(self, file: F) -> Path:
        """Where the content lies, under a name of our own with the ending it came with."""
        return self._folder / f"{file.pk}{self.ending_of(file.name)}"

    def _begin(self, file: F, at: datetime) -> None:
        if file.size <= self.at_once():
            self.go_on(file.pk, at=at)
            file.refresh_from_db()
        else:
            app.configure_task(self.job, queue="upkeep").defer(pk=str(file.pk))
