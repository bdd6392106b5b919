"""Every format out and in again, and what people bring that is broken."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.utils import translation
from shapely.geometry import MultiPolygon, box

from wangge.common.refusals import Refused
from wangge.territory.boundaries import BoundaryRow, boundaries_of, read_boundaries
from wangge.territory.coordinates import CRS
from wangge.territory.formats.opening import opened
from wangge.territory.formats.streaming import open_geojson
from wangge.territory.formats.writing import Sheet, file_name, write
from wangge.territory.systems import by_name, settled


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


CODES = ["370102011001001", "370102011001002"]
HOLED = box(117.0, 36.0, 117.01, 36.01).difference(box(117.004, 36.004, 117.006, 36.006))
APART = MultiPolygon([box(117.01, 36.0, 117.02, 36.01), box(117.03, 36.0, 117.04, 36.01)])
SHEET = Sheet(
    "grid",
    {
        "code": CODES,
        "name": ["甲网格", "“乙”, 网格"],
        "level": ["grid", "grid"],
        "kind": ["general", "dedicated"],
        "parent": ["370102011001", None],
    },
    [HOLED, APART],
)
SYSTEMS = ["wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4548", "epsg:4527"]


def read(path: Path, named: str | None = None) -> list[BoundaryRow]:
    with opened(path) as contents:
        system = settled(by_name(named) if named else None, contents.system)
        rows, errors = boundaries_of(contents.features, system)
    assert errors == []
    return rows


def written(folder: Path, ending: str, system: str = "wgs84") -> Path:
    path = folder / file_name("grid", ending, by_name(system))
    path.write_bytes(write(SHEET, ending, by_name(system)))
    return path


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("ending", [".geojson", ".zip", ".gpkg", ".csv"])
def test_what_goes_out_comes_in_again_as_it_was(tmp_path: Path, ending: str, system: str) -> None:
    rows = read(written(tmp_path, ending, system))
    assert [(row.code, row.name, row.level, row.kind) for row in rows] == [
        (CODES[0], "甲网格", "grid", "general"),
        (CODES[1], "“乙”, 网格", "grid", "dedicated"),
    ]
    assert [row.parent_code for row in rows] == ["370102011001", None]
    for row, shape in zip(rows, SHEET.shapes, strict=True):
        assert row.notes == ()
        assert row.geometry.normalize().equals_exact(shape.normalize(), 1.01e-7)


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud83d"])
def test_a_row_with_what_no_database_keeps_as_text_is_named(tmp_path: Path, sign: str) -> None:
    path = written(tmp_path, ".geojson")
    path.write_text(path.read_text().replace("甲网格", f"甲{sign}网格"))
    with opened(path) as contents:
        rows, errors = boundaries_of(contents.features, by_name("wgs84"))
    assert [row.code for row in rows] == CODES[1:]
    assert [(error.row, str(error)) for error in errors] == [(1, "1: A text holds signs that are none.")]


def test_kml_goes_out_and_in_in_wgs84_and_in_nothing_else(tmp_path: Path) -> None:
    rows = read(written(tmp_path, ".kml"))
    assert [row.code for row in rows] == CODES
    assert all(
        row.geometry.normalize().equals_exact(shape.normalize(), 1.01e-7)
        for row, shape in zip(rows, SHEET.shapes, strict=True)
    )
    with pytest.raises(Refused, match="WGS84 only"):
        write(SHEET, ".kml", CRS.GCJ02)
    with pytest.raises(Refused, match=re.escape(".geojson")):
        write(SHEET, ".dwg", CRS.WGS84)


def test_a_file_says_its_system_in_its_name_where_it_is_not_wgs84() -> None:
    assert file_name("grid", ".zip", CRS.WGS84) == "grid.zip"
    assert file_name("grid", ".zip", CRS.GCJ02) == "grid-gcj02.zip"
    assert file_name("grid", ".csv", by_name("epsg:4548")) == "grid-epsg4548.csv"


def repacked(path: Path, *, without: str = "", within: str = "") -> Path:
    """The archive without one of its parts, or with other names of its members."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            if not (without and name.endswith(without)):
                new.writestr(f"{within}{name}", old.read(name))
    path.write_bytes(content.getvalue())
    return path


def test_a_shapefile_without_projection_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="does not say its coordinate system") as refusal:
        read(repacked(written(tmp_path, ".zip", "bd09"), without=".prj"))
    assert refusal.value.field == "crs"


def test_names_in_an_archive_lead_nowhere_else(tmp_path: Path) -> None:
    path = repacked(written(tmp_path, ".zip"), within="../../乱/")
    assert [row.code for row in read(path)] == CODES
    assert [each.name for each in tmp_path.iterdir()] == ["grid.zip"]


def test_a_shapefile_without_its_table_is_told_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"\.dbf"):
        read(repacked(written(tmp_path, ".zip"), without=".dbf"))


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 9_000_000)
    with pytest.raises(Refused, match="larger than 4 MB"), opened(path, limit_mb=1) as contents:
        list(contents.features)


@pytest.mark.filterwarnings(
    "ignore:.*application_id:RuntimeWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b"not a zip"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 200),
        ("a.gpkg", b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'),
        ("a.kml", b"<html></html>"),
        ("a.kml", b'<!DOCTYPE x [<!ENTITY a "b">]><kml></kml>'),
        ("a.kml", b"<kml><Placemark><Polygon>"),
        ("a.shp", b"\0\0\x27\x0a"),
        ("a.csv", b"code,name\n1,2\n"),
        ("a.csv", b""),
        ("a.dwg", b"AC1032"),
        ("a.geojson", b'{"features": [1, 2'),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"a": 1} {"b": 2}]}'),
        ("a.geojson", b'{"features": 7}'),
    ],
)  # fmt: skip
def test_what_is_not_what_its_ending_says_is_refused_and_never_crashes(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read(path, "wgs84")
    assert len(str(refusal.value)) > 10


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.geojson"):
        read(tmp_path / "none.geojson")


def test_a_row_that_is_broken_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"code,wkt\n{CODES[0]},{HOLED.wkt!r}\n{CODES[1]},round\n".replace("'", '"'), "utf-8")
    rows, errors = read_boundaries(path, CRS.WGS84)
    assert [row.code for row in rows] == CODES[:1]
    assert [(error.row, error.field) for error in errors] == [(3, "geometry")]


def test_metres_without_a_name_are_told_which_zone_they_are_probably_in(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(write(SHEET, ".geojson", by_name("epsg:4527")).replace(b"EPSG:4527", b"EPSG:4326"))
    _rows, errors = read_boundaries(path)
    assert "epsg:4527" in errors[0].message


def test_features_before_and_behind_other_members_and_across_pieces_are_read() -> None:
    feature = {"type": "Feature", "properties": {"code": "1", "name": "字" * 100_000}, "geometry": None}
    many = json.dumps({"name": "x", "bbox": [1, 2], "features": [feature] * 5, "note": {"a": 12}}).encode()
    found = list(open_geojson(io.BytesIO(many), 200).features)
    assert [each.row for each in found] == [1, 2, 3, 4, 5]
    assert len(found[4].properties["name"]) == 100_000
    gb = json.dumps({"features": [feature]}, ensure_ascii=False).encode("gb18030")
    assert next(open_geojson(io.BytesIO(gb), 200).features).properties["name"].startswith("字字")


def test_progress_runs_from_nothing_to_all() -> None:
    feature = {"type": "Feature", "properties": {"name": "x" * 1000}, "geometry": None}
    contents = open_geojson(io.BytesIO(json.dumps({"features": [feature] * 2000}).encode()), 200)
    seen = [contents.done for _feature in contents.features]
    assert seen == sorted(seen)
    assert seen[0] < 0.5
    assert seen[-1] == 1.0


STORY = """
import json, math, os, resource, sys
from pathlib import Path
import django
django.setup()
from wangge.territory.boundaries import read_boundaries
from wangge.territory.coordinates import CRS

def used():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) // 1024

read_boundaries(Path(sys.argv[1]), CRS.WGS84)  # what is loaded once is not counted
before = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (before + int(sys.argv[3]) * 1024 * 1024, -1))
rows, errors = read_boundaries(Path(sys.argv[2]), CRS.WGS84)
print(len(rows), len(errors))
"""


def _large(path: Path, features: int, corners: int) -> Path:
    with path.open("w") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for number in range(features):
            west, south = 117 + number % 100 * 0.01, 30 + number // 100 * 0.01
            side = [[west + 0.009 * i / corners, south] for i in range(corners)]
            ring = [*side, [west + 0.009, south + 0.009], [west, south + 0.009], side[0]]
            shape = {"type": "Polygon", "coordinates": [ring]}
            said = {"code": f"370102{number:09}"}
            file.write(
                ("," if number else "")
                + json.dumps({"type": "Feature", "properties": said, "geometry": shape})
            )
        file.write("]}")
    return path


@pytest.mark.slow
def test_a_large_file_is_streamed_within_a_bound_of_memory(tmp_path: Path) -> None:
    """Read at once as Python objects it would take twenty times its size; here it may take three times."""
    small, large = _large(tmp_path / "s.geojson", 5, 100), _large(tmp_path / "l.geojson", 1000, 1500)
    size = large.stat().st_size // 1_000_000
    assert size > 30
    story = [sys.executable, "-c", STORY, str(small), str(large), str(3 * size)]
    done = subprocess.run(story, capture_output=True, text=True, check=False, timeout=280)
    assert done.stdout.split() == ["1000", "0"], done.stderr[-500:]


def test_a_row_in_another_system_than_the_first_is_not_read_as_that(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text(
        "code,lon,lat,crs\nA,117,36,wgs84\nB,117,36,EPSG:4326\nC,117,36,gcj02\nD,117,36,\nE,117,36,mars\n"
    )
    with opened(path) as contents:
        faults = [feature.fault for feature in contents.features]
    assert [bool(fault) for fault in faults] == [False, False, True, False, True]
    assert "another coordinate system than the first" in faults[2]
    assert "“mars” is not a coordinate system" in faults[4]


def test_a_row_that_names_a_system_where_the_first_names_none_is_not_read_as_that(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("code,lon,lat,crs\nA,117,36,\nB,117,36,gcj02\nC,117,36,\n")
    with opened(path) as contents:
        assert contents.system is None
        assert [bool(feature.fault) for feature in contents.features] == [False, True, False]


def test_a_table_of_headings_only_has_no_rows_whatever_its_headings_say(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_text("code,lon,lat,crs\n\n")
    with pytest.raises(Refused, match="The file has no rows"), opened(path):
        pass
