"""A file of addresses into the register: every row or none, as often as you like."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.registry.addresses.rows import address_rows, parts_of, territory_now
from wangge.registry.addresses.storing import Parts, store_addresses
from wangge.territory.bulk import Outcome
from wangge.territory.coordinates import CRS
from wangge.territory.row_errors import RowError, RowsRefused

MOST_ERRORS = 1000  # kept; a file with more has one error repeated
TOLD_EVERY = 1000  # rows


def import_addresses(
    path: Path,
    *,
    crs: CRS,
    by: Model | None,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Outcome:
    """Store the addresses of a CSV or XLSX file, whose points are in `crs`; counts are of parts and rooms.

    What the register has is brought in line, nothing is deleted. Raises `RowsRefused` with every wrong row, and then,
    as in a dry run, nothing is stored. `progress` hears how many rows were read.
    """
    reading = _Reading(path, crs, progress)
    with transaction.atomic():
        outcome = store_addresses(reading.rows())
        if reading.errors:
            raise RowsRefused(reading.errors)
        if reading.read == 0:
            raise Refused(_("%(file)s has no rows.") % {"file": path.name})
        connection.check_constraints()
        if dry_run:
            transaction.set_rollback(True)
        elif outcome.created or outcome.changed:
            detail = {"created": outcome.created, "changed": outcome.changed}
            record_access("addresses.imported", by=by, at=at, subject_kind="address", detail=detail)
    return outcome


class _Reading:
    """One pass over a file, which counts its rows and keeps its errors."""

    def __init__(self, path: Path, crs: CRS, progress: Callable[[int], None]) -> None:
        self.path, self.crs, self.progress = path, crs, progress
        self.errors: list[RowError] = []
        self.read = 0

    def rows(self) -> Iterator[Parts]:
        """The rows that are right; after the first error only errors are looked for."""
        territory = territory_now()
        for line, cells in address_rows(self.path):
            self.read += 1
            if self.read % TOLD_EVERY == 0:
                self.progress(self.read)
            try:
                parts = parts_of(cells, self.crs, territory)
            except Refused as refusal:
                self._blame(RowError(line, refusal.field or "", str(refusal), self.path.name))
                continue
            if not self.errors:
                yield parts
        self.progress(self.read)

    def _blame(self, error: RowError) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)
