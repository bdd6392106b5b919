"""What new borders leave: neighbours drawn by several hands are joined, and old faults are not laid to a new plan."""

from dataclasses import replace

import pytest
import shapely
from shapely.geometry import Polygon, box

from wangge.territory.changes.picture import Node, Picture, drawn
from wangge.territory.changes.plan import Plan
from wangge.territory.changes.settling import joined
from wangge.territory.changes.topology import faults
from wangge.territory.shapes import rounded

FIELD = Polygon([(118.9, 32.90), (118.91, 32.9003333), (118.91, 32.91), (118.9, 32.91)])


def beside(apart: float) -> Polygon:
    """A strip along the lower side of the field, whose corners lie on that side but for `apart` degrees and rounding."""
    side = FIELD.exterior.segmentize(0.0007).coords[3:9]
    upper = [(x, y - apart) for x, y in side]
    return rounded(Polygon([*upper, *((x, y - 4e-5) for x, y in reversed(upper))]))


@pytest.mark.parametrize("apart", [0, 2e-7])
def test_neighbours_are_one_though_the_corners_of_one_lie_beside_the_sides_of_the_other(apart: float) -> None:
    strip = beside(apart)
    whole = joined([FIELD, strip])
    assert (whole.geom_type, whole.is_valid) == ("Polygon", True)
    assert whole.area == pytest.approx(FIELD.area + strip.area, rel=1e-3)


def test_a_crack_between_two_that_are_joined_is_closed_and_a_yard_is_not() -> None:
    crack, yard = box(118.904, 32.9047, 118.9041, 32.904705), box(118.906, 32.904, 118.907, 32.906)
    halves = [
        box(118.90, 32.90, 118.91, 32.9047).difference(shapely.union(crack, yard)),
        box(118.90, 32.9047, 118.91, 32.91).difference(shapely.union(crack, yard)),
    ]
    assert [len(one.interiors) for one in (joined(halves), halves[0])] == [1, 0]


def test_what_two_shared_before_is_not_laid_to_a_plan_that_divides_one_of_them() -> None:
    one = Node("M1", "微一", "micro", "micro", "G", drawn(box(118.900, 32.90, 118.9051, 32.91)))
    other = Node("M2", "微二", "micro", "micro", "G", drawn(box(118.905, 32.90, 118.910, 32.91)))
    around = Node("G", "网格", "grid", "general", "", drawn(box(118.900, 32.90, 118.910, 32.91)))
    before = Picture({node.code: node for node in (one, other, around)})
    west, east = box(118.900, 32.90, 118.903, 32.91), box(118.903, 32.90, 118.9051, 32.91)
    divided = [replace(one, boundary=drawn(west)), replace(one, code="M3", name="微三", boundary=drawn(east))]
    assert faults(Plan().with_nodes(before, divided), before) == []
    further = [divided[0], replace(divided[1], boundary=drawn(box(118.903, 32.90, 118.9053, 32.91)))]
    found = faults(Plan().with_nodes(before, further), before)
    assert [(fault.kind, fault.codes) for fault in found] == [("overlap", ("M2", "M3"))]
    assert "20,751" in found[0].sentence, "only what is new of it"
