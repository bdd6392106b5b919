"""Does a boundary file fit what is already here? GCJ-02 and BD-09 are shifted by 50 to 1,200 metres, which nobody sees."""

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.territory.boundaries import BoundaryRow
from wangge.territory.coordinates import CRS, all_from_wgs84, all_to_wgs84, metres_between
from wangge.territory.systems import System

FAR_METRES = 50_000
SHIFTED_METRES = 50  # less than this is redrawing, not another coordinate system

BESIDE = 0.05  # share of the ground outside the areas above: less is redrawing
MOST = 500  # pairs that are enough to tell

_READINGS = (CRS.WGS84, CRS.GCJ02, CRS.BD09)


def crs_hint(
    rows: Sequence[BoundaryRow],
    read_as: System,
    known: Mapping[str, BaseGeometry],
    parents: Mapping[str, str | None] | None = None,
) -> str | None:
    """A sentence where the rows, read as `read_as`, lie shifted or far from the `known` boundaries of the same codes.

    `known` maps codes to shapes in WGS84 degrees, `parents` new codes to where they shall lie. None where nothing is odd.
    """
    pairs = [(row.geometry, known[row.code]) for row in rows if row.code in known]
    if not pairs:
        beside = _beside_parents(rows, read_as, known, parents or {})
        return beside or _far_hint(rows, list(known.values()))
    if not isinstance(read_as, CRS):
        return None  # metres are not mistaken for degrees
    metres = {crs: _median_distance(pairs, read_as, crs) for crs in _READINGS}
    ours = metres.pop(CRS.WGS84 if read_as is CRS.CGCS2000 else read_as)
    best = min(metres, key=metres.__getitem__)
    if ours > SHIFTED_METRES and metres[best] < ours / 3:
        return _(
            "These look like %(best)s: read as %(read_as)s they lie %(ours).0f m from the boundaries already here, "
            "read as %(best)s only %(theirs).0f m."
        ) % {"best": best, "read_as": read_as, "ours": ours, "theirs": metres[best]}
    return None


def _beside_parents(
    rows: Sequence[BoundaryRow],
    read_as: System,
    known: Mapping[str, BaseGeometry],
    parents: Mapping[str, str | None],
) -> str | None:
    """New codes lie in parents that are known: the system in which they fit into them best is the likely one."""
    pairs = [
        (row.geometry, known[parents.get(row.code) or ""]) for row in rows if parents.get(row.code) in known
    ]
    if not pairs or not isinstance(read_as, CRS):
        return None
    inside = {crs: _share_inside(pairs[:MOST], read_as, crs) for crs in _READINGS}
    ours = inside.pop(CRS.WGS84 if read_as is CRS.CGCS2000 else read_as)
    best = max(inside, key=inside.__getitem__)
    if 1 - ours < BESIDE or (1 - inside[best]) > (1 - ours) / 3:
        return None
    return _(
        "These look like %(best)s: read as %(read_as)s only %(ours).0f %% of their ground lies in the areas above them, "
        "read as %(best)s %(theirs).0f %%."
    ) % {"best": best, "read_as": read_as, "ours": 100 * ours, "theirs": 100 * inside[best]}


def _share_inside(pairs: Sequence[tuple[BaseGeometry, BaseGeometry]], read_as: CRS, crs: CRS) -> float:
    """How much of the ground would lie in the parents if the file had been read as `crs`."""
    shapes = np.array([pair[0] for pair in pairs], dtype=object)
    moved = shapely.transform(
        shapes, lambda d: np.column_stack(all_to_wgs84(*all_from_wgs84(d[:, 0], d[:, 1], read_as), crs))
    )
    whole = shapely.make_valid(moved)
    parents = shapely.make_valid(np.array([pair[1] for pair in pairs], dtype=object))
    return float(shapely.area(shapely.intersection(whole, parents)).sum() / shapely.area(whole).sum())


def _far_hint(rows: Sequence[BoundaryRow], known: Sequence[BaseGeometry]) -> str | None:
    """New codes cannot be compared one by one, but a whole file beside the territory is a mistake."""
    if not rows or not known:
        return None
    theirs = shapely.box(*shapely.total_bounds([row.geometry for row in rows])).centroid
    ours = shapely.box(*shapely.total_bounds(known))
    nearest = shapely.shortest_line(theirs, ours).coords[1]
    metres = metres_between(theirs.x, theirs.y, nearest[0], nearest[1])
    if metres < FAR_METRES:
        return None
    return _(
        "These boundaries lie %(km).0f km from the territory already here, around %(lon).3f, %(lat).3f."
    ) % {
        "km": metres / 1000,
        "lon": theirs.x,
        "lat": theirs.y,
    }


def _median_distance(pairs: Sequence[tuple[BaseGeometry, BaseGeometry]], read_as: CRS, crs: CRS) -> float:
    """Median metres between centres if the file had been read as `crs`."""
    ours = shapely.get_coordinates(shapely.centroid([pair[0] for pair in pairs]))
    theirs = shapely.get_coordinates(shapely.centroid([pair[1] for pair in pairs]))
    in_file = all_from_wgs84(ours[:, 0], ours[:, 1], read_as)
    moved = np.column_stack(all_to_wgs84(*in_file, crs))
    return median(metres_between(*a, *b) for a, b in zip(moved.tolist(), theirs.tolist(), strict=True))
