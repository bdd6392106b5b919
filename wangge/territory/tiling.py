"""Grids must tile: no two of one level hold the same ground."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _

from wangge.territory.boundaries import SLIVER_M2, BoundaryRow
from wangge.territory.shapes import area_m2


def overlaps(rows: Sequence[BoundaryRow]) -> list[str]:
    """A sentence for each pair of boundaries of the same level that share more than a square metre."""
    return [
        _("%(one)s and %(other)s share %(area).0f m².") % {"one": one.code, "other": other.code, "area": area}
        for one, other, area in _shared_ground(rows)
    ]


def _shared_ground(rows: Sequence[BoundaryRow]) -> Iterator[tuple[BoundaryRow, BoundaryRow, float]]:
    shapes = np.array([row.geometry for row in rows], dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes, "intersects")
    once = first < second
    for one, other in zip(first[once].tolist(), second[once].tolist(), strict=True):
        # Neighbours only touch, which is much quicker to find out than what they share.
        if rows[one].level == rows[other].level and not shapely.touches(shapes[one], shapes[other]):
            area = area_m2(shapely.intersection(shapes[one], shapes[other]))
            if area > SLIVER_M2:
                yield rows[one], rows[other], area
