"""The made-up district holds together: nothing missing between areas, nothing twice, nobody's real name."""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from shapely import Polygon

from demo import frame
from demo.facilities import KINDS
from demo.places import Area, District, build_district


def outlines(areas: list[Area]) -> list[Polygon]:
    return [area.geometry for area in areas if area.geometry is not None]


def total(polygons: list[Polygon]) -> float:
    return float(sum(polygon.area for polygon in polygons))


def assert_tiled(parent: Polygon, parts: list[Polygon]) -> None:
    assert shapely.union_all(parts).symmetric_difference(parent).area == pytest.approx(0, abs=1e-18)
    assert total(parts) == pytest.approx(parent.area, rel=1e-12)


@pytest.mark.parametrize("level", ["street", "community", "grid"])
def test_each_level_covers_the_district_without_gap_or_overlap(district: District, level: str) -> None:
    parts = outlines(district.at_level(level))
    assert shapely.coverage_is_valid(parts)
    assert_tiled(outlines(district.at_level("county"))[0], parts)


@pytest.mark.parametrize(
    ("child", "parent"), [("community", "street"), ("grid", "community"), ("micro", "grid")]
)
def test_children_tile_their_parent_exactly(district: District, child: str, parent: str) -> None:
    children: dict[str, list[Polygon]] = defaultdict(list)
    for area in district.at_level(child):
        assert area.geometry is not None
        children[area.parent_code].append(area.geometry)
    assert children
    for code, parts in children.items():
        whole = district.area(code)
        assert whole.level == parent
        assert whole.geometry is not None
        assert_tiled(whole.geometry, parts)


def test_unit_grids_tile_their_community_and_overlap_nowhere(district: District) -> None:
    cells = [cell.geometry for cell in district.unit_grids]
    assert shapely.coverage_is_valid(cells)
    tree = shapely.STRtree(cells)
    pairs = [(a, b) for a, b in tree.query(cells, predicate="intersects").T if a < b]
    assert pairs
    assert max(cells[a].intersection(cells[b]).area for a, b in pairs) == 0
    by_community: dict[str, list[Polygon]] = defaultdict(list)
    for cell in district.unit_grids:
        by_community[cell.community_code].append(cell.geometry)
    for code, parts in by_community.items():
        whole = district.area(code).geometry
        assert whole is not None
        assert_tiled(whole, parts)


def test_neighbours_share_the_very_same_vertices(district: District) -> None:
    """Every edge inside the district is used twice; those used once make up the district's outline."""
    uses: dict[frozenset[tuple[float, float]], int] = defaultdict(int)
    for cell in district.unit_grids:
        for a, b in pairwise(cell.geometry.exterior.coords):
            uses[frozenset((a, b))] += 1
        for ring in cell.geometry.interiors:
            for a, b in pairwise(ring.coords):
                uses[frozenset((a, b))] += 1
    assert set(uses.values()) == {1, 2}
    county = outlines(district.at_level("county"))[0]
    outline = {frozenset(edge) for edge in pairwise(county.exterior.coords)}
    assert {edge for edge, count in uses.items() if count == 1} == outline


def test_every_area_is_one_piece_with_seven_decimals(district: District) -> None:
    shapes = outlines(district.areas) + [cell.geometry for cell in district.unit_grids]
    assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)
    for shape in shapes:
        assert all(round(v, 7) == v for v in shapely.get_coordinates(shape).ravel())


def test_the_district_has_the_size_and_shape_that_was_asked_for(district: District) -> None:
    levels = {level: len(district.at_level(level)) for level in ("street", "community", "grid", "micro")}
    assert levels["street"] == 4
    assert 12 <= levels["community"] <= 14
    assert 55 <= levels["grid"] <= 75
    assert 6 <= levels["micro"] <= 12
    served = {area.purpose for area in district.at_level("grid") if area.kind == "dedicated"}
    assert {"school", "market", "lake_park", "hospital", "site", "industry"} <= served
    assert 1_200 <= len(district.unit_grids) <= 2_500
    assert 3_000 <= len(district.buildings) <= 5_000
    assert 2_500 <= len(district.facilities) <= 5_000
    west, south, east, north = frame.to_metres(outlines(district.at_level("county"))[0]).bounds
    assert 4_500 < east - west < 5_600
    assert 3_500 < north - south < 4_500


def test_codes_follow_the_standards_layout_and_are_unique(district: District) -> None:
    lengths = {
        "province": 2,
        "city": 4,
        "county": 6,
        "street": 9,
        "community": 12,
        "grid": 15,
        "micro": 17,
    }
    for area in district.areas:
        assert re.fullmatch(r"99\d*", area.code)
        assert len(area.code) == lengths[area.level]
        assert area.code.startswith(area.parent_code)
    codes = [area.code for area in district.areas]
    assert len(codes) == len(set(codes))
    cells = [cell.code for cell in district.unit_grids]
    assert len(cells) == len(set(cells))
    assert all(re.fullmatch(r"990101\d{9}", code) for code in cells)
    assert all(cell.code.startswith(cell.community_code) for cell in district.unit_grids)


def test_unit_grids_are_numbered_from_the_north_and_without_holes(district: District) -> None:
    serials: dict[str, list[int]] = defaultdict(list)
    latitudes: dict[str, list[float]] = defaultdict(list)
    for cell in sorted(district.unit_grids, key=lambda c: c.code):
        serials[cell.community_code].append(int(cell.code[12:]))
        latitudes[cell.community_code].append(cell.geometry.centroid.y)
    for community, numbers in serials.items():
        assert numbers == list(range(1, len(numbers) + 1))
        assert latitudes[community][0] > latitudes[community][-1]


def test_buildings_stand_apart_inside_the_district_and_off_the_river(district: District) -> None:
    shapes = [building.geometry for building in district.buildings]
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects").T
    overlaps = [(a, b) for a, b in pairs if a < b and shapes[a].intersection(shapes[b]).area > 1e-12]
    assert overlaps == []
    county = outlines(district.at_level("county"))[0]
    river = next(water.geometry for water in district.water if water.kind == "river")
    assert shapely.contains(county, shapes).all()
    assert not shapely.intersects(river, shapes).any()


def test_every_building_lies_in_the_grid_it_names_and_has_its_own_address(district: District) -> None:
    land = {area.code: area.geometry for area in district.at_level("grid")}
    for building in district.buildings:
        grid = land[building.grid_code]
        assert grid is not None
        assert grid.intersects(shapely.Point(building.lon, building.lat))
        assert building.floors >= 1
        assert (building.households == 0) == (building.entrances == 0)
    addresses = [building.address for building in district.buildings]
    assert len(addresses) == len(set(addresses))


def test_facilities_carry_class_serial_and_the_cell_they_stand_in(district: District) -> None:
    cells = {cell.code: cell.geometry for cell in district.unit_grids}
    known = {kind.code for kind in KINDS.values()}
    codes = [facility.code for facility in district.facilities]
    assert len(codes) == len(set(codes))
    for facility in district.facilities:
        assert re.fullmatch(r"990101\d{11}", facility.code)
        assert facility.code[6:11] == facility.class_code
        assert facility.class_code in known
        assert cells[facility.unit_grid_code].distance(shapely.Point(facility.lon, facility.lat)) < 1e-6


def test_households_add_up_at_every_level(district: District) -> None:
    homes = sum(building.households for building in district.buildings)
    for level in ("county", "street", "community", "grid"):
        assert sum(area.households for area in district.at_level(level)) == homes


@pytest.mark.slow
def test_the_same_seed_gives_the_same_district_and_another_seed_another(district: District) -> None:
    assert build_district() == district
    assert build_district(seed=7).unit_grids != district.unit_grids


def test_no_area_bears_the_name_or_code_of_a_real_one(district: District) -> None:
    data = (
        Path(os.environ.get("WANGGE_TRIAL_DATA") or Path(__file__).parents[3] / "shared/data") / "divisions"
    )
    if not data.is_dir():
        pytest.skip(f"trial data absent: no {data}")
    real: set[str] = set()
    for file in ("provinces.csv", "cities.csv", "areas.csv", "streets.csv"):
        with (data / file).open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                real |= {row["name"], row["code"]}
    ours = {
        v for area in district.areas for v in (area.name, area.code) if area.level not in ("grid", "micro")
    }
    assert ours
    assert not ours & real
