"""Whatever is done to a community: at every date its grids neither overlap nor leave gaps, and no code names two areas."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from wangge.accounts.models import Role
from wangge.cases.tests.cast import SHANGHAI, Cast
from wangge.common.refusals import Refused
from wangge.territory import history
from wangge.territory.changes import deciding, drafting, steps, topology
from wangge.territory.changes.picture import Node, Picture, drawn
from wangge.territory.changes.plan import Plan
from wangge.territory.models import Area
from wangge.territory.shapes import area_m2, from_wkb

COMMUNITY = "990101001001"
GROUND = box(118.90, 32.90, 118.92, 32.91)
# What a hair's width along every border of a community comes to; a grid has some 300,000 m².
HAIRS_M2 = 40.0

fractions = st.floats(0.03, 0.97)
acts = st.tuples(
    st.sampled_from(["split", "split", "merge", "redraw", "end"]), st.integers(0, 50), fractions, fractions
)


def no_gap_no_overlap(shapes: list[shapely.Geometry]) -> bool:
    union = shapely.union_all(shapes)
    lost = area_m2(shapely.symmetric_difference(union, GROUND))
    twice = sum(area_m2(shape) for shape in shapes) - area_m2(union)
    return lost < HAIRS_M2 and abs(twice) < HAIRS_M2


def line_across(shape: shapely.Geometry, one: float, other: float) -> LineString:
    """A line through a shape's box from side to side, as slanted as chance wants it."""
    west, south, east, north = shape.bounds
    if one + other > 1:
        return LineString(
            [(west - 1e-4, south + (north - south) * one), (east + 1e-4, south + (north - south) * other)]
        )
    return LineString(
        [(west + (east - west) * one, south - 1e-4), (west + (east - west) * other, north + 1e-4)]
    )


@dataclass
class Town:
    """A community in memory whose codes are given in order, never twice."""

    now: Picture
    given: list[str] = field(default_factory=list)

    def code(self) -> str:
        self.given.append(f"{COMMUNITY}{len(self.given) + 1:03d}")
        return self.given[-1]

    def grids(self) -> list[Any]:
        return self.now.children(COMMUNITY, "grid")

    def plan(self, act: str, which: int, one: float, other: float) -> Plan:
        """One step on a grid that chance chose; refused steps raise Refused."""
        grids = self.grids()
        node = grids[which % len(grids)]
        if act == "split":
            line = line_across(node.shape, one, other)
            parts = [(self.code(), f"第{n}") for n in range(len(steps.cut(node, line)))]
            return steps.split(Plan(), self.now, code=node.code, line=line, parts=parts)
        beside = grids[(which + 1) % len(grids)]
        if act == "merge":
            return steps.merge(Plan(), self.now, olds=[node.code, beside.code], code=self.code(), name="合")
        if act == "end":
            return steps.end(Plan(), self.now, code=node.code, into=beside.code)
        return steps.redraw(Plan(), self.now, {node.code: moved(node, beside, one)}, neighbours_follow=True)


def moved(node: Any, beside: Any, share: float) -> shapely.Geometry:
    """The grid with some of its neighbour's ground, or without some of its own."""
    west, south, east, north = beside.shape.bounds
    corner = shapely.box(west, south, west + (east - west) * share, south + (north - south) * share)
    if share > 0.5:
        return topology.tidy(shapely.union(node.shape, shapely.intersection(beside.shape, corner)))
    return topology.tidy(shapely.difference(node.shape, corner))


def town() -> Town:
    made = Town(Picture({}))
    nodes = [
        Node("990101001", "一街道", "street", "", ""),
        Node(COMMUNITY, "一社区", "community", "", "990101001", drawn(GROUND)),
    ]
    nodes += [
        Node(made.code(), "甲", "grid", "general", COMMUNITY, drawn(box(118.90, 32.90, 118.911, 32.91)))
    ]
    nodes += [
        Node(made.code(), "乙", "grid", "general", COMMUNITY, drawn(box(118.911, 32.90, 118.92, 32.91)))
    ]
    made.now = Picture({node.code: node for node in nodes})
    return made


@settings(max_examples=25, deadline=None)
@given(st.lists(acts, min_size=1, max_size=8))
def test_sound_plans_one_after_another_leave_no_gap_and_no_overlap(sequence: list) -> None:
    made, ended = town(), set[str]()
    for act in sequence:
        try:
            plan = made.plan(*act)
        except Refused:
            continue
        if topology.faults(plan, made.now):
            continue
        assert not set(plan.new) & ended
        ended |= set(plan.ended)
        made.now = plan.on(made.now)
        shapes = [node.shape for node in made.grids()]
        assert all(shape.is_valid and shape.geom_type == "Polygon" for shape in shapes)
        assert no_gap_no_overlap(shapes)
        assert all(node.parent in made.now for node in made.grids())


@settings(max_examples=25, deadline=None)
@given(fractions, fractions)
def test_what_was_split_and_merged_again_is_what_it_was(one: float, other: float) -> None:
    made = town()
    node = made.grids()[0]
    try:
        plan = made.plan("split", 0, one, other)
    except Refused:
        return
    made.now = plan.on(made.now)
    again = steps.merge(Plan(), made.now, olds=list(plan.new), code=made.code(), name="又合")
    whole = again.on(made.now).nodes[again.new[0]]
    assert area_m2(shapely.symmetric_difference(whole.shape, node.shape)) < 1.0


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, min_size=2, max_size=5))
def test_at_every_date_the_grids_in_force_tile_the_community(cast: Cast, sequence: list) -> None:
    with transaction.atomic():
        _live(cast, sequence)
        transaction.set_rollback(True)


def _step(made: Town, act: Any, _plan: Plan, _before: Picture) -> Plan:
    return made.plan(*act)


def _live(cast: Cast, sequence: list) -> None:
    """Each act is a change of its own, drafted by one and approved by another, a day after the one before."""
    drafter = cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.county)
    approver = cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)
    start = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
    for number, act in enumerate(sequence):
        at = start + timedelta(days=number)
        change = drafting.begin(cast.place.community, title=f"第{number}次", by=drafter, at=at)
        draft = drafting.open_draft(change)
        serials = [
            int(code[-3:]) for code in Area.objects.filter(level="grid").values_list("code", flat=True)
        ]
        made = Town(draft.before, given=["-"] * max(serials))
        try:
            drafting.take(change, partial(_step, made, act), by=drafter, at=at)
            drafting.propose(change, by=drafter, at=at)
        except Refused:
            continue
        deciding.approve(change, by=approver, at=at)
    first = date(2026, 6, 9)
    for day in (first + timedelta(days=number) for number in range(len(sequence) + 2)):
        boundaries = {pk: b for pk, _code, b in history.boundaries_on(day, "grid")}
        held = list(history.areas_on(day).filter(level="grid", parent_then=cast.place.community.pk))
        assert no_gap_no_overlap([from_wkb(boundaries[one.pk] or b"") for one in held])
        parents = set(history.areas_on(day).values_list("pk", flat=True))
        assert {one.parent_then for one in held} <= parents
    codes = list(Area.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes))
