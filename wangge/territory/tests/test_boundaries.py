import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import box, mapping
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory.boundaries import BoundaryRow, PropertyNames, read_boundaries
from wangge.territory.coordinates import CRS, from_wgs84, metres_between
from wangge.territory.crs_hints import crs_hint
from wangge.territory.row_errors import RowError
from wangge.territory.shapes import area_m2, centre, from_wkb, to_wkb

GRID = "370102011001001"
SQUARE = box(117.0, 36.0, 117.01, 36.01)


def feature(shape: BaseGeometry | dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    geometry = mapping(shape) if isinstance(shape, BaseGeometry) else shape
    return {"type": "Feature", "properties": {"code": GRID} | properties, "geometry": geometry}


def read(*features: Any, crs: CRS = CRS.WGS84, **options: Any) -> tuple[list[BoundaryRow], list[RowError]]:
    content = {"type": "FeatureCollection", "features": features}
    return read_boundaries(io.BytesIO(json.dumps(content).encode()), crs, **options)


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}


def only(found: tuple[list[BoundaryRow], list[RowError]]) -> BoundaryRow:
    rows, errors = found
    assert errors == []
    assert len(rows) == 1
    return rows[0]


def test_a_plain_boundary_comes_through_as_it_is() -> None:
    row = only(read(feature(SQUARE, name="一号网格", parent="370102011001")))
    assert (row.code, row.name, row.level, row.parent_code) == (GRID, "一号网格", "grid", "370102011001")
    assert row.geometry.equals(SQUARE)
    assert row.notes == ()


@pytest.mark.parametrize("crs", [CRS.GCJ02, CRS.BD09])
def test_a_boundary_in_another_coordinate_system_is_brought_to_wgs84(crs: CRS) -> None:
    shifted = {
        "type": "Polygon",
        "coordinates": [[from_wgs84(corner[0], corner[1], crs) for corner in SQUARE.exterior.coords]],
    }
    row = only(read(feature(shifted), crs=crs))
    assert row.geometry.normalize().equals_exact(SQUARE.normalize(), 1e-7)


def test_holes_and_exclaves_are_kept() -> None:
    ring = SQUARE.difference(box(117.004, 36.004, 117.006, 36.006)).union(box(117.02, 36, 117.03, 36.01))
    row = only(read(feature(ring)))
    assert row.geometry.geom_type == "MultiPolygon"
    assert row.geometry.equals(ring)


def test_heights_are_dropped() -> None:
    high = polygon((117, 36, 5), (117.01, 36, 5), (117.01, 36.01, 5), (117, 36, 5))  # type: ignore[arg-type]
    assert not only(read(feature(high))).geometry.has_z


def test_a_self_crossing_boundary_is_mended_and_says_so() -> None:
    bow_tie = polygon((117, 36), (117.01, 36.01), (117.01, 36), (117, 36.01), (117, 36))
    row = only(read(feature(bow_tie)))
    assert row.geometry.is_valid
    assert row.geometry.area == pytest.approx(0.01 * 0.01 / 2)
    [note] = row.notes
    assert "Self-intersection" not in note
    assert "117.00500, 36.00500" in note


def test_slivers_beside_the_land_are_left_out_and_counted() -> None:
    crumb = box(117.02, 36, 117.020001, 36.000001)
    pinhole = box(117.005, 36.005, 117.005001, 36.005001)
    row = only(read(feature(SQUARE.difference(pinhole).union(crumb))))
    assert row.geometry.equals(SQUARE)
    assert "2" in row.notes[0]


def test_neighbours_keep_their_shared_edge_after_rounding() -> None:
    third = 117 + 1 / 3
    left = polygon((117, 36), (third, 36 + 1 / 7), (third, 36 + 2 / 7), (117, 36))
    right = polygon((third, 36 + 1 / 7), (118, 36), (third, 36 + 2 / 7), (third, 36 + 1 / 7))
    rows, _errors = read(feature(left), feature(right, code=GRID[:-1] + "2"))
    assert rows[0].geometry.touches(rows[1].geometry)
    assert rows[0].geometry.intersection(rows[1].geometry).length == pytest.approx(1 / 7, abs=1e-6)
    assert max(len(f"{x}".split(".")[1]) for x, _y in rows[0].geometry.exterior.coords) <= 7


@pytest.mark.parametrize(
    ("geometry", "field"),
    [
        (None, "geometry"),
        ({"type": "Polygon", "coordinates": []}, "geometry"),
        ({"type": "Point", "coordinates": [117, 36]}, "geometry"),
        ({"type": "Polygon", "coordinates": [[[117, 36], [117.01, 36]]]}, "geometry"),
        ({"type": "Polygon", "coordinates": "round"}, "geometry"),
        ({"type": "Cloud"}, "geometry"),
        (polygon((117, 36), (117.01, 36.01), (117.02, 36.02), (117, 36)), "geometry"),
        (polygon((36, 117), (36, 117.01), (36.01, 117.01), (36, 117)), "geometry"),
        (polygon((500000, 3980000), (500100, 3980000), (500100, 3980100), (500000, 3980000)), "geometry"),
        (polygon((181, 36), (182, 36), (182, 37), (181, 36)), "geometry"),
        (polygon((float("nan"), 36), (117, 36), (117, 37), (float("nan"), 36)), "geometry"),
    ],
    ids=[
        "none", "empty", "a point", "a line", "a word", "unknown type", "no land",
        "swapped", "metres", "off the Earth", "not a number",
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_by_its_row(geometry: dict[str, Any] | None, field: str) -> None:
    rows, errors = read(feature(SQUARE), feature(geometry, code=GRID[:-1] + "2"))
    assert len(rows) == 1
    assert [(error.row, error.field) for error in errors] == [(2, field)]


def test_a_code_used_twice_is_an_error_that_names_the_first() -> None:
    rows, errors = read(feature(SQUARE), feature(SQUARE))
    assert len(rows) == 1
    assert (errors[0].row, errors[0].field) == (2, "code")


@pytest.mark.parametrize("properties", [{"code": ""}, {"code": "12345"}, {"code": None}, {"code": [1]}])
def test_a_code_that_is_missing_or_of_no_level_is_an_error(properties: dict[str, Any]) -> None:
    _rows, errors = read(feature(SQUARE, **properties))
    assert len(errors) == 1


def test_what_is_not_a_feature_is_an_error_and_not_a_crash() -> None:
    _rows, errors = read("round", {"type": "Feature", "properties": "none", "geometry": None}, 7)
    assert [error.row for error in errors] == [1, 2, 3]


def test_a_number_as_code_and_our_own_property_names_are_understood() -> None:
    own = {
        "type": "Feature",
        "properties": {"BH": 370102011001001.0, "MC": "一号"},
        "geometry": mapping(SQUARE),
    }
    row = only(read(own, names=PropertyNames(code=("bh",), name=("mc",))))
    assert (row.code, row.name) == (GRID, "一号")


def test_the_widespread_datav_files_are_understood() -> None:
    properties = {"adcode": 370102, "name": "历下区", "level": "district", "parent": {"adcode": 370100}}
    row = only(read({"type": "Feature", "properties": properties, "geometry": mapping(SQUARE)}))
    assert (row.code, row.level, row.parent_code) == ("370102", "county", "370100")


def test_unit_grids_are_read_by_their_level() -> None:
    assert only(read(feature(SQUARE), level="unit_grid")).level == "unit_grid"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"type": "Feature"}', b"\xff\xfe\x00", b"[" * 100_000]
)
def test_a_file_that_is_no_collection_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Refused):
        read_boundaries(io.BytesIO(content), CRS.WGS84)


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "large.geojson"
    file.write_bytes(b" " * (1024 * 1024 + 1))
    with pytest.raises(Refused, match="1 MB"):
        read_boundaries(file, CRS.WGS84, limit_mb=1)


def test_a_file_that_declares_a_projection_is_refused_and_plain_degrees_are_not() -> None:
    def declaring(name: str) -> io.BytesIO:
        crs = {"type": "name", "properties": {"name": name}}
        return io.BytesIO(json.dumps({"features": [feature(SQUARE)], "crs": crs}).encode())

    with pytest.raises(Refused) as refusal:
        read_boundaries(declaring("urn:ogc:def:crs:EPSG::4547"), CRS.WGS84)
    assert refusal.value.field == "crs"
    for plain in ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490"):
        assert len(read_boundaries(declaring(plain), CRS.WGS84)[0]) == 1


def rows_shifted_by(crs: CRS, shapes: Sequence[BaseGeometry]) -> list[BoundaryRow]:
    """Boundaries that were really in `crs` but are read as if they were WGS84."""
    features = [
        feature(
            {
                "type": "Polygon",
                "coordinates": [[from_wgs84(corner[0], corner[1], crs) for corner in shape.exterior.coords]],
            },
            code=f"{GRID[:-3]}{number:03}",
        )
        for number, shape in enumerate(shapes)
    ]
    return read(*features)[0]


@pytest.mark.parametrize("crs", [CRS.GCJ02, CRS.BD09])
def test_boundaries_that_fit_better_as_another_system_are_pointed_out(crs: CRS) -> None:
    shapes = [box(117 + i / 100, 36, 117.01 + i / 100, 36.01) for i in range(5)]
    known = {f"{GRID[:-3]}{number:03}": shape for number, shape in enumerate(shapes)}
    hint = crs_hint(rows_shifted_by(crs, shapes), CRS.WGS84, known)
    assert hint is not None
    assert crs.value in hint


def test_boundaries_that_fit_or_were_redrawn_by_a_few_metres_are_no_reason_for_a_hint() -> None:
    moved = shapely.affinity.translate(SQUARE, 0.0002, 0)
    assert crs_hint(read(feature(moved))[0], CRS.WGS84, {GRID: SQUARE}) is None


def test_new_boundaries_far_from_the_territory_are_pointed_out_with_the_distance() -> None:
    known = {"370102011001999": SQUARE}
    assert crs_hint(read(feature(box(117.02, 36, 117.03, 36.01)))[0], CRS.WGS84, known) is None
    hint = crs_hint(read(feature(box(120.0, 36, 120.01, 36.01)))[0], CRS.WGS84, known)
    assert hint is not None
    assert "270 " in hint or "269 " in hint


def test_wkb_comes_back_as_it_went_to_seven_decimals() -> None:
    shape = box(117.123456789, 36.1, 117.2, 36.2)
    assert from_wkb(memoryview(to_wkb(shape))).bounds == (117.1234568, 36.1, 117.2, 36.2)


def test_areas_are_in_square_metres() -> None:
    width, height = metres_between(117, 36.005, 117.01, 36.005), metres_between(117, 36, 117, 36.01)
    assert area_m2(SQUARE) == pytest.approx(width * height, rel=0.005)


def test_the_centre_of_a_horseshoe_lies_on_it() -> None:
    horseshoe = box(0, 0, 3, 3).difference(box(1, 1, 2, 3))
    assert horseshoe.covers(shapely.Point(centre(horseshoe)))
    assert centre(SQUARE) == (117.005, 36.005)
