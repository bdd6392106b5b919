"""What was found in a file of boundaries, for a person to look at before anything is stored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.territory.boundaries import BoundaryRow
from wangge.territory.crs_hints import crs_hint
from wangge.territory.row_errors import RowError
from wangge.territory.shapes import area_m2
from wangge.territory.systems import System
from wangge.territory.tiling import overlaps

BEYOND_SHARE = 0.01  # of a boundary outside its parent; less is redrawing
BEYOND_M2 = 500.0


@dataclass(frozen=True)
class Findings:
    """What only a person can judge, by its kind; each remark names its row."""

    counts: Mapping[str, int]  # by level
    hint: str | None
    repairs: tuple[RowError, ...]
    beyond: tuple[RowError, ...]
    overlaps: tuple[str, ...]
    late_parents: int

    @property
    def remarks(self) -> list[str]:
        """Everything in one list, the most telling first."""
        told = [self.hint] if self.hint else []
        return [*told, *map(str, self.beyond), *map(str, self.repairs), *self.overlaps]


def look_at(
    rows: Sequence[BoundaryRow],
    system: System,
    known: Mapping[str, BaseGeometry],
    parents: Mapping[str, str | None],
) -> Findings:
    """Compare rows with each other and with the `known` boundaries; `parents` maps codes to the parent they will have."""
    shapes = {**known, **{row.code: row.geometry for row in rows}}
    return Findings(
        counts=Counter(row.level for row in rows),
        hint=crs_hint(rows, system, known, parents),
        repairs=tuple(
            RowError(row.row, "geometry", f"{row.code}: {note}") for row in rows for note in row.notes
        ),
        beyond=tuple(_beyond(rows, shapes, known, parents)),
        overlaps=tuple(overlaps(rows)),
        late_parents=_late_parents(rows, parents),
    )


def _beyond(
    rows: Sequence[BoundaryRow],
    shapes: Mapping[str, BaseGeometry],
    known: Mapping[str, BaseGeometry],
    parents: Mapping[str, str | None],
) -> Iterable[RowError]:
    """Rows that leave their parent, and rows that lie in nothing known at all: in the sea, perhaps."""
    ground = shapely.STRtree(np.array(list(known.values()), dtype=object))
    for row in rows:
        parent = parents.get(row.code)
        around = shapes.get(parent) if parent else None
        if around is not None:
            yield from _leaving(row, parent or "", around)
        elif known and row.code not in known and not len(ground.query(row.geometry, "intersects")):
            yield RowError(
                row.row, "geometry", _("%(code)s lies in no area known here.") % {"code": row.code}
            )


def _leaving(row: BoundaryRow, parent: str, around: BaseGeometry) -> Iterable[RowError]:
    if around.is_valid and not around.covers(row.geometry):
        whole, outside = area_m2(row.geometry), area_m2(row.geometry.difference(around))
        if outside > BEYOND_M2 and outside > whole * BEYOND_SHARE:
            yield RowError(
                row.row,
                "geometry",
                _("%(percent).0f %% of %(code)s (%(area).0f m²) lies outside its parent %(parent)s.")
                % {"code": row.code, "percent": 100 * outside / whole, "area": outside, "parent": parent},
            )


def _late_parents(rows: Sequence[BoundaryRow], parents: Mapping[str, str | None]) -> int:
    """How many rows come before their parent."""
    at = {row.code: row.row for row in rows}
    return sum(1 for row in rows if at.get(parents.get(row.code) or "", 0) > row.row)
